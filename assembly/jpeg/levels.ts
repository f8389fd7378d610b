/**
 * Levels of magnitudes: round(fine * log2(1 + x)), where the logarithm is linear within an octave, so that a level is
 * a few integer operations on the bits of a float. Part of the format.
 */

/** Larger magnitudes count as 2^24. */
const MAX_MAGNITUDE: f32 = 16777216;
const ONE_BITS: i32 = 0x3f800000;
const HALF_UNIT: u32 = 1 << 22;

/** Returns log2(1 + x) as a fixed-point number with 23 fraction bits, x >= 0. */
export function logBits(x: f32): u32 {
  return <u32>(reinterpret<i32>(min<f32>(x, MAX_MAGNITUDE) + 1) - ONE_BITS);
}

/** Returns the level of `logBits`, `fine` levels an octave, at most 8. */
export function levelOf(log: u32, fine: u32): u32 {
  return (log * fine + HALF_UNIT) >> 23;
}

/** Returns the level of a magnitude. */
export function level(x: f32, fine: u32): u32 {
  return levelOf(logBits(x), fine);
}

/** Returns the level of |x| with the sign of x. */
export function signedLevel(x: f32, fine: u32): i32 {
  const magnitude = <i32>level(abs<f32>(x), fine);
  return x < 0 ? -magnitude : magnitude;
}

/** Returns min(|x|, 3). */
export function upTo3(x: i32): u32 {
  return min<u32>(abs<i32>(x), 3);
}

/** Returns 0, 1 or 2 for a negative number, zero, a positive one. */
export function signOf(x: i32): u32 {
  return <u32>(1 + <i32>(x > 0) - <i32>(x < 0));
}
