/**
 * The components of a mixture of logistics as the network's parameters name them: what distribution and gradient begin
 * with. Constants and the order of operations are part of the format.
 */
import { exp64x2 } from '../kernels/exp64';

export const MAX_COMPONENTS: i32 = 32;

/** Bounds that no trained network comes near: they make numbers of whatever comes. A NaN counts as the lower one. */
const LIMIT: f64 = 1e9;
/** A component's weight is at least e^-80 of the largest: far from the subnormals. */
const MIN_LOGIT: f64 = -80;
/** Bounds of the log scales s_k, in units of an 8-bit sample, and where the network's zero lies. */
export const MIN_SCALE: f64 = -3.5;
export const LARGEST_SCALE: f64 = 5.5;
const SCALE_SHIFT: f64 = 1;
/** Means lie this many units of an 8-bit sample from the centre for each unit of their parameter. */
export const MEAN_UNIT: f64 = 8;

/**
 * Writes f64[K] each: weights e^(logit_k - the largest), means mu_k and log scales s_k. Up to byte `end`, a multiple of
 * 16, the lists are filled with components without weight, their mean and scale 0.
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
    const logit = within(-LIMIT, <f64>load<f32>(params + from), LIMIT);
    largest = logit > largest ? logit : largest;
    const mean = <f64>centre + <f64>load<f32>(meansAt + from) * MEAN_UNIT * unit;
    store<f64>(weights + to, logit);
    store<f64>(means + to, within(-LIMIT, mean, LIMIT));
    store<f64>(scales + to, within(MIN_SCALE, <f64>load<f32>(scalesAt + from) + SCALE_SHIFT, LARGEST_SCALE));
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

/** x brought between the bounds, the lower one for a NaN. */
export function within(low: f64, x: f64, high: f64): f64 {
  return x > low ? (x < high ? x : high) : low;
}
