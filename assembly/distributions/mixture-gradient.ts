/**
 * The gradient of a value's code length under a mixture of logistics (`logistic-mixture.ts`) with respect to the
 * mixture's parameters. In f64, and finite for any parameters; the order of operations is part of the format.
 *
 *     p = F(v + 1) - F(v) = (1 - 2^-9) S + 2^-9 / 2^depth,   S = sum_k pi_k D_k
 *     D_k = sigmoid(high_k) - sigmoid(low_k)
 *     dp / d logit_k = (1 - 2^-9) pi_k (D_k - S)
 *     dp / d mu_k    = (1 - 2^-9) pi_k (low' - high') e^-s_k         ' is the sigmoid's derivative there
 *     dp / d s_k     = (1 - 2^-9) pi_k (low' low_k - high' high_k)   0 if s_k is clamped
 *
 * For the smallest value sigmoid(low) is 0 and for the largest sigmoid(high) is 1, with derivative 0, because F is 0
 * and 1 there.
 */
import { exp64x2 } from '../kernels/exp64';
import { FLOOR, MAX_ARGUMENT } from './logistic-mixture';
import { MAX_COMPONENTS, MAX_SCALE, MEAN_UNIT, MIN_SCALE, loadComponents } from './mixture-components';

/** Smaller derivatives become 0, so that no later product is subnormal. */
const TINY: f64 = 1e-15;

const BYTES: i32 = MAX_COMPONENTS * 8;
/** f64[K], padded to an even number with a component of weight, mean and scale 0. */
const weights: usize = memory.data(BYTES, 16); // logits, then e^(logit - largest)
const means: usize = memory.data(BYTES, 16); // mu_k
const scales: usize = memory.data(BYTES, 16); // s_k
const rises: usize = memory.data(BYTES, 16); // D_k, then the derivative by logit_k
const byMean: usize = memory.data(BYTES, 16);
const byScale: usize = memory.data(BYTES, 16);

/**
 * Writes the gradient of a value's code length in nats, times `weight`.
 * @param params f32[3 K], as for the mixture's `set`
 * @param count K
 * @param value of the sample, 0 to 2^depth - 1
 * @param centre of the means
 * @param unit of the parameters, as for the mixture's `set`
 * @param weight of a nat of this value's code length
 * @param gradient f32[3 K], written: weight * d(-ln p) / d params
 * @returns p
 */
export function mixtureGradient(
  params: usize,
  count: i32,
  value: i32,
  centre: f32,
  depth: i32,
  unit: f64,
  weight: f64,
  gradient: usize,
): f64 {
  const values = 1 << depth;
  const end = (<usize>((count + 1) & ~1)) << 3;
  loadComponents(params, count, centre, unit, weights, means, scales, end);

  const first = value === 0;
  const last = value === values - 1;
  let total = f64x2.splat(0);
  let rise = f64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const slope = f64x2.div(exp64x2(f64x2.neg(v128.load(scales + at))), f64x2.splat(unit));
    const distance = f64x2.sub(f64x2.splat(<f64>value), v128.load(means + at));
    const low = bounded(f64x2.mul(f64x2.sub(distance, f64x2.splat(0.5)), slope));
    const high = bounded(f64x2.mul(f64x2.add(distance, f64x2.splat(0.5)), slope));
    const lowShare = first ? f64x2.splat(0) : sigmoid(low);
    const highShare = last ? f64x2.splat(1) : sigmoid(high);
    const lowSteep = f64x2.sub(lowShare, f64x2.mul(lowShare, lowShare));
    const highSteep = f64x2.sub(highShare, f64x2.mul(highShare, highShare));
    const difference = f64x2.sub(highShare, lowShare);
    const e = v128.load(weights + at);
    total = f64x2.add(total, e);
    rise = f64x2.add(rise, f64x2.mul(e, difference));
    v128.store(rises + at, difference);
    v128.store(byMean + at, f64x2.mul(f64x2.sub(lowSteep, highSteep), slope));
    v128.store(byScale + at, f64x2.sub(f64x2.mul(lowSteep, low), f64x2.mul(highSteep, high)));
  }
  const weightSum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  const share = (f64x2.extract_lane(rise, 0) + f64x2.extract_lane(rise, 1)) / weightSum;
  const p = (1 - FLOOR) * share + FLOOR / <f64>values;

  const factor = (-weight * (1 - FLOOR)) / (p * weightSum);
  const meanAt = gradient + ((<usize>count) << 2);
  const scaleAt = meanAt + ((<usize>count) << 2);
  for (let k = 0; k < count; k++) {
    const from = (<usize>k) << 3;
    const to = (<usize>k) << 2;
    const part = factor * load<f64>(weights + from);
    const s = load<f64>(scales + from);
    const free = s > MIN_SCALE && s < MAX_SCALE;
    store<f32>(gradient + to, single(part * (load<f64>(rises + from) - share)));
    store<f32>(meanAt + to, single(part * load<f64>(byMean + from) * MEAN_UNIT * unit));
    store<f32>(scaleAt + to, free ? single(part * load<f64>(byScale + from)) : 0);
  }
  return p;
}

/** Returns 1 / (1 + e^-z). */
function sigmoid(z: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.div(one, f64x2.add(one, exp64x2(f64x2.neg(z))));
}

function bounded(z: v128): v128 {
  return f64x2.pmin(f64x2.splat(MAX_ARGUMENT), f64x2.pmax(f64x2.splat(-MAX_ARGUMENT), z));
}

function single(x: f64): f32 {
  return abs(x) < TINY ? 0 : <f32>x;
}
