/**
 * The components of a mixture of logistics, computed from the network's parameters: the common start of distribution
 * and gradient. Constants and the order of operations are part of the format.
 */
import { exp64x2 } from '../kernels/exp64';

export const MAX_COMPONENTS: i32 = 32;

/**
 * Bound on logits and means that no trained network comes near; it keeps any input finite. A NaN becomes the lower
 * bound.
 */
const LIMIT: f64 = 1e9;
/** A component's weight is at least e^-80 times the largest: far from subnormal. */
const MIN_LOGIT: f64 = -80;
/** Bounds of the log scales s_k, in units of an 8-bit sample, and the log scale of a parameter of 0. */
export const MIN_SCALE: f64 = -3.5;
export const MAX_SCALE: f64 = 5.5;
const SCALE_SHIFT: f64 = 1;
/** Units of an 8-bit sample between a mean and the centre, per unit of the mean's parameter. */
export const MEAN_UNIT: f64 = 8;

/**
 * Writes f64[K] each: weights e^(logit_k - max logit), means mu_k and log scales s_k. The lists are padded up to byte
 * `end`, a multiple of 16, with components of weight, mean and scale 0.
 * @param params f32[3 K], as for the mixture's `set`
 * @param count K
 * @param unit as for the mixture's `set`
 */
export function loadComponents(
  params: usize,
  count: i32,
  centre: f32,
  unit: f64,
  weights: usize,
  means: usize,
  scales: usize,
  end: usize,
): void {
  const meansAt = params + ((<usize>count) << 2);
  const scalesAt = meansAt + ((<usize>count) << 2);
  let largest = -LIMIT;
  for (let k = 0; k < count; k++) {
    const from = (<usize>k) << 2;
    const to = (<usize>k) << 3;
    const logit = clamp(-LIMIT, <f64>load<f32>(params + from), LIMIT);
    largest = logit > largest ? logit : largest;
    const mean = <f64>centre + <f64>load<f32>(meansAt + from) * MEAN_UNIT * unit;
    store<f64>(weights + to, logit);
    store<f64>(means + to, clamp(-LIMIT, mean, LIMIT));
    store<f64>(scales + to, clamp(MIN_SCALE, <f64>load<f32>(scalesAt + from) + SCALE_SHIFT, MAX_SCALE));
  }
  for (let at: usize = 0; at < end; at += 16) {
    const logits = f64x2.sub(v128.load(weights + at), f64x2.splat(largest));
    v128.store(weights + at, exp64x2(f64x2.pmax(f64x2.splat(MIN_LOGIT), logits)));
  }
  for (let at = (<usize>count) << 3; at < end; at += 8) {
    store<f64>(weights + at, 0);
    store<f64>(means + at, 0);
    store<f64>(scales + at, 0);
  }
}

/** Returns x clamped to [low, high]; a NaN becomes `low`. */
export function clamp(low: f64, x: f64, high: f64): f64 {
  return x > low ? (x < high ? x : high) : low;
}
