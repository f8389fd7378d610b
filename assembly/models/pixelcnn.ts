/**
 * PixelCNN (van den Oord et al. 2016, section 3.5, table 1), one sub-pixel at a time.
 *
 * Features are split in one group per channel. What group g of a pixel needs is known as soon as the channels before g
 * are: so predicting channel c computes group c of every layer, and nothing is computed twice. Masked connections are
 * not multiplied by zero but left out: where inputs are ordered by group, what a group sees is a prefix of them.
 *
 * A layer keeps two rows of the features that later pixels reach, the row above and the current one, with a column of
 * zeros at each side.
 */
import { dense } from '../kernels/dense';
import { addTo, relu } from '../kernels/relu';
import { MAX_TILE_WIDTH, SPEC, WEIGHTS, reserveFloats } from '../memory';
import { WINDOW_TAPS, configureFrame, gatherContext, observeChannel, startFrame } from './frame';
import { MASK_A, MASK_B, applyGroup, groupMatrix, packLayer, packedFloats } from './grouped-layer';

let channels: i32 = 0; // C, also the number of groups
let hidden: i32 = 0; // h
let blocks: i32 = 0;
let head: i32 = 0;
/** Outputs of one group where h, 2h or `head` features run. */
let narrow: i32 = 0;
let wide: i32 = 0;
let headWide: i32 = 0;
/** First-layer inputs that all groups see. */
let context: i32 = 0;

/**
 * Packed parameters. A block has, `blockFloats` in all: its reduce layer; of its convolution the bias f32[h] and the
 * matrix f32[4h][h] of the taps at other pixels, which all groups see; the matrix of the pixel's own tap by groups; its
 * expand layer.
 */
let inputLayer: usize = 0;
let blockLayers: usize = 0;
let blockFloats: i32 = 0;
let reduceFloats: i32 = 0;
let neighbourFloats: i32 = 0;
let ownFloats: i32 = 0;
let headLayer: usize = 0;
let softmaxLayer: usize = 0;

let inputs: usize = 0; // f32[context + C - 1]
let features: usize = 0; // f32[2h], the stream between the blocks
let activated: usize = 0; // f32[blocks + 1][2h], relu of that stream before each block and before the head
let convolved: usize = 0; // f32[blocks][h], each block's convolution: of later groups the neighbours' part, else relu
let headActive: usize = 0; // f32[head], relu
let scratch: usize = 0; // f32[2h]
let rows: usize = 0; // f32[blocks][2][1 + width + 1][h], relu of each block's reduce layer, two rows
let rowFloats: i32 = 0; // floats of one such row at the greatest width
/** The pixel at hand in the current row and in the row above, relative to a block's two rows, in bytes. */
let here: usize = 0;
let above: usize = 0;

/** Reads the spec [C, h, blocks, head, frame (1 = local)] and reserves memory; returns the number of weights. */
export function configure(): i32 {
  channels = load<i32>(SPEC);
  hidden = load<i32>(SPEC, 4);
  blocks = load<i32>(SPEC, 8);
  head = load<i32>(SPEC, 12);
  configureFrame(load<i32>(SPEC, 16) == 1, channels);
  narrow = hidden / channels;
  wide = 2 * narrow;
  headWide = head / channels;
  context = (WINDOW_TAPS + 1) * channels;

  const weights =
    (context + channels) * 2 * hidden +
    blocks * ((2 * hidden + 1) * hidden + (5 * hidden + 1) * hidden + (hidden + 1) * 2 * hidden) +
    (2 * hidden + 1) * head +
    (head + 1) * 256 * channels;
  reserveFloats(weights); // at WEIGHTS, for the host

  reduceFloats = packedFloats(channels, 0, wide, narrow, MASK_B);
  neighbourFloats = (1 + 4 * hidden) * hidden;
  ownFloats = packedFloats(channels, 0, narrow, narrow, MASK_B);
  blockFloats = reduceFloats + neighbourFloats + ownFloats + packedFloats(channels, 0, narrow, wide, MASK_B);
  inputLayer = reserveFloats(packedFloats(channels, context, 1, wide, MASK_A));
  blockLayers = reserveFloats(blocks * blockFloats);
  headLayer = reserveFloats(packedFloats(channels, 0, wide, headWide, MASK_B));
  softmaxLayer = reserveFloats(packedFloats(channels, 0, headWide, 256, MASK_B));

  inputs = reserveFloats(context + channels - 1);
  features = reserveFloats(2 * hidden);
  activated = reserveFloats((blocks + 1) * 2 * hidden);
  convolved = reserveFloats(blocks * hidden);
  headActive = reserveFloats(head);
  scratch = reserveFloats(2 * hidden);
  rowFloats = (MAX_TILE_WIDTH + 2) * hidden;
  rows = reserveFloats(blocks * 2 * rowFloats);
  return weights;
}

