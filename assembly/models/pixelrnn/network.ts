/**
 * The networks of van den Oord et al. (2016, section 3, table 1), one sub-pixel at a time: PixelCNN, Row LSTM, Diagonal
 * BiLSTM, and with a small image Multi-Scale's conditional ones. They differ in the layers between the first and the
 * head, which have a module for each kind.
 *
 * Features are split into one group per channel. Group g of a pixel depends only on the channels before g, so
 * predicting channel c computes group c of every layer, and nothing is computed twice. Masked connections are omitted,
 * not multiplied by zero: where inputs are ordered by group, a group sees a prefix of them.
 *
 *     u = input layer
 *     for each layer i:
 *       inner = layer i(u), h features
 *       branch = expand_i(inner);  u = u + branch, or without residual connections u = branch
 *       with skip connections: s = s + skip_i(inner), from 0 on
 *     output layer(relu(head layer(relu(u + s))))
 */
import { addTo, relu } from '../../kernels/relu';
import { WEIGHTS, reserveFloats } from '../../memory';
import {
  configureDiagonal,
  diagonalWeights,
  finishRowOfDiagonal,
  movePixelDiagonal,
  packDiagonal,
  packedDiagonalFloats,
  predictDiagonal,
  startDiagonal,
  startPixelDiagonal,
  startRowOfDiagonal,
} from './diagonal-bilstm';
import { WINDOW_TAPS, configureFrame, gatherContext, observeChannel, startFrame } from './frame';
import { MASK_A, MASK_B, applyGroup, packLayer, packedFloats } from './grouped-layer';
import {
  DIAGONAL_BILSTM,
  GATES,
  PIXELCNN,
  ROW_LSTM,
  blocks,
  bytes,
  channels,
  hasSkips,
  head,
  hidden,
  isLocal,
  isResidual,
  kind,
  mapFeatures,
  narrow,
  output,
  readSpec,
  wide,
} from './layout';
import { BERNOULLI, configureOutput, outputWeights, packOutput, setOutput } from './output';
import {
  blockWeights,
  conditionBlock,
  configureBlocks,
  movePixelBlocks,
  packBlock,
  packedBlockFloats,
  predictBlock,
  startBlocks,
  startPixelBlock,
} from './residual-block';
import {
  configureRowLstm,
  movePixelRowLstm,
  packRowLstm,
  packedRowLstmFloats,
  predictRowLstm,
  rowLstmWeights,
  startPixelRowLstm,
  startRowLstm,
  startRowOfRowLstm,
} from './row-lstm';
import { startSmall } from './small';
import { configureStreams, movePixelStreams, streamOf } from './streams';
import { configureUpsampler, mapPixel, prepareUpsampler, startRowOfUpsampler, upsamplerWeights } from './upsampler';

/** Number of first-layer inputs that all groups see. */
let context: i32 = 0;
/** Number of outputs of a group of the head. */
let headWide: i32 = 0;

/**
 * Packed parameters. A layer has `layerFloats` in all: those of its kind; its expand layer; its skip layer; the weights
 * of the small image's map, for the Diagonal BiLSTM separately for each direction.
 */
let inputLayer: usize = 0;
let layers: usize = 0;
let layerFloats: i32 = 0;
let kindFloats: i32 = 0;
let expandFloats: i32 = 0;
let headLayer: usize = 0;
/** Address of the tensors of the first layer, and number of weights per layer. */
let tensors: usize = 0;
let layerWeights: i32 = 0;

let inputs: usize = 0; // f32[context + C - 1]
let skipped: usize = 0; // f32[2h], the sum of the skip connections
let scratch: usize = 0; // f32[2h]
let activated: usize = 0; // f32[2h], relu of the stream before the head
let headActive: usize = 0; // f32[head], relu

