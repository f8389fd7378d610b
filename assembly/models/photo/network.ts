/**
 * The network of `photo`, one sub-pixel at a time: an input layer, residual blocks of a causal convolution (NW, N, NE,
 * W and the pixel itself) and a 1x1 layer, then a small head per channel, which also sees the channels coded before it.
 *
 * Every layer multiplies 16-bit integers (`fixed-weights.ts`, `segment.ts`). Their sums are exact and become f32 when
 * they are added to the bias; the format defines the order only from there on. The taps of a convolution in the row
 * above are computed for all pixels of a segment at once.
 */
import { repeatRow } from '../../kernels/bias';
import { fixedDense } from '../../kernels/fixed-dense';
import { fixedGemm } from '../../kernels/fixed-gemm';
import { toFixed } from '../../kernels/fixed-point';
import { leakyRelu } from '../../kernels/leaky-relu';
import { addTo } from '../../kernels/relu';
import { transpose } from '../../kernels/transpose';
import { WEIGHTS, reserveFloats, reserveShorts } from '../../memory';
import { configureFixedWeights, fixLearnedWeights, fixWeights, pairsAt, unitOf } from './fixed-weights';
import {
  CONDITIONS,
  biasOf,
  blocks,
  bytes,
  channels,
  convolutionMatrix,
  extraCount,
  features,
  head,
  hiddenMatrix,
  inputMatrix,
  inputs,
  mixtureMatrix,
  ownInputs,
  parameters,
  pointwiseMatrix,
  readSpec,
  weightCount,
} from './layout';
import { configureLearning, learnSegment, learnValue, skipValue, startLearning } from './learning';
import {
  ACTIVATION_SCALE,
  SEGMENT,
  activatedAbove,
  activatedAt,
  configureSegment,
  convolutionSumsAt,
  convolvedAt,
  featuresAt,
  hiddenAt,
  length,
  moveSegment,
  ownAt,
  paddedInputs,
  paddedOwn,
  startSegments,
} from './segment';

/** The current weights: the shipped ones, as changed by learning. */
let weights: usize = 0; // f32[weightCount]
let inputVector: usize = 0; // f32[I, padded], the pixel's inputs
let inputIntegers: usize = 0; // i16[I, padded], the same as integers
let ownVectors: usize = 0; // f32[channels][10 + 2 c, padded]: each head's extras, then the conditions
let stream: usize = 0; // f32[C], the stream between blocks
let change: usize = 0; // f32[C], the contribution of a block
let hiddenSums: usize = 0; // f32[H], of a hidden layer
let active: usize = 0; // f32[C or H], activations before conversion to integers
let rowAbove: usize = 0; // i16[C / 2][pixels][2], a block's activations above a segment, transposed
let outputs: usize = 0; // f32[channels][P]
let learning: bool = false;
/** The current pixel in its segment. */
let slot: i32 = 0;

/** Reads the spec and reserves memory. Returns the number of weights. */
export function configureNetwork(): i32 {
  readSpec();
  reserveFloats(weightCount); // at WEIGHTS, for the host
  weights = reserveFloats(weightCount);
  configureFixedWeights();
  configureSegment();
  configureLearning();
  inputVector = reserveFloats(paddedInputs);
  inputIntegers = reserveShorts(paddedInputs);
  ownVectors = reserveFloats(channels * paddedOwn);
  stream = reserveFloats(features);
  change = reserveFloats(features);
  hiddenSums = reserveFloats(head);
  active = reserveFloats(max(features, head));
  rowAbove = reserveFloats((features >> 1) * (SEGMENT + 4));
  outputs = reserveFloats(channels * parameters);
  return weightCount;
}

/** Begins a tile: copies the weights from WEIGHTS and converts them. */
export function startNetwork(width: i32, learn: bool): void {
  memory.copy(weights, WEIGHTS, bytes(weightCount));
  fixWeights(weights);
  startSegments(width);
  learning = learn;
  if (learn) startLearning();
}

/** Returns the address where the inputs of the next pixel are written, f32[I]. */
export function inputsAt(): usize {
  return inputVector;
}

/** Returns the address where the extra inputs of the head of channel c are written, f32[10]. */
export function extrasAt(c: i32): usize {
  return ownVectors + bytes(c * paddedOwn);
}

/** Sets the two condition inputs of channel c in the heads of the channels after it. */
export function setCondition(c: i32, a: f32, b: f32): void {
  for (let later = c + 1; later < channels; later++) {
    const at = extrasAt(later) + bytes(extraCount() + CONDITIONS * c);
    store<f32>(at, a);
    store<f32>(at, b, 4);
  }
}

