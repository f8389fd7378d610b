/**
 * A mixture of logistic distributions over the 2^depth values of a sample, depth 1 to 16, through its cumulative
 * distribution function, which is evaluated only where needed. Formulas, constants and the order of sums are part of
 * the format.
 *
 *     F(b) = P(value < b) = (1 - 2^-9) sum_k pi_k sigmoid((b - 0.5 - mu_k) e^-s_k) + 2^-9 b / 2^depth
 *     F(0) = 0, F(2^depth) = 1
 *
 * The second term gives every value at minProbability 2^-9 / 2^depth, so every step of F exceeds its rounding errors.
 */
import { boundedExp64x2, exp64x2 } from '../kernels/exp64';
import { MAX_COMPONENTS, clamp, loadComponents } from './mixture-components';

/** Probability that is shared evenly by all values. */
export const FLOOR: f64 = 1.0 / 512;
/** Arguments of the sigmoid are clamped to this magnitude: sigmoid(-40) is far from subnormal. */
export const MAX_ARGUMENT: f64 = 40;

/** Components are processed in groups of six, see `exp64.ts`. */
const GROUP_COMPONENTS: i32 = 6;
const GROUP: usize = <usize>GROUP_COMPONENTS * 8;
const BYTES: i32 = ((MAX_COMPONENTS + GROUP_COMPONENTS - 1) / GROUP_COMPONENTS) * GROUP_COMPONENTS * 8;
/** f64[K], padded to whole groups with components of weight 0: (1 - 2^-9) pi_k, mu_k + 0.5 and e^-s_k. */
const weights: usize = memory.data(BYTES, 16);
const middles: usize = memory.data(BYTES, 16);
const slopes: usize = memory.data(BYTES, 16);

/** Bytes of the used groups. */
let end: usize = 0;
let values: i32 = 0;
/** FLOOR / 2^depth: the minimum probability of a value. */
let minProbability: f64 = 0;

/**
 * Sets the mixture.
 * @param params f32[3 K]: logits, means relative to `centre` in units of 8, log scales
 * @param count K, 1 to `MAX_COMPONENTS`
 * @param centre in units of the sample
 * @param unit unit of means and scales, a power of two: 2^depth / 256 for parameters learned from 8-bit samples
 */
export function set(params: usize, count: i32, centre: f32, depth: i32, unit: f64): void {
  values = 1 << depth;
  minProbability = FLOOR / <f64>values;
  end = <usize>((count + GROUP_COMPONENTS - 1) / GROUP_COMPONENTS) * GROUP;
  loadComponents(params, count, centre, unit, weights, middles, slopes, end);
  const scale = f64x2.splat((1 - FLOOR) / sum(weights));
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(weights + at, f64x2.mul(v128.load(weights + at), scale));
    v128.store(middles + at, f64x2.add(v128.load(middles + at), f64x2.splat(0.5)));
    const slope = exp64x2(f64x2.neg(v128.load(slopes + at)));
    v128.store(slopes + at, f64x2.mul(slope, f64x2.splat(1 / unit)));
  }
}

/** Returns P(value < b), 0 <= b <= 2^depth: 0 and 1 at the ends, strictly increasing between them. */
export function cdf(b: i32): f64 {
  if (b <= 0) return 0;
  if (b >= values) return 1;
  const at = f64x2.splat(<f64>b);
  let total = f64x2.splat(0);
  for (let k: usize = 0; k < end; k += GROUP) {
    const e0 = boundedExp64x2(steepness(k, at));
    const e1 = boundedExp64x2(steepness(k + 16, at));
    const e2 = boundedExp64x2(steepness(k + 32, at));
    total = f64x2.add(total, share(k, e0));
    total = f64x2.add(total, share(k + 16, e1));
    total = f64x2.add(total, share(k + 32, e2));
  }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1) + minProbability * <f64>b;
}

/** Returns the negated arguments of the sigmoids of the two components at byte k. */
function steepness(k: usize, b: v128): v128 {
  const z = f64x2.mul(f64x2.sub(v128.load(middles + k), b), v128.load(slopes + k));
  return f64x2.pmin(f64x2.splat(MAX_ARGUMENT), f64x2.pmax(f64x2.splat(-MAX_ARGUMENT), z));
}

/** Returns the weights of the two components at byte k times their sigmoids, whose exponentials are e. */
function share(k: usize, e: v128): v128 {
  return f64x2.div(v128.load(weights + k), f64x2.add(f64x2.splat(1), e));
}

/** Returns sum_k pi_k mu_k, clamped to the range of the values. */
export function mean(): f32 {
  let total = f64x2.splat(0);
  for (let k: usize = 0; k < end; k += 16) {
    const means = f64x2.sub(v128.load(middles + k), f64x2.splat(0.5));
    total = f64x2.add(total, f64x2.mul(v128.load(weights + k), means));
  }
  const expected = (f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)) * (1 / (1 - FLOOR));
  return <f32>clamp(0, expected, <f64>(values - 1));
}

/** Returns the sum over the used components: the even ones plus the odd ones. */
function sum(list: usize): f64 {
  let lanes = f64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) lanes = f64x2.add(lanes, v128.load(list + at));
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}