/** Packs the weights that the host has written, tensors in the order of `src/model/pixelcnn.ts`. */
export function prepare(): void {
  let from = packLayer(WEIGHTS, channels, context, 1, wide, MASK_A, inputLayer);
  let to = blockLayers;
  for (let i = 0; i < blocks; i++) {
    from = packLayer(from, channels, 0, wide, narrow, MASK_B, to);
    to += bytes(reduceFloats);
    const neighbours = bytes(4 * hidden * hidden);
    memory.copy(to, from + bytes(5 * hidden * hidden), bytes(hidden)); // the bias stands behind the whole matrix
    memory.copy(to + bytes(hidden), from, neighbours);
    to += bytes(neighbourFloats);
    from = packLayer(from + neighbours, channels, 0, narrow, narrow, MASK_B, to);
    to += bytes(ownFloats);
    from = packLayer(from, channels, 0, narrow, wide, MASK_B, to);
    to += bytes(blockFloats - reduceFloats - neighbourFloats - ownFloats);
  }
  from = packLayer(from, channels, 0, wide, headWide, MASK_B, headLayer);
  packLayer(from, channels, 0, headWide, 256, MASK_B, softmaxLayer);
}

/** Before the first row of a tile: nothing lies above, and left and right of the rows are zeros. */
export function startTile(width: i32): void {
  startFrame(width);
  memory.fill(rows, 0, bytes(blocks * 2 * rowFloats));
}

/** Before the channels of pixel (x, y): what depends on earlier pixels alone. */
export function startPixel(x: i32, y: i32): void {
  const parity = y & 1;
  const column = (x + 1) * hidden;
  here = bytes(parity * rowFloats + column);
  above = bytes((1 - parity) * rowFloats + column);
  gatherContext(x, y, inputs);
  let layer = blockLayers + bytes(reduceFloats);
  let sums = convolved;
  let row = rows;
  for (let i = 0; i < blocks; i++) {
    addNeighbours(layer, row, sums);
    layer += bytes(blockFloats);
    sums += bytes(hidden);
    row += bytes(2 * rowFloats);
  }
}

/**
 * A block's 3x3 convolution with mask B as far as it reaches other pixels, for all groups. The taps NW, N, NE stand
 * side by side in the row above, W in the current one, so the sum runs over two stretches of memory, in that order.
 */
function addNeighbours(bias: usize, row: usize, sums: usize): void {
  const aboveWeights = bias + bytes(hidden);
  const leftWeights = aboveWeights + bytes(3 * hidden * hidden);
  dense(row + above - bytes(hidden), 3 * hidden, aboveWeights, hidden, bias, sums);
  dense(row + here - bytes(hidden), hidden, leftWeights, hidden, sums, sums);
}

/** The logits of channel c of the pixel at hand, f32[256] to `logits`, once the channels before it are observed. */
export function predict(c: i32, logits: usize): void {
  const n = bytes(narrow * c); // where group c begins among h features
  const w = n + n; // and among 2h
  applyGroup(inputLayer, c, context, 1, wide, MASK_A, inputs, features + w);
  let layer = blockLayers;
  let active = activated;
  let inner = convolved;
  let row = rows;
  for (let i = 0; i < blocks; i++) {
    relu(features + w, active + w, wide);
    const reduced = row + here + n;
    applyGroup(layer, c, 0, wide, narrow, MASK_B, active, reduced);
    relu(reduced, reduced, narrow);
    layer += bytes(reduceFloats + neighbourFloats);
    const own = groupMatrix(layer, c, 0, narrow, narrow, MASK_B);
    dense(row + here, (c + 1) * narrow, own, narrow, inner + n, inner + n);
    relu(inner + n, inner + n, narrow);
    layer += bytes(ownFloats);
    applyGroup(layer, c, 0, narrow, wide, MASK_B, inner, scratch);
    addTo(features + w, scratch, wide);
    layer += bytes(blockFloats - reduceFloats - neighbourFloats - ownFloats);
    active += bytes(2 * hidden);
    inner += bytes(hidden);
    row += bytes(2 * rowFloats);
  }
  relu(features + w, active + w, wide);
  const top = headActive + bytes(headWide * c);
  applyGroup(headLayer, c, 0, wide, headWide, MASK_B, active, top);
  relu(top, top, headWide);
  applyGroup(softmaxLayer, c, 0, headWide, 256, MASK_B, headActive, logits);
}

/** Tells the value of channel c: an input of the channels after it. */
export function observe(c: i32, value: i32): void {
  const input = observeChannel(c, value);
  if (c < channels - 1) store<f32>(inputs + bytes(context + c), input);
}

function bytes(floats: i32): usize {
  return <usize>floats << 2;
}
