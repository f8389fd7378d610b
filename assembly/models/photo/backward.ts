/**
 * The backward pass over a segment: the gradient of its loss with respect to the weights of the heads and of the blocks
 * that learn. The row above and what a block reads of the pixels to the left are constants.
 *
 * Derivatives are f32, rounded to 16-bit integers before multiplication, each layer with its own scale: sums over the
 * segment's pixels and over a layer's outputs are exact. Rounding is treated as having derivative 1.
 */
import { sumRows } from '../../kernels/bias';
import { LARGEST, fixedScale, pairRows, toFixed } from '../../kernels/fixed-point';
import { fixedGemm } from '../../kernels/fixed-gemm';
import { leakyReluBackward } from '../../kernels/leaky-relu';
import { addTo } from '../../kernels/relu';
import { transpose } from '../../kernels/transpose';
import { reserveFloats, reserveShorts } from '../../memory';
import { LARGEST_WEIGHT, rowsAt, unitOf } from './fixed-weights';
import {
  biasOf,
  blocks,
  bytes,
  channels,
  convolutionMatrix,
  features,
  firstLearned,
  head,
  hiddenMatrix,
  learnedMatrix,
  mixtureMatrix,
  ownInputs,
  parameters,
  pointwiseMatrix,
  shortBytes,
} from './layout';
import {
  ACTIVATION_SCALE,
  SEGMENT,
  activatedAbove,
  activatedAt,
  convolvedAt,
  featuresAt,
  hiddenAt,
  length,
  ownAt,
  paddedOwn,
  slopesAt,
} from './segment';

/**
 * Derivatives of the loss with respect to the stream after a block, the result of its convolution, what it reads at the
 * pixel itself, and a hidden layer.
 */
let byStream: usize = 0; // f32[SEGMENT][C]
let byConvolved: usize = 0; // f32[SEGMENT][C]
let byRead: usize = 0; // f32[SEGMENT][C]
let byHidden: usize = 0; // f32[SEGMENT][H]

/** The current derivatives as integers; the value of 1; in pairs of pixels; and transposed, in pairs of outputs. */
let errors: usize = 0; // i16[SEGMENT][C or H or P]
let errorUnit: f32 = 0;
let errorPairs: usize = 0; // i16[SEGMENT / 2][C or H or P][2]
let transposedErrors: usize = 0; // i16[(C or H or P) / 2][SEGMENT][2]
/** A layer's input, in pairs of pixels. */
let inputPairs: usize = 0; // i16[SEGMENT / 2 + 1][C or H, or own inputs, padded][2]
/** The current matrix, transposed, in pairs of outputs. */
let transposedMatrix: usize = 0;

export function configureBackward(): void {
  byStream = reserveFloats(SEGMENT * features);
  byConvolved = reserveFloats(SEGMENT * features);
  byRead = reserveFloats(SEGMENT * features);
  byHidden = reserveFloats(SEGMENT * head);
  const widest = max(max(features, head), parameters);
  errors = reserveShorts(SEGMENT * widest);
  errorPairs = reserveShorts(SEGMENT * widest);
  transposedErrors = reserveShorts(SEGMENT * widest);
  inputPairs = reserveShorts((SEGMENT + 2) * max(max(features, head), paddedOwn));
  transposedMatrix = reserveShorts(max(max(features * features, features * head), head * parameters));
}

/** Computes the gradient of the weights from `learnedMatrix` on, f32[], from the values recorded in `segment.ts`. */
export function segmentGradient(to: usize): void {
  const gradient = to - learnedMatrix();
  for (let c = 0; c < channels; c++) passHead(c, gradient);
  leakyReluBackward(byStream, featuresAt(0), length * features);
  for (let i = blocks - 1; i >= firstLearned; i--) {
    passBlock(i, gradient);
    if (i > firstLearned) passBeforeBlock(i);
  }
}

/** Propagates through the head of channel c: adds to the gradient of the features, which the first head initializes. */
function passHead(c: i32, gradient: usize): void {
  const hidden = hiddenAt(c, 0);
  const mixture = mixtureMatrix(c);
  const mixtureBias = biasOf(mixture, head, parameters);
  prepareErrors(slopesAt(c, 0), parameters, gradient + mixtureBias);
  weightGradient(hidden, head, head, parameters, gradient + mixture);
  inputGradient(parameters, mixture, mixtureBias, head, byHidden, false);
  leakyReluBackward(byHidden, hidden, length * head);

  const matrix = hiddenMatrix(c);
  const bias = biasOf(matrix, features + ownInputs(c), head);
  prepareErrors(byHidden, head, gradient + bias);
  weightGradient(featuresAt(0), features, features, head, gradient + matrix);
  weightGradient(ownAt(c, 0), paddedOwn, ownInputs(c), head, gradient + matrix + bytes(features * head));
  inputGradient(head, matrix, bias, features, byStream, c > 0);
}

