/**
 * The network's sizes, and the offsets of its tensors, in bytes, in the flat array of all weights. The order is that of
 * `src/model/photo.ts`; a bias always follows its matrix. Gradients and Adam's moments have the same layout.
 */
import { SPEC } from '../../memory';
import { CONDITIONS, extraCount, inputCount } from './features';
import { chooseSets } from './predictors';

export { CONDITIONS, extraCount } from './features';

export let channels: i32 = 0;
/** I */
export let inputs: i32 = 0;
/** C */
export let features: i32 = 0;
export let blocks: i32 = 0;
/** K */
export let components: i32 = 0;
/** H */
export let head: i32 = 0;
/** P: 3 K, padded to whole vectors of 16-bit integers. */
export let parameters: i32 = 0;
/** Number of all weights. */
export let weightCount: i32 = 0;

/** Whether the model's mixer is the lean one (mixer/experts.ts). */
export let hasLeanMixer: bool = false;
/** Whether all blocks learn while coding, or the last one alone; the first of them. */
export let learnsAll: bool = false;
export let firstLearned: i32 = 0;

/** Reads the spec [channels, C, blocks, K, H, predictor sets as a bit mask, 1 for a lean mixer, 1 if all blocks learn]. */
export function readSpec(): void {
  channels = load<i32>(SPEC);
  features = load<i32>(SPEC, 4);
  blocks = load<i32>(SPEC, 8);
  components = load<i32>(SPEC, 12);
  head = load<i32>(SPEC, 16);
  chooseSets(load<i32>(SPEC, 20));
  hasLeanMixer = load<i32>(SPEC, 24) !== 0;
  learnsAll = load<i32>(SPEC, 28) !== 0;
  firstLearned = learnsAll ? 0 : blocks - 1;
  inputs = inputCount(channels);
  parameters = wholeVectors(3 * components);
  weightCount = <i32>(hiddenMatrix(channels) >> 2);
}

export function bytes(floats: i32): usize {
  return <usize>floats << 2;
}

/** Returns the size in bytes of 16-bit integers. */
export function shortBytes(integers: i32): usize {
  return <usize>integers << 1;
}

/** Returns a number of 16-bit integers, rounded up to whole vectors. */
export function wholeVectors(integers: i32): i32 {
  return (integers + 7) & ~7;
}

/** Returns the offset of the input matrix, f32[I][C]. */
export function inputMatrix(): usize {
  return 0;
}

/** Returns the offset of the bias after a matrix of this many rows and columns. */
export function biasOf(matrix: usize, rows: i32, columns: i32): usize {
  return matrix + bytes(rows * columns);
}

/** Returns the offset of the weights that learn while coding: those of the blocks that learn, and of the heads after them. */
export function learnedMatrix(): usize {
  return convolutionMatrix(firstLearned);
}

/** Returns the offset of the convolution of block i, f32[5 C][C]: taps NW, N, NE, W and the pixel's own. */
export function convolutionMatrix(i: i32): usize {
  return bytes((inputs + 1) * features + i * (6 * features + 2) * features);
}

/** Returns the offset of the 1x1 layer of block i, f32[C][C]. */
export function pointwiseMatrix(i: i32): usize {
  return convolutionMatrix(i) + bytes((5 * features + 1) * features);
}

/** Returns the number of inputs of the head of channel c in addition to the features. */
export function ownInputs(c: i32): i32 {
  return extraCount() + CONDITIONS * c;
}

/** Returns the offset of the hidden layer of the head of channel c, f32[C + 2 S + 2 c][H]. */
export function hiddenMatrix(c: i32): usize {
  const earlier = c * (features + extraCount() + 1) + ((c * (c - 1)) >> 1) * CONDITIONS; // rows, biases included
  return convolutionMatrix(blocks) + bytes(earlier * head + c * (head + 1) * parameters);
}

/** Returns the offset of the last layer of the head of channel c, f32[H][P]. */
export function mixtureMatrix(c: i32): usize {
  return hiddenMatrix(c) + bytes((features + ownInputs(c) + 1) * head);
}
