/**
 * The weights as 16-bit integers, as the network multiplies them, each matrix with its own scale. Recomputed whenever
 * learning changes the f32 weights. Both arrays have the layout of the weights, at two bytes a weight; biases stay f32.
 */
import { fixedScale, pairRows, toFixed } from '../../kernels/fixed-point';
import { reserveShorts } from '../../memory';
import {
  biasOf,
  blocks,
  channels,
  convolutionMatrix,
  features,
  firstLearned,
  head,
  hiddenMatrix,
  inputMatrix,
  inputs,
  mixtureMatrix,
  ownInputs,
  parameters,
  pointwiseMatrix,
  weightCount,
} from './layout';

/** Maximum magnitude of a weight's integer; `backward.ts` relies on it. */
export const LARGEST_WEIGHT: i32 = 8191;
/** Bytes of a cache line. Loads are a third faster if matrices are aligned to it. */
const LINE: i32 = 64;

let rows: usize = 0; // i16[weightCount]: matrices, row by row
let pairs: usize = 0; // i16[weightCount]: pairs of rows; instead of a bias, f32: the value of 1 in the matrix

export function configureFixedWeights(): void {
  rows = reserveShorts(weightCount);
  pairs = (reserveShorts(weightCount + LINE / 2) + LINE - 1) & ~(LINE - 1);
}

/** Converts the weights, f32[weightCount]. */
export function fixWeights(weights: usize): void {
  fixMatrix(weights, inputMatrix(), inputs, features);
  for (let i = 0; i < firstLearned; i++) fixBlock(weights, i);
  fixLearnedWeights(weights);
}

/** Converts the weights that learn (`learnedMatrix`). */
export function fixLearnedWeights(weights: usize): void {
  for (let i = firstLearned; i < blocks; i++) fixBlock(weights, i);
  for (let c = 0; c < channels; c++) {
    fixMatrix(weights, hiddenMatrix(c), features + ownInputs(c), head);
    fixMatrix(weights, mixtureMatrix(c), head, parameters);
  }
}

function fixBlock(weights: usize, i: i32): void {
  fixMatrix(weights, convolutionMatrix(i), 5 * features, features);
  fixMatrix(weights, pointwiseMatrix(i), features, features);
}

function fixMatrix(weights: usize, matrix: usize, inputCount: i32, outputs: i32): void {
  const scale = fixedScale(weights + matrix, inputCount, outputs, LARGEST_WEIGHT);
  toFixed(weights + matrix, rowsAt(matrix), inputCount * outputs, scale);
  pairRows(rowsAt(matrix), inputCount, outputs, pairsAt(matrix));
  store<f32>(pairsAt(biasOf(matrix, inputCount, outputs)), 1 / scale);
}

/** Returns the address of a matrix or of one of its rows, i16[.][outputs]. */
export function rowsAt(matrix: usize): usize {
  return rows + (matrix >> 1);
}

/** Returns the address of a matrix or of two of its rows, i16[.][outputs][2]. */
export function pairsAt(matrix: usize): usize {
  return pairs + (matrix >> 1);
}

/** Returns the value of 1 in the matrix with this bias. */
export function unitOf(bias: usize): f32 {
  return load<f32>(pairsAt(bias));
}
