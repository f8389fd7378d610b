/**
 * The exponential function of the coding path: core SIMD multiplications and additions only, each rounded once to f32,
 * so that every engine computes the same bits. Constants and the order of operations are part of the format.
 */

/** Smaller arguments count as -80: e^-80 = 1.8e-35 is far from subnormal (1.2e-38). */
const EXP_LOWEST: f32 = -80;

/** 1 / ln 2. */
const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 = LN2_HIGH + LN2_LOW; the high part has 9 bits, so that n * LN2_HIGH is exact for |n| < 2^15. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -0.00021219444;
/** 1.5 * 2^23: adding it rounds a small number to the nearest integer, in the lowest bits. */
const ROUNDER: f32 = 12582912;

// e^r = 1 + r + r^2 (C2 + C3 r + ... + C6 r^4) on |r| <= ln(2) / 2; relative minimax error 3.1e-9 before rounding
// (reweighted least squares on 4,001 Chebyshev nodes; 1 and r are held exact so that e^0 is 1).
const C2: f32 = 0.49999994;
const C3: f32 = 0.16666521;
const C4: f32 = 0.04166839;
const C5: f32 = 0.008368717;
const C6: f32 = 0.0013814599;

/**
 * Returns e^x in each of four f32 lanes, for x <= 0 (correct up to 80, but not clamped there). Relative error below
 * 1.2e-7, e^0 = 1 exactly, results in [1.8e-35, 1]. A NaN counts as -80, so its payload, which WebAssembly leaves open,
 * has no effect.
 *
 * Binaryen inlines it. In hot loops call it for four vectors per iteration, so that V8 sets up its constants once for
 * all four.
 */
export function exp4(x: v128): v128 {
  // pmax(a, b) is "a < b ? b : a": a NaN in b gives a.
  const clamped = f32x4.pmax(f32x4.splat(EXP_LOWEST), x);
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(C6), r), f32x4.splat(C5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C4));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C2));
  const y = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // y is in [0.7, 1.42]. n is in the low bits of `shifted` (whose nine lowest are otherwise zero): shifted to the
  // exponent and added as an integer, it multiplies y by 2^n.
  return i32x4.add(y, i32x4.shl(shifted, 23));
}
