/**
 * The binary logarithm of the coding path: core SIMD operations only, each rounded once to f32, so that every engine
 * computes the same bits. Constants and order are part of the format.
 */

export const LN2: f64 = 0.6931471805599453;

/** The bits of sqrt(1/2). Subtracting them makes the exponent of a number in [sqrt(1/2), sqrt(2)) zero. */
const SQRT_HALF_BITS: i32 = 0x3f3504f3;
const MANTISSA: i32 = 0x007fffff;

// log2(m) = 2 / ln 2 * (s + s^3 / 3 + s^5 / 5 + ...), s = (m - 1) / (m + 1), |s| <= 0.1716: the term left out is below
// 2e-9.
const C1: f32 = 2.8853900817779268;
const C3: f32 = 0.9617966939259756;
const C5: f32 = 0.5770780163555854;
const C7: f32 = 0.4121985831111324;
const C9: f32 = 0.3205988979753252;

/**
 * Returns log2 x in each of four f32 lanes, for normal x > 0. Absolute error below 2e-7 + 1e-7 |log2 x|, log2 1 = 0
 * exactly. Any other bits (zero, negative, NaN) give a finite number, the same on every engine.
 */
export function log2x4(x: v128): v128 {
  const offset = i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(v128.and(offset, i32x4.splat(MANTISSA)), i32x4.splat(SQRT_HALF_BITS));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const t = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(f32x4.splat(C9), t), f32x4.splat(C7));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(C5));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(C3));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(C1));
  return f32x4.add(f32x4.mul(p, s), exponent);
}

/** Returns log2 x of one number. */
export function log2(x: f32): f32 {
  return f32x4.extract_lane(log2x4(f32x4.splat(x)), 0);
}
