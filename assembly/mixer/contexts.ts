/** The contexts of a value, which select its hashed statistics. */
import { prefetchFirstLines, setFourContexts } from './hashed-lines';
import { codedInRow, codedInRowAbove, inRow, inRowAbove, inSecondRowAbove } from './surroundings';

/** Constants of the hash. */
const FACTOR_A: u32 = 0x9e3779b1;
const SHIFT_B: u32 = 0x7f4a7c15;
const FACTOR_B: u32 = 0x85ebca6b;
const FACTOR: u32 = 0xc2b2ae35;

/**
 * Writes the contexts of channel c of an RGB pixel.
 * @param a the model's first prediction, 0..255
 * @param error class of the local error
 */
export function hashColour(c: i32, a: u32, error: u32): void {
  const w = <u32>codedInRow(c, -1);
  const n = <u32>codedInRowAbove(c, 0);
  const nw = <u32>codedInRowAbove(c, -1);
  const ne = <u32>codedInRowAbove(c, 1);
  // The other two channels, and their changes from W and from N: where one is not known yet, those of pixel W.
  const d1 = c > 0 ? 0 : -1;
  const d2 = c > 1 ? 0 : -1;
  const k1 = c > 0 ? 0 : 1;
  const k2 = c > 1 ? 1 : 2;
  const r1 = <u32>codedInRow(k1, d1);
  const r2 = <u32>codedInRow(k2, d2);
  const r1FromW = r1 - <u32>codedInRow(k1, d1 - 1) + 512;
  const r1FromN = r1 - <u32>codedInRowAbove(k1, d1) + 512;
  const r2FromW = r2 - <u32>codedInRow(k2, d2 - 1) + 512;
  const r2FromN = r2 - <u32>codedInRowAbove(k2, d2) + 512;
  const known = (c > 0 ? r1 : 0) | ((c > 1 ? r2 : 0) << 8);
  const salt = c << 6;
  putFour(
    0,
    salt,
    c === 0 ? w | (r1 << 8) | (r2 << 16) : known,
    w | (n << 8) | (c > 0 ? r1 << 16 : 0),
    hash2(w | (n << 8) | (nw << 16) | (ne << 24), known),
    a | (error << 8),
  );
  putFour(4, salt, w | (r2 << 8), n | (r2 << 8), w | (n << 8) | (r2 << 16), r2);
  putFour(
    8,
    salt,
    w | (r1FromW << 8) | (r2FromW << 18),
    n | (r1FromN << 8) | (r2FromN << 18),
    w | (r1 << 8) | (r2 << 16),
    n | (r1 << 8) | (r2 << 16),
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