/** Propagates from the output of block i to its convolution. */
function passBlock(i: i32, gradient: usize): void {
  const convolved = convolvedAt(i, 0);
  const pointwise = pointwiseMatrix(i);
  const pointwiseBias = biasOf(pointwise, features, features);
  prepareErrors(byStream, features, gradient + pointwiseBias);
  weightGradient(convolved, features, features, features, gradient + pointwise);
  inputGradient(features, pointwise, pointwiseBias, features, byConvolved, false);
  leakyReluBackward(byConvolved, convolved, length * features);

  const matrix = convolutionMatrix(i);
  const bias = biasOf(matrix, 5 * features, features);
  prepareErrors(byConvolved, features, gradient + bias);
  convolutionGradient(i, gradient + matrix);
}

/** Adds the gradient of what block i reads at the pixel itself to that of the stream. */
function passBeforeBlock(i: i32): void {
  const matrix = convolutionMatrix(i);
  const bias = biasOf(matrix, 5 * features, features);
  inputGradient(features, matrix + 4 * bytes(features * features), bias, features, byRead, false);
  leakyReluBackward(byRead, activatedAt(i, 0), length * features);
  addTo(byStream, byRead, length * features);
}

/** Prepares dY, f32[SEGMENT][width], for the products below. Its sum over the pixels is the gradient of the bias. */
function prepareErrors(by: usize, width: i32, toBias: usize): void {
  sumRows(by, width, length, toBias);
  // `inputGradient` adds up `width` products with weights.
  const scale = fixedScale(by, length, width, min(LARGEST, i32.MAX_VALUE / (LARGEST_WEIGHT + 1) / width));
  toFixed(by, errors, length * width, scale);
  errorUnit = 1 / scale;
  if (length & 1) memory.fill(errors + shortBytes(length * width), 0, shortBytes(width));
  pairRows(errors, wholePairs(), width, errorPairs);
  transpose(errors, wholePixels(), width >> 1, transposedErrors);
}

/** Computes X^T dY: x i16[SEGMENT][paddedRows]; to f32[rows][width]. */
function weightGradient(x: usize, paddedRows: i32, rows: i32, width: i32, to: usize): void {
  pairRows(x, wholePairs(), paddedRows, inputPairs);
  pairGradient(inputPairs, paddedRows, rows, width, to);
}

/**
 * Computes the gradient of the five taps of block i, f32[5][C][C]. Pairs of NW, NE and W begin one pixel before those
 * of N and of the pixel itself.
 */
function convolutionGradient(i: i32, to: usize): void {
  const tap = bytes(features * features);
  pairRows(activatedAbove(i, -1), wholePairs() + 2, features, inputPairs);
  pairGradient(inputPairs, features, features, features, to);
  pairGradient(inputPairs + bytes(features), features, features, features, to + 2 * tap);
  weightGradient(activatedAbove(i, 0), features, features, features, to + tap);
  weightGradient(activatedAt(i, -1), features, features, features, to + 3 * tap);
  weightGradient(activatedAt(i, 0), features, features, features, to + 4 * tap);
}

/** Computes X^T dY, X in pairs of pixels. Padding in the last pair is multiplied by a zero of dY. */
function pairGradient(x: usize, paddedRows: i32, rows: i32, width: i32, to: usize): void {
  const stride = bytes(width);
  const unit = errorUnit / ACTIVATION_SCALE;
  const pairs = wholePairs() >> 1;
  fixedGemm(x, bytes(paddedRows), errorPairs, stride, to, stride, rows, pairs, width, unit, false);
}

/**
 * Computes dY W^T, where W is the first `rows` rows at `matrix` of the matrix with this bias. Written or added to
 * f32[length][rows].
 */
function inputGradient(width: i32, matrix: usize, bias: usize, rows: i32, to: usize, accumulate: bool): void {
  const pairs = width >> 1;
  transpose(rowsAt(matrix), rows, pairs, transposedMatrix);
  const stride = bytes(rows);
  const unit = errorUnit * unitOf(bias);
  fixedGemm(
    transposedErrors, bytes(wholePixels()), transposedMatrix, stride, to, stride, length, pairs, rows, unit, accumulate,
  );
}

/** Returns the segment's length, rounded up to pairs. */
function wholePairs(): i32 {
  return (length + 1) & ~1;
}

/** Returns the segment's length, rounded up to vectors. */
function wholePixels(): i32 {
  return (length + 3) & ~3;
}