/** Reads the spec and reserves memory. Returns the number of weights. */
export function configure(): i32 {
  readSpec();
  configureFrame(isLocal, channels, mapFeatures > 0, output === BERNOULLI);
  context = (WINDOW_TAPS + 1) * channels;
  headWide = head / channels;

  const expandWeights = (hidden + 1) * 2 * hidden;
  layerWeights = kindWeights() + expandWeights * (hasSkips ? 2 : 1) + mapFeatures * conditionedWidth();
  const weights =
    (context + channels) * 2 * hidden +
    (mapFeatures > 0 ? upsamplerWeights() : 0) +
    blocks * layerWeights +
    (2 * hidden + 1) * head +
    outputWeights();
  reserveFloats(weights); // at WEIGHTS, for the host

  if (kind === PIXELCNN) configureBlocks();
  else if (kind === ROW_LSTM) configureRowLstm();
  else configureDiagonal();
  configureStreams();
  if (mapFeatures > 0) configureUpsampler();
  kindFloats = packedKindFloats();
  expandFloats = packedFloats(channels, 0, narrow, wide, MASK_B);
  layerFloats = kindFloats + expandFloats * (hasSkips ? 2 : 1) + mapFeatures * conditionedWidth();
  inputLayer = reserveFloats(packedFloats(channels, context, 1, wide, MASK_A));
  layers = reserveFloats(blocks * layerFloats);
  headLayer = reserveFloats(packedFloats(channels, 0, wide, headWide, MASK_B));
  configureOutput();

  inputs = reserveFloats(context + channels - 1);
  skipped = reserveFloats(2 * hidden);
  scratch = reserveFloats(2 * hidden);
  activated = reserveFloats(2 * hidden);
  headActive = reserveFloats(head);
  return weights;
}

function kindWeights(): i32 {
  if (kind === PIXELCNN) return blockWeights();
  return kind === ROW_LSTM ? rowLstmWeights() : diagonalWeights();
}

function packedKindFloats(): i32 {
  if (kind === PIXELCNN) return packedBlockFloats();
  return kind === ROW_LSTM ? packedRowLstmFloats() : packedDiagonalFloats();
}

/** Returns the number of values of a layer to which the small image's map is added. */
function conditionedWidth(): i32 {
  if (kind === PIXELCNN) return hidden;
  return (kind === ROW_LSTM ? 1 : 2) * GATES * hidden;
}

/** Packs the weights that the host has written, tensors in the order of `src/model/pixelrnn/tensors.ts`. */
export function prepare(): void {
  let from = packLayer(WEIGHTS, channels, context, 1, wide, MASK_A, inputLayer);
  if (mapFeatures > 0) from = prepareUpsampler(from);
  tensors = from;
  for (let i = 0; i < blocks; i++) {
    let to = layerOf(i);
    from = packKind(from, to);
    to += bytes(kindFloats);
    for (let more = hasSkips ? 2 : 1; more > 0; more--) {
      from = packLayer(from, channels, 0, narrow, wide, MASK_B, to);
      to += bytes(expandFloats);
    }
    if (mapFeatures > 0) from = packMapWeights(from, to);
  }
  from = packLayer(from, channels, 0, wide, headWide, MASK_B, headLayer);
  packOutput(from);
}

function packKind(from: usize, to: usize): usize {
  if (kind === PIXELCNN) return packBlock(from, to);
  return kind === ROW_LSTM ? packRowLstm(from, to) : packDiagonal(from, to);
}

function packMapWeights(from: usize, to: usize): usize {
  const parts = kind === DIAGONAL_BILSTM ? 2 : 1;
  const part = bytes(conditionedWidth() / parts);
  for (let k = 0; k < mapFeatures; k++) {
    for (let direction = 0; direction < parts; direction++) {
      memory.copy(to + <usize>(direction * mapFeatures + k) * part, from, part);
      from += part;
    }
  }
  return from;
}

/** Begins a tile. */
export function startTile(width: i32): void {
  startFrame(width);
  if (mapFeatures > 0) startSmall(width);
  if (kind === PIXELCNN) startBlocks();
  else if (kind === ROW_LSTM) startRowLstm(width);
  else startDiagonal(width);
}

