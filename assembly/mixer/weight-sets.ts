/**
 * The weights of the mixing (kernels/mixing.ts): four sets of weight vectors, of each one chosen by another property of
 * the node.
 */
import { SETS, addInputs, addLogits, dotProducts, secondSum } from '../kernels/mixing';
import { INPUTS } from './inputs';
import { limit4, squash4 } from './logistic';

/** Logits are kept within +-MOST. */
const MOST: f32 = 12;
const RATE: f32 = 0.004;
const SECOND_RATE: f32 = 0.002;

/** Bytes of a weight vector, a multiple of 32. */
const VECTOR: usize = <usize>INPUTS * 4;
const chosen: usize = memory.data(SETS * 4, 16); // u32: addresses of the vectors in use
let chosenSecond: usize = 0;
/** The four logits, f32[SETS]. */
let logits: v128 = f32x4.splat(0);

/**
 * Of set s, whose vectors stand at `weights`, takes number `index`. Asks memory for it, by loads that nothing uses: it
 * comes while the inputs are computed.
 */
export function chooseWeights(s: i32, weights: usize, index: i32): void {
  const at = weights + <usize>index * VECTOR;
  store<u32>(chosen + ((<usize>s) << 2), <u32>at);
  for (let i: usize = 0; i < VECTOR; i += 64) load<f32>(at + i);
}

export function chooseSecond(weights: usize, index: i32): void {
  chosenSecond = weights + ((<usize>index) << 4);
}

/** The mixed logit of f32[INPUTS]. */
export function mix(inputs: usize): f32 {
  logits = limit4(dotProducts(inputs, VECTOR, chosen), MOST);
  return secondSum(logits, chosenSecond);
}

/**
 * Each set's vector moves down the gradient of its own code length, the second layer down that of the mixed one.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(inputs: usize, bit: i32, error: f32): void {
  const errors = f32x4.sub(f32x4.splat(<f32>bit), squash4(logits));
  addInputs(inputs, VECTOR, chosen, f32x4.mul(errors, f32x4.splat(RATE)));
  addLogits(logits, chosenSecond, error * SECOND_RATE);
}
