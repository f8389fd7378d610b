/**
 * The distribution of a one-bit sample: P(1) = sigmoid(logit). In f64; constants and the order of operations are part
 * of the format.
 */
import { exp64x2 } from '../kernels/exp64';
import { clamp } from './mixture-components';

/** Logits are clamped to this magnitude, beyond the coder's precision. A NaN becomes the lower bound. */
const MAX_LOGIT: f64 = 40;

let zero: f64 = 0.5;
let one: f64 = 0.5;

export function set(logit: f64): void {
  const e = f64x2.extract_lane(exp64x2(f64x2.splat(clamp(-MAX_LOGIT, logit, MAX_LOGIT))), 0);
  zero = 1 / (1 + e);
  one = e / (1 + e);
}

/** Returns P(value < b), 0 <= b <= 2. */
export function cdf(b: i32): f64 {
  return b <= 0 ? 0 : b === 1 ? zero : 1;
}

/** Returns the expected value. */
export function mean(): f32 {
  return <f32>one;
}