/** Begins pixel (x, y): computes what depends only on earlier pixels. */
export function startPixel(x: i32, y: i32): void {
  movePixelStreams(x);
  if (kind === PIXELCNN) movePixelBlocks(x, y);
  else if (kind === ROW_LSTM) movePixelRowLstm(x, y);
  else movePixelDiagonal(x);
  if (x === 0) startRow(y);
  gatherContext(x, y, inputs);
  for (let i = 0; i < blocks; i++) {
    if (kind === PIXELCNN) {
      startPixelBlock(i, layerOf(i));
      if (mapFeatures > 0) conditionBlock(i, mapPixel(x, y), mapWeightsOf(i), layerOf(i));
    } else if (kind === ROW_LSTM) startPixelRowLstm(i, tensorsOf(i));
    else startPixelDiagonal(i, tensorsOf(i));
  }
}

/** Begins row y: computes what depends only on earlier rows. */
function startRow(y: i32): void {
  if (kind === DIAGONAL_BILSTM && y > 0) {
    for (let i = 0; i < blocks; i++) finishRowOfDiagonal(i, y - 1, tensorsOf(i), mapWeightsOf(i), layerOf(i));
  }
  if (mapFeatures > 0) startRowOfUpsampler(y); // the map of the previous row is no longer needed
  if (kind === PIXELCNN) return;
  for (let i = 0; i < blocks; i++) {
    if (kind === ROW_LSTM) startRowOfRowLstm(i, y, tensorsOf(i), mapWeightsOf(i));
    else startRowOfDiagonal(i, y, tensorsOf(i), mapWeightsOf(i));
  }
}

/** Sets the distribution of channel c of the current pixel, after the channels before it have been observed. */
export function predict(c: i32): void {
  const w = bytes(wide * c); // where group c begins among 2h features
  applyGroup(inputLayer, c, context, 1, wide, MASK_A, inputs, streamOf(0) + w);
  for (let i = 0; i < blocks; i++) {
    const layer = layerOf(i);
    closeLayer(i, c, predictKind(i, c, layer), layer + bytes(kindFloats));
  }
  const last = streamOf(blocks) + w;
  if (hasSkips) {
    addTo(skipped + w, last, wide);
    relu(skipped + w, activated + w, wide);
  } else relu(last, activated + w, wide);
  const top = headActive + bytes(headWide * c);
  applyGroup(headLayer, c, 0, wide, headWide, MASK_B, activated, top);
  relu(top, top, headWide);
  setOutput(c, headActive);
}

function predictKind(i: i32, c: i32, layer: usize): usize {
  if (kind === PIXELCNN) return predictBlock(i, c, layer);
  return kind === ROW_LSTM ? predictRowLstm(i, c, layer) : predictDiagonal(i, c, layer);
}

/** Computes the next stream and the skip connections from a layer's inner features. */
function closeLayer(i: i32, c: i32, inner: usize, expand: usize): void {
  const w = bytes(wide * c);
  const next = streamOf(i + 1) + w;
  applyGroup(expand, c, 0, narrow, wide, MASK_B, inner, next);
  if (isResidual) addTo(next, streamOf(i) + w, wide);
  if (!hasSkips) return;
  applyGroup(expand + bytes(expandFloats), c, 0, narrow, wide, MASK_B, inner, scratch);
  if (i > 0) addTo(skipped + w, scratch, wide);
  else memory.copy(skipped + w, scratch, bytes(wide));
}

/** Observes the value of channel c, an input for the channels after it. */
export function observe(c: i32, value: i32): void {
  const input = observeChannel(c, value);
  if (c < channels - 1) store<f32>(inputs + bytes(context + c), input);
}

function layerOf(i: i32): usize {
  return layers + bytes(i * layerFloats);
}

function mapWeightsOf(i: i32): usize {
  return layerOf(i) + bytes(kindFloats + expandFloats * (hasSkips ? 2 : 1));
}

function tensorsOf(i: i32): usize {
  return tensors + bytes(i * layerWeights);
}
