/**
 * Row LSTM (paper, section 3.1): the state of a pixel depends on the three above it. u is the layer's input, without a
 * relu; outside the tile u, h and cell are zero.
 *
 *     sums = bias + map + state(h at NW, N, NE) + input(u at W, u at the pixel itself under mask B)
 *     cell, h by the gates (`gates.ts`), with the previous cell above
 *
 * Outputs are grouped by channel, within a group by gate. A sum starts with the bias and adds the inputs in this order:
 * the small image's map if there is one, NW, N, NE, then W, then the pixel itself. The terms of the row above are
 * summed for a whole row at once, layer by layer, so that a layer's weights stay in the nearest cache.
 */
import { dense } from '../../kernels/dense';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { stepCells } from './gates';
import { MASK_B, groupMatrix, packLayer, packedFloats } from './grouped-layer';
import { GATES, blocks, bytes, channels, hidden, mapFeatures, narrow, wide } from './layout';
import { streamOf } from './streams';
import { mapPixel } from './upsampler';

let sums: usize = 0; // f32[blocks][width][4h]
let cells: usize = 0; // f32[blocks][width][h], those of the row above until overwritten
let states: usize = 0; // f32[blocks][2][1 + width + 1][h], two rows of h with zeros on each side
let rowFloats: i32 = 0; // floats of one such row at the maximum width
let width: i32 = 0;
let column: i32 = 0;
/** Rows of h, relative to a layer's two, in bytes. */
let here: usize = 0;
let above: usize = 0;

/** Returns the number of weights in the input and state tensors of a layer. */
export function rowLstmWeights(): i32 {
  return (4 * hidden + 1 + 3 * hidden) * GATES * hidden;
}

/** Returns the number of packed floats: those of the pixel itself. */
export function packedRowLstmFloats(): i32 {
  return packedFloats(channels, 0, wide, GATES * narrow, MASK_B);
}

export function configureRowLstm(): void {
  sums = reserveFloats(blocks * MAX_TILE_WIDTH * GATES * hidden);
  cells = reserveFloats(blocks * MAX_TILE_WIDTH * hidden);
  rowFloats = (MAX_TILE_WIDTH + 2) * hidden;
  states = reserveFloats(blocks * 2 * rowFloats);
}

/** Packs a layer's tensors. Returns the address after them. */
export function packRowLstm(from: usize, to: usize): usize {
  const after = packLayer(ownWeights(from), channels, 0, wide, GATES * narrow, MASK_B, to);
  return after + bytes(3 * hidden * GATES * hidden);
}

/** Begins a tile: the row above, and both sides of the rows, are zeros. */
export function startRowLstm(tileWidth: i32): void {
  width = tileWidth;
  memory.fill(states, 0, bytes(blocks * 2 * rowFloats));
  memory.fill(cells, 0, bytes(blocks * MAX_TILE_WIDTH * hidden));
}

/** Moves to pixel (x, y). */
export function movePixelRowLstm(x: i32, y: i32): void {
  column = x;
  const parity = y & 1;
  here = bytes(parity * rowFloats + hidden);
  above = bytes((1 - parity) * rowFloats + hidden);
}

/**
 * Computes layer i's sums of all pixels of row y: the terms of the rows above and of the small image's map.
 * @param tensors address of the layer's tensors
 * @param mapWeights f32[features][4h]
 */
export function startRowOfRowLstm(i: i32, y: i32, tensors: usize, mapWeights: usize): void {
  const bias = biasOf(tensors);
  const stateWeights = bias + bytes(GATES * hidden);
  let to = sums + bytes(i * MAX_TILE_WIDTH * GATES * hidden);
  let taps = states + bytes(i * 2 * rowFloats) + above - bytes(hidden);
  for (let x = 0; x < width; x++) {
    let from = bias;
    if (mapFeatures > 0) {
      dense(mapPixel(x, y), mapFeatures, mapWeights, GATES * hidden, bias, to);
      from = to;
    }
    dense(taps, 3 * hidden, stateWeights, GATES * hidden, from, to);
    to += bytes(GATES * hidden);
    taps += bytes(hidden);
  }
}

/** Adds the term of the pixel to the left, whose stream is still stored, to layer i's sums of the current pixel. */
export function startPixelRowLstm(i: i32, tensors: usize): void {
  const z = sumsHere(i);
  dense(streamOf(i), 2 * hidden, tensors, GATES * hidden, z, z);
}

/** Computes group c of layer i. Returns the address of its h features, of which those of groups up to c are valid. */
export function predictRowLstm(i: i32, c: i32, packed: usize): usize {
  const gates = GATES * narrow;
  const z = sumsHere(i) + bytes(c * gates);
  const own = groupMatrix(packed, c, 0, wide, gates, MASK_B);
  dense(streamOf(i), (c + 1) * wide, own, gates, z, z);
  const state = states + bytes(i * 2 * rowFloats) + here + bytes(column * hidden);
  const cell = cells + bytes((i * MAX_TILE_WIDTH + column) * hidden + c * narrow);
  stepCells(z, narrow, cell, cell, state + bytes(c * narrow));
  return state;
}

function sumsHere(i: i32): usize {
  return sums + bytes((i * MAX_TILE_WIDTH + column) * GATES * hidden);
}

/**
 * Returns the address of the pixel's own weights in `input`, which follow those of the pixel to the left; then comes
 * the bias.
 */
function ownWeights(tensors: usize): usize {
  return tensors + bytes(2 * hidden * GATES * hidden);
}

function biasOf(tensors: usize): usize {
  return tensors + bytes(4 * hidden * GATES * hidden);
}
