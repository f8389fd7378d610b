/**
 * Diagonal BiLSTM (paper, section 3.2). On the skewed map the state of a pixel depends on two pixels of the previous
 * column: for the direction from the left those above and to the left, for the one from the right those above and to
 * the right. Outside the tile h and cell are zero.
 *
 *     left:   sums = bias + map + state(h above, h to the left) + input(u under mask B), previous cell: to the left
 *     right:  sums = bias + map + input(u under mask B) + state(h above, h to the right), previous cell: to the right
 *     inner(x, y) = h_left(x, y) + h_right(x, y - 1)
 *
 * The right direction sees pixels to the right of the current one, so its h is shifted down by a row: h of a row is
 * computed when the row is complete, from its last pixel to its first, and is used in the next row.
 *
 * Outputs are grouped by channel, within a group by gate. A sum starts with the bias and adds the inputs in the order
 * above. In the left direction, the terms of the row above are summed for a whole row at once.
 */
import { dense } from '../../kernels/dense';
import { addTo } from '../../kernels/relu';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { stepCells } from './gates';
import { MASK_B, groupMatrix, packLayer, packedFloats } from './grouped-layer';
import { GATES, blocks, bytes, channels, hidden, mapFeatures, narrow, wide } from './layout';
import { streamOf, streamRow } from './streams';
import { mapPixel } from './upsampler';

let sums: usize = 0; // f32[blocks][width][4h], of the left direction
let leftStates: usize = 0; // f32[blocks][1 + width][h], zeros before the row; those of the row above until overwritten
let rightStates: usize = 0; // f32[blocks][width + 1][h], zeros after the row; those of the last complete row
let leftCells: usize = 0; // f32[blocks][h], of the pixel to the left
let inner: usize = 0; // f32[blocks][h]
let rightSums: usize = 0; // f32[4h]
let rightCells: usize = 0; // f32[h]
let width: i32 = 0;
let column: i32 = 0;

/** Floats of a layer's row of states at the maximum width. */
let rowFloats: i32 = 0;

/** Returns the number of weights in one direction's tensors: input, its bias, state. */
function directionWeights(): i32 {
  return (2 * hidden + 1 + 2 * hidden) * GATES * hidden;
}

/** Returns the number of weights in the input and state tensors of a layer. */
export function diagonalWeights(): i32 {
  return 2 * directionWeights();
}

/** Returns the number of packed floats of one direction; the next function, of both. */
function packedDirectionFloats(): i32 {
  return packedFloats(channels, 0, wide, GATES * narrow, MASK_B);
}

export function packedDiagonalFloats(): i32 {
  return 2 * packedDirectionFloats();
}

export function configureDiagonal(): void {
  rowFloats = (MAX_TILE_WIDTH + 1) * hidden;
  sums = reserveFloats(blocks * MAX_TILE_WIDTH * GATES * hidden);
  leftStates = reserveFloats(blocks * rowFloats);
  rightStates = reserveFloats(blocks * rowFloats);
  leftCells = reserveFloats(blocks * hidden);
  inner = reserveFloats(blocks * hidden);
  rightSums = reserveFloats(GATES * hidden);
  rightCells = reserveFloats(hidden);
}

/** Packs a layer's tensors. Returns the address after them. */
export function packDiagonal(from: usize, to: usize): usize {
  const right = rightOf(from);
  packLayer(from, channels, 0, wide, GATES * narrow, MASK_B, to);
  packLayer(right, channels, 0, wide, GATES * narrow, MASK_B, to + bytes(packedDirectionFloats()));
  return rightOf(right);
}

/** Begins a tile, with zeros above it. */
export function startDiagonal(tileWidth: i32): void {
  width = tileWidth;
  memory.fill(leftStates, 0, bytes(blocks * rowFloats));
  memory.fill(rightStates, 0, bytes(blocks * rowFloats));
}

/** Moves to pixel x of the current row. */
export function movePixelDiagonal(x: i32): void {
  column = x;
  if (x === 0) memory.fill(leftCells, 0, bytes(blocks * hidden));
}

/**
 * Computes the right direction of layer i over row y, which is complete.
 * @param tensors address of the layer's tensors
 * @param mapWeights f32[2][features][4h], left and right
 */
