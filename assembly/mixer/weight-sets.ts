/**
 * The weights of the mixing (layers.ts): four sets of weight vectors, one vector of each selected by a property of the
 * node.
 */
import { inputCount } from './experts';
import { chooseSecondVector, chooseVector, learnInputs, mixInputs } from './layers';

/** Logits are clamped to +-MAX_LOGIT. */
const MAX_LOGIT: f32 = 12;
const RATE: f32 = 0.004;

/** Returns the bytes of a weight vector, a multiple of 32. */
function vectorBytes(): usize {
  return (<usize>inputCount) << 2;
}

/**
 * Selects vector number `index` of set s, whose vectors are at `weights`, and prefetches it, by loads whose results are
 * unused, while the inputs are computed.
 */
export function chooseWeights(s: i32, weights: usize, index: i32): void {
  const size = vectorBytes();
  const at = weights + <usize>index * size;
  chooseVector(s, at);
  for (let i: usize = 0; i < size; i += 64) load<f32>(at + i);
}

export function chooseSecond(weights: usize, index: i32): void {
  chooseSecondVector(weights + ((<usize>index) << 4));
}

/** Returns the mixed logit of f32[inputCount]. */
export function mix(inputs: usize): f32 {
  return mixInputs(inputs, vectorBytes(), MAX_LOGIT);
}

/**
 * Learns from the bit.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(inputs: usize, bit: i32, error: f32): void {
  learnInputs(inputs, vectorBytes(), bit, error, RATE);
}
