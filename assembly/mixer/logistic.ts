/**
 * Conversions between probabilities and the logistic domain, four lanes at a time. Each operation is rounded once to
 * f32; constants and order are part of the format.
 */
import { exp4 } from '../kernels/exp';
import { LN2 } from '../kernels/log';

/**
 * ln((1 + s) / (1 - s)) = 2 (s + s^3 / 3 + s^5 / 5 + ...), |s| <= 1/3: the first omitted term is below 1.2e-5. These
 * constants and the masks are loaded where they are used, because V8 would rebuild constants in every iteration of a
 * loop, with three instructions each.
 */
const SERIES: usize = memory.data<f32>([2 / 7, 2 / 5, 2 / 3, 2, <f32>LN2], 16);
const MASKS: usize = memory.data<i32>([0x007fffff, 0x3f800000], 16);

/** Returns ln(a / b), for normal positive a and b. */
export function logRatio4(a: v128, b: v128): v128 {
  const exponents = i32x4.sub(i32x4.shr_u(a, 23), i32x4.shr_u(b, 23));
  const mantissa = v128.load32_splat(MASKS);
  const one = v128.load32_splat(MASKS, 4);
  const m = v128.or(v128.and(a, mantissa), one);
  const n = v128.or(v128.and(b, mantissa), one);
  const s = f32x4.div(f32x4.sub(m, n), f32x4.add(m, n));
  const t = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(v128.load32_splat(SERIES), t), v128.load32_splat(SERIES, 4));
  p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(SERIES, 8));
  p = f32x4.add(f32x4.mul(p, t), v128.load32_splat(SERIES, 12));
  const whole = f32x4.mul(f32x4.convert_i32x4_s(exponents), v128.load32_splat(SERIES, 16));
  return f32x4.add(f32x4.mul(p, s), whole);
}

/** Returns 1 / (1 + e^-x), finite x. */
export function squash4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const one = f32x4.splat(1);
  const positive = f32x4.ge(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(one, e, positive), f32x4.add(one, e));
}

/** Returns x clamped to +-limit. */
export function limit4(x: v128, limit: f32): v128 {
  return f32x4.pmax(f32x4.splat(-limit), f32x4.pmin(f32x4.splat(limit), x));
}