export function finishRowOfDiagonal(i: i32, y: i32, tensors: usize, mapWeights: usize, packed: usize): void {
  const all = GATES * hidden;
  const gates = GATES * narrow;
  const right = rightOf(tensors);
  const bias = biasOf(right);
  const upWeights = bias + bytes(all);
  const sideWeights = upWeights + bytes(hidden * all);
  const own = packed + bytes(packedDirectionFloats());
  memory.fill(rightCells, 0, bytes(hidden));
  for (let x = width - 1; x >= 0; x--) {
    const stream = streamRow(i) + bytes(x * 2 * hidden);
    const state = rightStates + bytes(i * rowFloats + x * hidden); // that of the row above until the end of the step
    memory.copy(rightSums, bias, bytes(all));
    if (mapFeatures > 0) addMap(x, y, mapWeights, 1, rightSums, rightSums);
    for (let g = 0; g < channels; g++) {
      const z = rightSums + bytes(g * gates);
      dense(stream, (g + 1) * wide, groupMatrix(own, g, 0, wide, gates, MASK_B), gates, z, z);
    }
    dense(state, hidden, upWeights, all, rightSums, rightSums);
    dense(state + bytes(hidden), hidden, sideWeights, all, rightSums, rightSums);
    for (let g = 0; g < channels; g++) {
      const cell = rightCells + bytes(g * narrow);
      stepCells(rightSums + bytes(g * gates), narrow, cell, cell, state + bytes(g * narrow));
    }
  }
}

/** Computes layer i's sums of all pixels of row y in the left direction: the terms of the row above and of the map. */
export function startRowOfDiagonal(i: i32, y: i32, tensors: usize, mapWeights: usize): void {
  const all = GATES * hidden;
  const bias = biasOf(tensors);
  const upWeights = bias + bytes(all);
  let to = sums + bytes(i * MAX_TILE_WIDTH * all);
  let state = leftStates + bytes(i * rowFloats + hidden);
  for (let x = 0; x < width; x++) {
    let from = bias;
    if (mapFeatures > 0) {
      addMap(x, y, mapWeights, 0, bias, to);
      from = to;
    }
    dense(state, hidden, upWeights, all, from, to);
    to += bytes(all);
    state += bytes(hidden);
  }
}

/** Adds the term of the state to the left to layer i's sums of the current pixel. */
export function startPixelDiagonal(i: i32, tensors: usize): void {
  const all = GATES * hidden;
  const sideWeights = biasOf(tensors) + bytes(all + hidden * all);
  const z = sumsHere(i);
  dense(leftStates + bytes(i * rowFloats + column * hidden), hidden, sideWeights, all, z, z);
}

/**
 * Computes group c of layer i. Returns the address of its h inner features, of which those of groups up to c are valid.
 */
export function predictDiagonal(i: i32, c: i32, packed: usize): usize {
  const gates = GATES * narrow;
  const group = bytes(c * narrow);
  const z = sumsHere(i) + bytes(c * gates);
  dense(streamOf(i), (c + 1) * wide, groupMatrix(packed, c, 0, wide, gates, MASK_B), gates, z, z);
  const state = leftStates + bytes(i * rowFloats + (1 + column) * hidden) + group;
  const cell = leftCells + bytes(i * hidden) + group;
  stepCells(z, narrow, cell, cell, state);
  const features = inner + bytes(i * hidden);
  memory.copy(features + group, state, bytes(narrow));
  addTo(features + group, rightStates + bytes(i * rowFloats + column * hidden) + group, narrow);
  return features;
}

/** Adds the term of the small image's map at pixel (x, y) to a direction, 0 or 1; each has its own matrix. */
function addMap(x: i32, y: i32, mapWeights: usize, direction: i32, from: usize, to: usize): void {
  const all = GATES * hidden;
  const matrix = mapWeights + bytes(direction * mapFeatures * all);
  dense(mapPixel(x, y), mapFeatures, matrix, all, from, to);
}

function sumsHere(i: i32): usize {
  return sums + bytes((i * MAX_TILE_WIDTH + column) * GATES * hidden);
}

function biasOf(direction: usize): usize {
  return direction + bytes(2 * hidden * GATES * hidden);
}

/** Returns the address of the right direction's tensors, which follow the left one's. */
function rightOf(direction: usize): usize {
  return direction + bytes(directionWeights());
}
