/**
 * The backward pass over a segment: the gradient of its loss by all weights. The row above, what lies left of the
 * segment and all inputs count as constants, so within a block a gradient passes only to the pixel itself and to its
 * right neighbour's W: the pixel to the left. Order of sums (part of the format): a weight's gradient adds the pixels
 * from left to right.
 */
import { sumRows } from '../../kernels/bias';
import { gemm } from '../../kernels/gemm';
import { leakyReluBackward } from '../../kernels/leaky-relu';
import { addTo } from '../../kernels/relu';
import { transpose } from '../../kernels/transpose';
import { reserveFloats } from '../../memory';
import {
  biasOf,
  blocks,
  bytes,
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
} from './layout';
import {
  SEGMENT,
  activatedAbove,
  activatedAt,
  convolvedAt,
  featureRows,
  hiddenAt,
  inputRows,
  inputStride,
  length,
  ownAt,
  ownStride,
  slopesAt,
} from './segment';

/**
 * Derivatives of the loss by what runs from block to block, by a convolution's result, by a block's activations, by a
 * hidden layer.
 */
let byStream: usize = 0; // f32[SEGMENT][C]
let byConvolved: usize = 0; // f32[SEGMENT][C]
let byActive: usize = 0; // f32[SEGMENT][C]
let byHidden: usize = 0; // f32[SEGMENT][H]
/** The matrix and the derivatives at hand, transposed. */
let transposedMatrix: usize = 0;
let transposedRows: usize = 0; // f32[C or H or P][SEGMENT]

export function configureBackward(): void {
  byStream = reserveFloats(SEGMENT * features);
  byConvolved = reserveFloats(SEGMENT * features);
  byActive = reserveFloats(SEGMENT * features);
  byHidden = reserveFloats(SEGMENT * head);
  transposedMatrix = reserveFloats(max(max(features * features, features * head), head * parameters));
  // `inputGradient` begins up to one float into the rows, and `gemm` then reads as far behind the last one.
  transposedRows = reserveFloats(SEGMENT * max(max(features, head), parameters) + 4);
}

/** Computes the gradient, f32[weightCount], from what is noted in `segment.ts`. */
export function segmentGradient(weights: usize, gradient: usize): void {
  for (let c = 0; c < channels; c++) passHead(c, weights, gradient);
  leakyReluBackward(byStream, featureRows, length * features);
  for (let i = blocks - 1; i >= 0; i--) passBlock(i, weights, gradient);
  weightGradient(inputRows, inputStride, inputs, byStream, features, gradient + inputMatrix());
  biasGradient(byStream, features, gradient + biasOf(inputMatrix(), inputs, features));
}

/** The head of channel c; adds to the features' gradient, which the first head begins. */
function passHead(c: i32, weights: usize, gradient: usize): void {
  const slopes = slopesAt(c, 0);
  const hidden = hiddenAt(c, 0);
  const mixture = mixtureMatrix(c);
  weightGradient(hidden, bytes(head), head, slopes, parameters, gradient + mixture);
  biasGradient(slopes, parameters, gradient + biasOf(mixture, head, parameters));
  turnRows(slopes, parameters);
  inputGradient(0, parameters, weights + mixture, head, byHidden, false);
  leakyReluBackward(byHidden, hidden, length * head);

  const matrix = hiddenMatrix(c);
  const own = ownInputs(c);
  weightGradient(featureRows, bytes(features), features, byHidden, head, gradient + matrix);
  weightGradient(ownAt(c, 0), ownStride, own, byHidden, head, gradient + matrix + bytes(features * head));
  biasGradient(byHidden, head, gradient + biasOf(matrix, features + own, head));
  turnRows(byHidden, head);
  inputGradient(0, head, weights + matrix, features, byStream, c > 0);
}

/** Block i: from the gradient by what leaves it to that by what enters it, in place. */
function passBlock(i: i32, weights: usize, gradient: usize): void {
  const convolved = convolvedAt(i, 0);
  const pointwise = pointwiseMatrix(i);
  const pixel = bytes(features);
  weightGradient(convolved, pixel, features, byStream, features, gradient + pointwise);
  biasGradient(byStream, features, gradient + biasOf(pointwise, features, features));
  turnRows(byStream, features);
  inputGradient(0, features, weights + pointwise, features, byConvolved, false);
  leakyReluBackward(byConvolved, convolved, length * features);

  const matrix = convolutionMatrix(i);
  const left = matrix + bytes(3 * features * features);
  const own = left + bytes(features * features);
  weightGradient(activatedAbove(i, -1), pixel, 3 * features, byConvolved, features, gradient + matrix);
  weightGradient(activatedAt(i, -1), pixel, 2 * features, byConvolved, features, gradient + left);
  biasGradient(byConvolved, features, gradient + biasOf(matrix, 5 * features, features));
  turnRows(byConvolved, features);
  inputGradient(0, features, weights + own, features, byActive, false);
  inputGradient(1, features, weights + left, features, byActive, true);
  leakyReluBackward(byActive, activatedAt(i, 0), length * features);
  addTo(byStream, byActive, length * features);
}

/** X^T dY: x rows of `rows` floats, `stride` bytes apart (they may overlap), dY f32[SEGMENT][width]; to f32[rows][width]. */
function weightGradient(x: usize, stride: usize, rows: i32, by: usize, width: i32, to: usize): void {
  gemm(x, stride, by, bytes(width), to, bytes(width), rows, length, width, false);
}

function biasGradient(by: usize, width: i32, to: usize): void {
  sumRows(by, width, length, to);
}

/** Makes dY, f32[SEGMENT][width], ready for `inputGradient`. */
function turnRows(by: usize, width: i32): void {
  transpose(by, wholePixels(), width, transposedRows);
}

/**
 * dY W^T, dY being that of the pixels from the segment's pixel `skipped` on, matrix f32[rows][width]; to, or added to,
 * f32[length - skipped][rows].
 */
function inputGradient(skipped: i32, width: i32, matrix: usize, rows: i32, to: usize, accumulate: bool): void {
  transpose(matrix, rows, width, transposedMatrix);
  const from = transposedRows + bytes(skipped);
  const stride = bytes(rows);
  gemm(from, bytes(wholePixels()), transposedMatrix, stride, to, stride, length - skipped, width, rows, accumulate);
}

/** The segment's pixels as whole vectors. */
function wholePixels(): i32 {
  return (length + 3) & ~3;
}
