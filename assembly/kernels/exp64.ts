/**
 * The exponential function in f64, for probabilities: core SIMD multiplications and additions only, each rounded once,
 * so that every engine computes the same bits. Constants and the order of operations are part of the format.
 */

/** Arguments are clamped to [-700, 700]: e^700 = 1.0e304, and e^-700 is far from subnormal (2.2e-308). */
const MAX_ARGUMENT: f64 = 700;

/** 1 / ln 2. */
const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 = LN2_HIGH + LN2_LOW; the high part has 32 bits, so that n * LN2_HIGH is exact for |n| < 2^21. */
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
/** 1.5 * 2^52: adding it rounds a number to the nearest integer, in the lowest bits. */
const ROUNDER: f64 = 6755399441055744;

// e^r = 1 + r + r^2 (C2 + C3 r + ... + C10 r^8) on |r| <= ln(2) / 2; relative minimax error 2.9e-16 before rounding
// (as for `exp4`: 1 and r are held exact so that e^0 is 1).
const C2: f64 = 0.49999999999998324;
const C3: f64 = 0.16666666666611551;
const C4: f64 = 0.041666666668136565;
const C5: f64 = 0.008333333370871507;
const C6: f64 = 0.0013888888516212375;
const C7: f64 = 0.00019841185234495043;
const C8: f64 = 2.480193172847852e-5;
const C9: f64 = 2.763499144503793e-6;
const C10: f64 = 2.747679440393242e-7;

/**
 * Returns e^x in each of two f64 lanes. Relative error below 1e-15, e^0 = 1 exactly, results in [9.8e-305, 1.1e304]. A
 * NaN counts as -700, so its payload, which WebAssembly leaves open, has no effect.
 */
export function exp64x2(x: v128): v128 {
  // pmax(a, b) is "a < b ? b : a": a NaN in b gives a.
  return boundedExp64x2(f64x2.pmin(f64x2.splat(MAX_ARGUMENT), f64x2.pmax(f64x2.splat(-MAX_ARGUMENT), x)));
}

/**
 * Returns the same for x in [-700, 700].
 *
 * The polynomial is evaluated in pairs (Estrin), in half the time of Horner's scheme, because a call mostly waits for
 * its own operations. Binaryen inlines it. In hot loops call it for three vectors per iteration, so that V8 sets up its
 * constants once for all three.
 */
export function boundedExp64x2(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(ROUNDER));
  const n = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_HIGH))), f64x2.mul(n, f64x2.splat(LN2_LOW)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const a = f64x2.add(f64x2.mul(f64x2.splat(C3), r), f64x2.splat(C2));
  const b = f64x2.add(f64x2.mul(f64x2.splat(C5), r), f64x2.splat(C4));
  const c = f64x2.add(f64x2.mul(f64x2.splat(C7), r), f64x2.splat(C6));
  const d = f64x2.add(f64x2.mul(f64x2.splat(C9), r), f64x2.splat(C8));
  const low = f64x2.add(f64x2.mul(b, r2), a);
  const high = f64x2.add(f64x2.mul(f64x2.splat(C10), r4), f64x2.add(f64x2.mul(d, r2), c));
  const p = f64x2.add(f64x2.mul(high, r4), low);
  const y = f64x2.add(f64x2.add(f64x2.mul(p, r2), r), f64x2.splat(1));
  // y is in [0.7, 1.42]. n is in the low bits of `shifted`: shifted to the exponent and added as an integer, it
  // multiplies y by 2^n.
  return i64x2.add(y, i64x2.shl(shifted, 52));
}
