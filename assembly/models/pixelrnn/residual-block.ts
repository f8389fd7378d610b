/**
 * PixelCNN's residual block (paper, figure 5 and section 3.5): 1x1 to h features, a 3x3 convolution with mask B, and
 * the 1x1 back to 2h, which `network.ts` shares between all kinds.
 *
 *     r = relu(reduce(relu(u)))
 *     inner = relu(conv(r at NW, N, NE, W and at the pixel itself))
 *
 * A sum starts with the bias and adds the inputs in this order. The map of a small image is added between the bias of
 * `reduce` and its inputs.
 *
 * A block keeps two rows of r, the row above and the current one, with a column of zeros on each side.
 */
import { dense } from '../../kernels/dense';
import { relu } from '../../kernels/relu';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { MASK_B, applyGroup, continueGroup, groupMatrix, packLayer, packedFloats } from './grouped-layer';
import { blocks, bytes, channels, hidden, mapFeatures, narrow, wide } from './layout';
import { streamOf } from './streams';

/**
 * A block's packed parameters: its reduce layer; for its convolution, the bias f32[h] and the matrix f32[4h][h] of the
 * taps at other pixels, which all groups see; then the matrix of the pixel's own tap by groups.
 */
let reduceFloats: i32 = 0;
let neighbourFloats: i32 = 0;

let activated: usize = 0; // f32[blocks][2h], relu of the stream before each block
let convolved: usize = 0; // f32[blocks][h], each block's convolution: the neighbours' part for later groups, else relu
let starts: usize = 0; // f32[blocks][h], with a small image, the initial sums of `reduce`
let rows: usize = 0; // f32[blocks][2][1 + width + 1][h], r of each block, two rows
let rowFloats: i32 = 0; // floats of one such row at the maximum width
/** The current pixel in the current row and in the row above, relative to a block's two rows, in bytes. */
let here: usize = 0;
let above: usize = 0;

/** Returns the number of weights of a block's reduce layer and convolution. */
export function blockWeights(): i32 {
  return (2 * hidden + 1) * hidden + (5 * hidden + 1) * hidden;
}

/** Returns the number of floats of the same when packed. */
export function packedBlockFloats(): i32 {
  return reduceFloats + neighbourFloats + packedFloats(channels, 0, narrow, narrow, MASK_B);
}

export function configureBlocks(): void {
  reduceFloats = packedFloats(channels, 0, wide, narrow, MASK_B);
  neighbourFloats = (1 + 4 * hidden) * hidden;
  activated = reserveFloats(blocks * 2 * hidden);
  convolved = reserveFloats(blocks * hidden);
  if (mapFeatures > 0) starts = reserveFloats(blocks * hidden);
  rowFloats = (MAX_TILE_WIDTH + 2) * hidden;
  rows = reserveFloats(blocks * 2 * rowFloats);
}

/** Packs a block's tensors. Returns the address after them. */
export function packBlock(from: usize, to: usize): usize {
  const conv = packLayer(from, channels, 0, wide, narrow, MASK_B, to);
  to += bytes(reduceFloats);
  const neighbours = bytes(4 * hidden * hidden);
  memory.copy(to, conv + bytes(5 * hidden * hidden), bytes(hidden)); // the bias follows the whole matrix
  memory.copy(to + bytes(hidden), conv, neighbours);
  to += bytes(neighbourFloats);
  return packLayer(conv + neighbours, channels, 0, narrow, narrow, MASK_B, to);
}

/** Begins a tile: the row above, and both sides of the rows, are zeros. */
export function startBlocks(): void {
  memory.fill(rows, 0, bytes(blocks * 2 * rowFloats));
}

/** Moves to pixel (x, y). */
export function movePixelBlocks(x: i32, y: i32): void {
  const parity = y & 1;
  const column = (x + 1) * hidden;
  here = bytes(parity * rowFloats + column);
  above = bytes((1 - parity) * rowFloats + column);
}

/**
 * Computes what depends only on earlier pixels, in block i: the convolution's taps at other pixels, for all groups.
 * Taps NW, N, NE are contiguous in the row above and W is in the current one, so the sum covers two ranges of memory,
 * in that order.
 */
export function startPixelBlock(i: i32, block: usize): void {
  const bias = block + bytes(reduceFloats);
  const sums = convolved + bytes(i * hidden);
  const row = rowsOf(i);
  const aboveWeights = bias + bytes(hidden);
  const leftWeights = aboveWeights + bytes(3 * hidden * hidden);
  dense(row + above - bytes(hidden), 3 * hidden, aboveWeights, hidden, bias, sums);
  dense(row + here - bytes(hidden), hidden, leftWeights, hidden, sums, sums);
}

/** Adds the small image's map at the pixel to the bias of block i's first layer: weights f32[features][h]. */
export function conditionBlock(i: i32, map: usize, weights: usize, block: usize): void {
  const to = starts + bytes(i * hidden);
  const outputs = bytes(narrow);
  for (let g = 0; g < channels; g++) {
    const bias = groupMatrix(block, g, 0, wide, narrow, MASK_B) - outputs;
    memory.copy(to + <usize>g * outputs, bias, outputs);
  }
  dense(map, mapFeatures, weights, hidden, to, to);
}

/**
 * Computes group c of block i. Returns the address of its h inner features, of which those of groups up to c are valid.
 */
export function predictBlock(i: i32, c: i32, block: usize): usize {
  const n = bytes(narrow * c);
  const w = n + n;
  const active = activated + bytes(i * 2 * hidden);
  const inner = convolved + bytes(i * hidden);
  const row = rowsOf(i);
  relu(streamOf(i) + w, active + w, wide);
  const reduced = row + here + n;
  if (mapFeatures > 0) {
    continueGroup(block, c, 0, wide, narrow, MASK_B, active, starts + bytes(i * hidden) + n, reduced);
  } else applyGroup(block, c, 0, wide, narrow, MASK_B, active, reduced);
  relu(reduced, reduced, narrow);
  const own = groupMatrix(block + bytes(reduceFloats + neighbourFloats), c, 0, narrow, narrow, MASK_B);
  dense(row + here, (c + 1) * narrow, own, narrow, inner + n, inner + n);
  relu(inner + n, inner + n, narrow);
  return inner;
}

function rowsOf(i: i32): usize {
  return rows + bytes(i * 2 * rowFloats);
}
