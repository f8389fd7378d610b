/**
 * The two passes of an Adam step (Kingma and Ba 2015) over flat f32 arrays. The order of operations is part of the
 * format.
 *
 * Negligible values become zero, so that no subnormal arises however long nothing changes: gradients below 1e-15, whose
 * square is negligible against epsilon^2, and moments below 1e-30.
 */

const EPSILON: f64 = 1e-6;

/** Smaller gradients and moments become zero. */
const TINY_GRADIENT: f32 = 1e-15;
const TINY_MOMENT: f32 = 1e-30;
/** All bits of a float except its sign. */
const MAGNITUDE: i32 = 0x7fffffff;

/**
 * Values that are the same for all lanes go through memory: inside a loop V8 recomputes whatever it can compute, splats
 * and their operands included (a square root and a division here), but it does not move loads into the loop.
 */
const constants: usize = memory.data(10 * 4, 16);

/**
 * Returns the sum of the squares of f32[count], a multiple of 4. Lane l of accumulator j adds the values 16 i + 4 j + l
 * (in f32); a remainder of fewer than 16 is added to accumulator 0. Then the lanes of each accumulator are added in
 * order, in f64, and then the four totals.
 */
export function squaredNorm(gradient: usize, count: i32): f64 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const limit = constant(0, TINY_GRADIENT);
  const mask = signMask(1);
  const end = gradient + ((<usize>count) << 2);
  let at = gradient;
  for (; at + 64 <= end; at += 64) {
    const g0 = flushTiny(v128.load(at), mask, limit);
    const g1 = flushTiny(v128.load(at, 16), mask, limit);
    const g2 = flushTiny(v128.load(at, 32), mask, limit);
    const g3 = flushTiny(v128.load(at, 48), mask, limit);
    a = f32x4.add(a, f32x4.mul(g0, g0));
    b = f32x4.add(b, f32x4.mul(g1, g1));
    c = f32x4.add(c, f32x4.mul(g2, g2));
    d = f32x4.add(d, f32x4.mul(g3, g3));
  }
  for (; at < end; at += 16) {
    const g = flushTiny(v128.load(at), mask, limit);
    a = f32x4.add(a, f32x4.mul(g, g));
  }
  return lanes(a) + lanes(b) + lanes(c) + lanes(d);
}

/**
 * Updates f32[count], a multiple of 4: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, w -= rate * m' /
 * (sqrt(v') + epsilon), where g = scale * gradient, and m', v' are m, v divided by 1 - beta^t; that correction is
 * folded into rate and epsilon.
 * @param power1 beta1^t, t = 1 in the first step
 * @param power2 beta2^t
 */
export function adamUpdate(
  weights: usize,
  gradient: usize,
  m: usize,
  v: usize,
  count: i32,
  scale: f32,
  rate: f64,
  beta1: f64,
  beta2: f64,
  power1: f64,
  power2: f64,
): void {
  const correction = sqrt(1 - power2);
  const step = constant(0, <f32>((rate * correction) / (1 - power1)));
  const epsilon = constant(1, <f32>(EPSILON * correction));
  const factor = constant(2, scale);
  const decay1 = constant(3, <f32>beta1);
  const blend1 = constant(4, <f32>(1 - beta1));
  const decay2 = constant(5, <f32>beta2);
  const blend2 = constant(6, <f32>(1 - beta2));
  const minGradient = constant(7, TINY_GRADIENT);
  const minMoment = constant(8, TINY_MOMENT);
  const mask = signMask(9);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = flushTiny(f32x4.mul(v128.load(gradient + i), factor), mask, minGradient);
    let first = f32x4.add(f32x4.mul(decay1, v128.load(m + i)), f32x4.mul(blend1, g));
    let second = f32x4.add(f32x4.mul(decay2, v128.load(v + i)), f32x4.mul(blend2, f32x4.mul(g, g)));
    first = flushTiny(first, mask, minMoment);
    second = flushTiny(second, mask, minMoment);
    v128.store(m + i, first);
    v128.store(v + i, second);
    const change = f32x4.div(f32x4.mul(step, first), f32x4.add(f32x4.sqrt(second), epsilon));
    v128.store(weights + i, f32x4.sub(v128.load(weights + i), change));
  }
}

/** Returns `value` in all lanes, loaded from constant i. */
function constant(i: usize, value: f32): v128 {
  store<f32>(constants + (i << 2), value);
  return v128.load32_splat(constants + (i << 2));
}

function signMask(i: usize): v128 {
  store<i32>(constants + (i << 2), MAGNITUDE);
  return v128.load32_splat(constants + (i << 2));
}

/** Returns x with lanes of magnitude below `limit`, and NaN, set to 0. */
function flushTiny(x: v128, mask: v128, limit: v128): v128 {
  return v128.and(x, f32x4.ge(v128.and(x, mask), limit));
}

function lanes(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    <f64>f32x4.extract_lane(x, 2) +
    <f64>f32x4.extract_lane(x, 3)
  );
}