/** Computes the shared part of all heads of pixel (x, y), from its inputs. Pixels come in raster order. */
export function startPixelNetwork(x: i32, y: i32): void {
  slot = x & (SEGMENT - 1);
  if (slot === 0) startSegment(x, y);
  toFixed(inputVector, inputIntegers, paddedInputs, ACTIVATION_SCALE);
  apply(inputIntegers, inputs, inputMatrix(), features, stream);
  for (let i = 0; i < blocks; i++) {
    activate(stream, features, activatedAt(i, slot));
    const convolution = convolutionMatrix(i);
    const bias = biasOf(convolution, 5 * features, features);
    const sameRow = convolution + bytes(3 * features * features);
    const sums = convolutionSumsAt(i, slot);
    multiply(activatedAt(i, slot - 1), 2 * features, sameRow, bias, features, sums, sums);
    activate(sums, features, convolvedAt(i, slot));
    apply(convolvedAt(i, slot), features, pointwiseMatrix(i), features, change);
    addTo(stream, change, features);
  }
  activate(stream, features, featuresAt(slot));
}

/**
 * Returns the address of the parameters of channel c's mixture, f32[P], after its extras are written and the channels
 * before it observed.
 */
export function predictNetwork(c: i32): usize {
  const own = ownAt(c, slot);
  toFixed(extrasAt(c), own, paddedOwn, ACTIVATION_SCALE);
  const matrix = hiddenMatrix(c);
  const bias = biasOf(matrix, features + ownInputs(c), head);
  multiply(featuresAt(slot), features, matrix, bias, head, weights + bias, hiddenSums);
  multiply(own, ownInputs(c), matrix + bytes(features * head), bias, head, hiddenSums, hiddenSums);
  const hidden = hiddenAt(c, slot);
  activate(hiddenSums, head, hidden);
  const output = outputs + bytes(c * parameters);
  apply(hidden, head, mixtureMatrix(c), parameters, output);
  return output;
}

/**
 * Observes channel c's value for learning, with the centre of its mixture, in units of a sample of `depth` bits;
 * `coded` is false if both sides knew it.
 */
export function observeNetwork(c: i32, value: i32, centre: f32, depth: i32, unit: f32, coded: bool): void {
  if (!learning) return;
  if (coded) learnValue(c, slot, outputs + bytes(c * parameters), value, centre, depth, unit);
  else skipValue(c, slot);
  if (c === channels - 1 && slot === length - 1 && learnSegment(weights)) fixLearnedWeights(weights);
}

/**
 * Begins a segment: computes the part of every convolution that depends only on the row above, for all its pixels. In
 * the transposed row above, tap N of all pixels is tap NW shifted by one column, and NE by two.
 */
function startSegment(x: i32, y: i32): void {
  moveSegment(x, y);
  const pixel = bytes(features);
  const pixels = (length + 2 + 3) & ~3;
  const pairs = features >> 1;
  for (let i = 0; i < blocks; i++) {
    const matrix = convolutionMatrix(i);
    const bias = biasOf(matrix, 5 * features, features);
    const unit = unitOf(bias) / ACTIVATION_SCALE;
    const to = convolutionSumsAt(i, 0);
    repeatRow(weights + bias, features, to, length);
    transpose(activatedAbove(i, -1), pixels, pairs, rowAbove);
    for (let tap = 0; tap < 3; tap++) {
      const tapPairs = pairsAt(matrix + bytes(tap * features * features));
      fixedGemm(
        rowAbove + bytes(tap), bytes(pixels), tapPairs, pixel, to, pixel, length, pairs, features, unit, true,
      );
    }
  }
}

/** Computes y = bias + x W; x i16[depth], y f32[width]. */
function apply(x: usize, depth: i32, matrix: usize, width: i32, y: usize): void {
  const bias = biasOf(matrix, depth, width);
  multiply(x, depth, matrix, bias, width, weights + bias, y);
}

/** Computes y = from + x W, where W is the matrix with this bias, or some of its rows. */
function multiply(x: usize, depth: i32, matrix: usize, bias: usize, width: i32, from: usize, y: usize): void {
  fixedDense(x, depth >> 1, pairsAt(matrix), width, from, y, unitOf(bias) / ACTIVATION_SCALE);
}

/** Writes the input of the next layer: the leaky ReLU of f32[count] as integers. */
function activate(from: usize, count: i32, to: usize): void {
  leakyRelu(from, active, count);
  toFixed(active, to, count, ACTIVATION_SCALE);
}

/** Returns the address of the current weights; for tests. */
export function workingWeightsAt(): usize {
  return weights;
}
