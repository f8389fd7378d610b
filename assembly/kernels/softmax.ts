/** Softmax over the 256 values of an 8-bit sample, without the division: callers that need it have the sum. */
import { exp4 } from './exp';

/** Bytes of f32[256]. */
const BYTES: usize = 256 * 4;

/**
 * Sets probabilities[k] = e^(logits[k] - max logits), unnormalised, and returns their sum.
 *
 * Order of the sum (part of the format): lane l adds the values l, l + 4, l + 8, ... in 64 steps starting from 0; then
 * (lane 0 + lane 1) + (lane 2 + lane 3).
 *
 * For any finite logits the largest exponential is 1 and the smallest at least e^-80, so the sum is in [1, 256]. NaN
 * logits count as the least likely ones. If the maximum is infinite, the result is still finite, positive and the same
 * on every engine.
 * @param logits f32[256], 16-byte aligned for speed
 * @param probabilities f32[256], may be the same address
 * @returns sum of the exponentials, at least 1
 */
export function softmax256(logits: usize, probabilities: usize): f32 {
  // The maximum is the same in any order; four chains hide the latency. pmax(a, b) keeps a if b is NaN.
  let m0 = f32x4.splat(-f32.MAX_VALUE);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  for (let i: usize = 0; i < BYTES; i += 64) {
    m0 = f32x4.pmax(m0, v128.load(logits + i));
    m1 = f32x4.pmax(m1, v128.load(logits + i, 16));
    m2 = f32x4.pmax(m2, v128.load(logits + i, 32));
    m3 = f32x4.pmax(m3, v128.load(logits + i, 48));
  }
  m0 = f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3));
  m0 = f32x4.pmax(m0, v128.shuffle<u32>(m0, m0, 2, 3, 0, 1));
  m0 = f32x4.pmax(m0, v128.shuffle<u32>(m0, m0, 1, 0, 3, 2));

  // Four vectors per iteration: V8 sets up the constants of exp4 once for all (twice as fast as one per iteration).
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < BYTES; i += 64) {
    const e0 = exp4(f32x4.sub(v128.load(logits + i), m0));
    const e1 = exp4(f32x4.sub(v128.load(logits + i, 16), m0));
    const e2 = exp4(f32x4.sub(v128.load(logits + i, 32), m0));
    const e3 = exp4(f32x4.sub(v128.load(logits + i, 48), m0));
    v128.store(probabilities + i, e0);
    v128.store(probabilities + i, e1, 16);
    v128.store(probabilities + i, e2, 32);
    v128.store(probabilities + i, e3, 48);
    sums = f32x4.add(f32x4.add(f32x4.add(f32x4.add(sums, e0), e1), e2), e3);
  }
  const sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  // Below 1 only if every logit is NaN or -inf, or one is +inf; quotients by 1 then stay finite.
  return sum < 1 ? 1 : sum;
}
