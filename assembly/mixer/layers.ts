/**
 * Two layers of mixing (kernels/mixing.ts), for the mixer and the palette coder: four weight vectors, each selected by
 * a property of the decision, give four logits; a second vector of four weights combines them. The caller owns the
 * vectors.
 */
import { SETS, addInputs, addLogits, dotProducts, secondSum } from '../kernels/mixing';
import { limit4, squash4 } from './logistic';

const SECOND_RATE: f32 = 0.002;

const chosen: usize = memory.data(SETS * 4, 16); // u32: addresses of the selected vectors
let chosenSecond: usize = 0;
/** The four logits, f32[SETS]. */
let logits: v128 = f32x4.splat(0);

/** Selects the vector at `address` for set s. */
export function chooseVector(s: i32, address: usize): void {
  store<u32>(chosen + ((<usize>s) << 2), <u32>address);
}

/** Selects the vector at `address` for the second layer. */
export function chooseSecondVector(address: usize): void {
  chosenSecond = address;
}

/**
 * Returns the mixed logit of f32[bytes / 4] at `inputs`; the four logits are clamped to +-limit.
 * @param bytes a multiple of 32
 */
export function mixInputs(inputs: usize, bytes: usize, limit: f32): f32 {
  logits = limit4(dotProducts(inputs, bytes, chosen), limit);
  return secondSum(logits, chosenSecond);
}

/**
 * Moves each set's vector down the gradient of its own code length, and the second layer down that of the mixed one.
 * @param error of the mixed probability: bit - p
 */
export function learnInputs(inputs: usize, bytes: usize, bit: i32, error: f32, rate: f32): void {
  const errors = f32x4.sub(f32x4.splat(<f32>bit), squash4(logits));
  addInputs(inputs, bytes, chosen, f32x4.mul(errors, f32x4.splat(rate)));
  addLogits(logits, chosenSecond, error * SECOND_RATE);
}
