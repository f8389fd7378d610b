/**
 * Row LSTM (paper, section 3.1): the state of a pixel comes from the three above it. u is the layer's input, without a
 * relu; outside of the tile u, h and cell are zero.
 *
 *     sums = bias + map + state(h at NW, N, NE) + input(u at W, u at the pixel itself under mask B)
 *     cell, h by the gates (`gates.ts`), the cell before being that above
 *
 * Outputs are in groups by channel, in a group by gate. A sum begins with the bias and goes on with the inputs in this
 * order: the small image's map where there is one, NW, N, NE, then W, then the pixel itself. What depends on the row
 * above is summed for a whole row at once, layer by layer, so that a layer's weights stay in the nearest cache.
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
let cells: usize = 0; // f32[blocks][width][h], of the row above until they are replaced
let states: usize = 0; // f32[blocks][2][1 + width + 1][h], two rows of h with zeros at each side
let rowFloats: i32 = 0; // floats of one such row at the greatest width
let width: i32 = 0;
let column: i32 = 0;
/** Rows of h, relative to a layer's two, in bytes. */
let here: usize = 0;
let above: usize = 0;

/** Weights of a layer's tensors up to its states'. */
export function rowLstmWeights(): i32 {
  return (4 * hidden + 1 + 3 * hidden) * GATES * hidden;
}

/** Floats of what of them is packed: the pixel itself. */
export function packedRowLstmFloats(): i32 {
  return packedFloats(channels, 0, wide, GATES * narrow, MASK_B);
}

export function configureRowLstm(): void {
  sums = reserveFloats(blocks * MAX_TILE_WIDTH * GATES * hidden);
  cells = reserveFloats(blocks * MAX_TILE_WIDTH * hidden);
  rowFloats = (MAX_TILE_WIDTH + 2) * hidden;
  states = reserveFloats(blocks * 2 * rowFloats);
}

/** Packs a layer's tensors; returns the address behind them. */
export function packRowLstm(from: usize, to: usize): usize {
  const behind = packLayer(ownWeights(from), channels, 0, wide, GATES * narrow, MASK_B, to);
  return behind + bytes(3 * hidden * GATES * hidden);
}

/** Before the first row of a tile: nothing lies above, and left and right of the rows are zeros. */
export function startRowLstm(tileWidth: i32): void {
  width = tileWidth;
  memory.fill(states, 0, bytes(blocks * 2 * rowFloats));
  memory.fill(cells, 0, bytes(blocks * MAX_TILE_WIDTH * hidden));
}

/** Turns to pixel (x, y). */
export function movePixelRowLstm(x: i32, y: i32): void {
  column = x;
  const parity = y & 1;
  here = bytes(parity * rowFloats + hidden);
  above = bytes((1 - parity) * rowFloats + hidden);
}

/**
 * Layer i's sums of all pixels of row y as far as they depend on the rows above and on the small image's map.
 * @param tensors where the layer's tensors stand
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

/** Adds what the pixel at the left says, whose stream is still there, to layer i's sums of the pixel at hand. */
export function startPixelRowLstm(i: i32, tensors: usize): void {
  const z = sumsHere(i);
  dense(streamOf(i), 2 * hidden, tensors, GATES * hidden, z, z);
}

/** Group c of layer i; returns where its h features stand, those of the groups up to c being valid. */
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

/** Of `input` the weights of the pixel itself stand behind those of the pixel at the left, then comes the bias. */
function ownWeights(tensors: usize): usize {
  return tensors + bytes(2 * hidden * GATES * hidden);
}

function biasOf(tensors: usize): usize {
  return tensors + bytes(4 * hidden * GATES * hidden);
}
