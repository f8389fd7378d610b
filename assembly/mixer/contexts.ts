/** The contexts of a value, which select its hashed statistics. */
import { prefetchFirstLines, setFourContexts } from './hashed-lines';
import { inRow, inRowAbove, inSecondRowAbove } from './surroundings';

/** Constants of the hash. */
const FACTOR_A: u32 = 0x9e3779b1;
const SHIFT_B: u32 = 0x7f4a7c15;
const FACTOR_B: u32 = 0x85ebca6b;
const FACTOR: u32 = 0xc2b2ae35;

/**
 * Writes the contexts of channel c of an RGB pixel.
 * @param mean, a, b the model's mean and two predictions, 0..255
 * @param error class of the local error
 */
export function hashColour(c: i32, mean: u32, a: u32, b: u32, error: u32): void {
  const w = <u32>inRow(c, -1);
  const n = <u32>inRowAbove(c, 0);
  const nw = <u32>inRowAbove(c, -1);
  const ne = <u32>inRowAbove(c, 1);
  const ww = <u32>inRow(c, -2);
  const nn = <u32>inSecondRowAbove(c, 0);
  let p1: u32 = 0;
  let p1w: u32 = 0;
  let p1n: u32 = 0;
  let p2: u32 = 0;
  let p2w: u32 = 0;
  let p2n: u32 = 0;
  if (c > 0) {
    p1 = inRow(0, 0);
    p1w = inRow(0, -1);
    p1n = inRowAbove(0, 0);
  }
  if (c > 1) {
    p2 = inRow(1, 0);
    p2w = inRow(1, -1);
    p2n = inRowAbove(1, 0);
  }
  const a1 = <u32>inRow(1, -1);
  const a2 = <u32>inRow(2, -1);
  const b1 = <u32>inRowAbove(1, 0);
  const b2 = <u32>inRowAbove(2, 0);
  const known = p1 | (p2 << 8);
  const around = hash2(w | (n << 8) | (nw << 16) | (ne << 24), known);
  const around2 = c === 0 ? a1 | (a2 << 8) | (b1 << 16) | (b2 << 24) : known | (p1w << 16) | (p1n << 24);
  const salt = c << 6;
  putFour(
    0,
    salt,
    c === 0 ? w | (a1 << 8) | (a2 << 16) : known,
    known | (mean << 16),
    known | ((mean >> 2) << 16) | ((w >> 5) << 26),
    w | (n << 8) | (p1 << 16),
  );
  putFour(
    4,
    salt,
    hash2(known, n | ((c === 0 ? b1 : p1n) << 8) | ((c < 2 ? b2 : p2n) << 16)),
    c === 0 ? n | (nn << 8) : n | (p1 << 8) | (p1n << 16),
    around,
    hash2(hash2(around, around2), c > 1 ? p2w | (p2n << 8) : ww),
  );
  putFour(8, salt, mean | (error << 8), a | (error << 8), b | (mean << 8), a | ((c > 0 ? p1 : w) << 8));
  putFour(
    12,
    salt,
    (w + p1 - p1w + 512) | ((n + p1 - p1n + 512) << 12),
    (w + (c > 1 ? p2 - p2w : p1 - p1w) + 512) | (error << 12) | ((mean >> 3) << 18),
    0,
    c === 0 ? hash2(mean, a) : hash2(c === 1 ? p1 - p1w : p2 - p2w, w | ((p1 - p1w) << 9)),
  );
  prefetchFirstLines();
}

/** Writes the contexts of a gray pixel. */
export function hashGray(mean: u32, a: u32, b: u32, error: u32): void {
  const w = <u32>inRow(0, -1);
  const n = <u32>inRowAbove(0, 0);
  const nw = <u32>inRowAbove(0, -1);
  const ne = <u32>inRowAbove(0, 1);
  const ww = <u32>inRow(0, -2);
  const nn = <u32>inSecondRowAbove(0, 0);
  const around = w | (n << 8) | (nw << 16) | (ne << 24);
  putFour(0, 0, w | (n << 8), mean, 0, mean | (w << 8));
  putFour(4, 0, mean | (n << 8), w | (ww << 8), n | (nn << 8), around);
  putFour(8, 0, hash2(around, ww | (nn << 8)), mean | (error << 8), a | (error << 8), b | (mean << 8));
  putFour(
    12,
    0,
    a | (w << 8),
    (w - nw + 512) | ((n - nw + 512) << 12),
    (w + n - nw + 512) | (error << 12),
    w | (n << 8) | (ne << 16),
  );
  prefetchFirstLines();
}

/** Sets contexts i to i + 3. Each hash includes the context's number and, through `salt`, the channel. */
function putFour(i: i32, salt: i32, k0: u32, k1: u32, k2: u32, k3: u32): void {
  let keys = i32x4.splat(k0);
  keys = i32x4.replace_lane(keys, 1, k1);
  keys = i32x4.replace_lane(keys, 2, k2);
  keys = i32x4.replace_lane(keys, 3, k3);
  setFourContexts(i, hash2x4(keys, i32x4.add(i32x4(1, 2, 3, 4), i32x4.splat(salt + i))));
}

function hash2(a: u32, b: u32): u32 {
  let h = (a * FACTOR_A) ^ ((b + SHIFT_B) * FACTOR_B);
  h ^= h >> 15;
  h *= FACTOR;
  return h ^ (h >> 13);
}

/** Returns `hash2` of four lanes. */
function hash2x4(a: v128, b: v128): v128 {
  const left = i32x4.mul(a, i32x4.splat(FACTOR_A));
  const right = i32x4.mul(i32x4.add(b, i32x4.splat(SHIFT_B)), i32x4.splat(FACTOR_B));
  let h = v128.xor(left, right);
  h = v128.xor(h, i32x4.shr_u(h, 15));
  h = i32x4.mul(h, i32x4.splat(FACTOR));
  return v128.xor(h, i32x4.shr_u(h, 13));
}
