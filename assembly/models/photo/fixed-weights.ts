/**
 * The weights as the network multiplies by them: 16-bit integers, each matrix with a scale of its own, made anew
 * whenever learning has moved the f32 weights. Both arrays have the layout of the weights, at two bytes a weight;
 * biases stay f32.
 */
import { fixedScale, pairRows, toFixed } from '../../kernels/fixed-point';
import { reserveShorts } from '../../memory';
import {
  biasOf,
  blocks,
  channels,
  convolutionMatrix,
  features,
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

/** No weight's integer is larger in size; `backward.ts` counts on it. */
export const LARGEST_WEIGHT: i32 = 8191;
/** Bytes of a cache line: loads from matrices that begin with one are a third faster. */
const LINE: i32 = 64;

let rows: usize = 0; // i16[weightCount]: matrices as they are
let pairs: usize = 0; // i16[weightCount]: pairs of rows; where the bias would be, f32: what 1 of the matrix stands for

export function configureFixedWeights(): void {
  rows = reserveShorts(weightCount);
  pairs = (reserveShorts(weightCount + LINE / 2) + LINE - 1) & ~(LINE - 1);
}

/** Takes in the weights, f32[weightCount]. */
export function fixWeights(weights: usize): void {
  fixMatrix(weights, inputMatrix(), inputs, features);
  for (let i = 0; i < blocks; i++) {
    fixMatrix(weights, convolutionMatrix(i), 5 * features, features);
    fixMatrix(weights, pointwiseMatrix(i), features, features);
  }
  for (let c = 0; c < channels; c++) {
    fixMatrix(weights, hiddenMatrix(c), features + ownInputs(c), head);
    fixMatrix(weights, mixtureMatrix(c), head, parameters);
  }
}

function fixMatrix(weights: usize, matrix: usize, inputCount: i32, outputs: i32): void {
  const scale = fixedScale(weights + matrix, inputCount, outputs, LARGEST_WEIGHT);
  toFixed(weights + matrix, rowsAt(matrix), inputCount * outputs, scale);
  pairRows(rowsAt(matrix), inputCount, outputs, pairsAt(matrix));
  store<f32>(pairsAt(biasOf(matrix, inputCount, outputs)), 1 / scale);
}

/** A matrix or one of its rows, i16[.][outputs]. */
export function rowsAt(matrix: usize): usize {
  return rows + (matrix >> 1);
}

/** A matrix or two of its rows, i16[.][outputs][2]. */
export function pairsAt(matrix: usize): usize {
  return pairs + (matrix >> 1);
}

/** What 1 stands for in a matrix whose bias is here. */
export function unitOf(bias: usize): f32 {
  return load<f32>(pairsAt(bias));
}
