/**
 * The network of `photo`, one sub-pixel at a time: an input layer, residual blocks of a causal convolution (NW, N, NE,
 * W and the pixel itself) and a 1x1 layer, then a small head for each channel, which also sees the channels coded
 * before it.
 *
 * Every output of a layer is a chain of additions that begins with its bias and runs over the inputs in the order of
 * the matrix's rows. The first 3 C links of a convolution depend on the row above alone: they are computed for all
 * pixels of a segment at once.
 */
import { repeatRow } from '../../kernels/bias';
import { dense } from '../../kernels/dense';
import { gemm } from '../../kernels/gemm';
import { leakyRelu } from '../../kernels/leaky-relu';
import { addTo } from '../../kernels/relu';
import { transpose } from '../../kernels/transpose';
import { WEIGHTS, reserveFloats } from '../../memory';
import {
  CONDITIONS,
  EXTRAS,
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
  readSpec,
  weightCount,
} from './layout';
import { configureLearning, learnSegment, learnValue, skipValue, startLearning } from './learning';
import {
  SEGMENT,
  activatedAbove,
  activatedAt,
  configureSegment,
  convolvedAt,
  featureRows,
  hiddenAt,
  inputRows,
  inputStride,
  length,
  moveSegment,
  ownAt,
  ownStride,
  startSegments,
} from './segment';

/** Bytes of a cache line: loads from matrices that begin with one are a third faster. */
const LINE: i32 = 64;

/** The weights at work: the shipped ones, and what learning made of them. */
let weights: usize = 0; // f32[weightCount]
let inputVector: usize = 0; // f32[I], the pixel's inputs
let ownVectors: usize = 0; // f32[channels][10 + 2 c, padded]: each head's extras, then the conditions
let stream: usize = 0; // f32[C], what runs from block to block
let change: usize = 0; // f32[C], what a block adds to it
let rowAbove: usize = 0; // f32[C][pixels], a block's activations above a segment, transposed
let outputs: usize = 0; // f32[channels][P]
let learning: bool = false;
/** The pixel at hand in its segment. */
let slot: i32 = 0;

/** Reads the spec and reserves memory; returns the number of weights. */
export function configureNetwork(): i32 {
  readSpec();
  reserveFloats(weightCount); // at WEIGHTS, for the host
  weights = (reserveFloats(weightCount + LINE / 4) + LINE - 1) & ~(LINE - 1);
  configureSegment();
  configureLearning();
  inputVector = reserveFloats(<i32>(inputStride >> 2));
  ownVectors = reserveFloats(channels * <i32>(ownStride >> 2));
  stream = reserveFloats(features);
  change = reserveFloats(features);
  rowAbove = reserveFloats(features * (SEGMENT + 4));
  outputs = reserveFloats(channels * parameters);
  return weightCount;
}

/**
 * Before the first pixel of a tile: takes the weights as they stand at WEIGHTS, in the layout that is computed with.
 */
export function startNetwork(width: i32, learn: bool): void {
  memory.copy(weights, WEIGHTS, bytes(weightCount));
  startSegments(width);
  learning = learn;
  if (learn) startLearning();
}

/** Where the next pixel's inputs are to be written, f32[I]. */
export function inputsAt(): usize {
  return inputVector;
}

/** Where the extra inputs of the head of channel c are to be written, f32[10]. */
export function extrasAt(c: i32): usize {
  return ownVectors + <usize>c * ownStride;
}

/** Tells the heads of the channels after c its two condition inputs. */
export function setCondition(c: i32, a: f32, b: f32): void {
  for (let later = c + 1; later < channels; later++) {
    const at = extrasAt(later) + bytes(EXTRAS + CONDITIONS * c);
    store<f32>(at, a);
    store<f32>(at, b, 4);
  }
}

/** Computes what all heads of pixel (x, y) share; its inputs are written. Pixels come in raster order. */
export function startPixelNetwork(x: i32, y: i32): void {
  slot = x & (SEGMENT - 1);
  if (slot == 0) startSegment(x, y);
  if (learning) copyVectors(inputVector, inputRows + <usize>slot * inputStride, inputStride);
  apply(inputVector, inputs, inputMatrix(), features, stream);
  for (let i = 0; i < blocks; i++) {
    const active = activatedAt(i, slot);
    const convolved = convolvedAt(i, slot);
    leakyRelu(stream, active, features);
    const rest = weights + convolutionMatrix(i) + bytes(3 * features * features);
    dense(active - bytes(features), 2 * features, rest, features, convolved, convolved);
    leakyRelu(convolved, convolved, features);
    apply(convolved, features, pointwiseMatrix(i), features, change);
    addTo(stream, change, features);
  }
  leakyRelu(stream, featureRows + bytes(slot * features), features);
}

/** The parameters of channel c's mixture, f32[P], once its extras are written and the channels before it observed. */
export function predictNetwork(c: i32): usize {
  const own = extrasAt(c);
  if (learning) copyVectors(own, ownAt(c, slot), ownStride);
  const matrix = hiddenMatrix(c);
  const hidden = hiddenAt(c, slot);
  const bias = weights + biasOf(matrix, features + ownInputs(c), head);
  const ownMatrix = weights + matrix + bytes(features * head);
  dense(featureRows + bytes(slot * features), features, weights + matrix, head, bias, hidden);
  dense(own, ownInputs(c), ownMatrix, head, hidden, hidden);
  leakyRelu(hidden, hidden, head);
  const output = outputs + bytes(c * parameters);
  apply(hidden, head, mixtureMatrix(c), parameters, output);
  return output;
}

/**
 * Tells channel c's value and the centre that its mixture was laid around, in units of a sample of `depth` bits, and
 * whether the value was coded: what learning needs.
 */
export function observeNetwork(c: i32, value: i32, centre: f32, depth: i32, unit: f32, coded: bool): void {
  if (!learning) return;
  if (coded) learnValue(c, slot, outputs + bytes(c * parameters), value, centre, depth, unit);
  else skipValue(c, slot);
  if (c == channels - 1 && slot == length - 1) learnSegment(weights);
}

/**
 * Begins a segment: of every convolution the part that only depends on the row above, for all its pixels. In the
 * transposed row above the tap N of all pixels is the tap NW one column further, and so NE.
 */
function startSegment(x: i32, y: i32): void {
  moveSegment(x, y);
  const pixel = bytes(features);
  const pixels = (length + 2 + 3) & ~3;
  for (let i = 0; i < blocks; i++) {
    const matrix = convolutionMatrix(i);
    const sums = convolvedAt(i, 0);
    repeatRow(weights + biasOf(matrix, 5 * features, features), features, sums, length);
    transpose(activatedAbove(i, -1), pixels, features, rowAbove);
    for (let tap = 0; tap < 3; tap++) {
      const tapMatrix = weights + matrix + bytes(tap * features * features);
      gemm(rowAbove + bytes(tap), bytes(pixels), tapMatrix, pixel, sums, pixel, length, features, features, true);
    }
  }
}

/** y = bias + x W; x f32[depth], y f32[width]. */
function apply(x: usize, depth: i32, matrix: usize, width: i32, y: usize): void {
  dense(x, depth, weights + matrix, width, weights + biasOf(matrix, depth, width), y);
}

function copyVectors(from: usize, to: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(to + i, v128.load(from + i));
}

/** For tests. */
export function workingWeightsAt(): usize {
  return weights;
}
