/** The contexts of a value: what its hashed statistics are kept by. */
import { setContext } from './hashed-lines';
import { inRow, inRowAbove, inSecondRowAbove } from './surroundings';

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
  const around2 = c == 0 ? a1 | (a2 << 8) | (b1 << 16) | (b2 << 24) : known | (p1w << 16) | (p1n << 24);
  put(c, 0, c == 0 ? w | (a1 << 8) | (a2 << 16) : known);
  put(c, 1, known | (mean << 16));
  put(c, 2, known | ((mean >> 2) << 16) | ((w >> 5) << 26));
  put(c, 3, w | (n << 8) | (p1 << 16));
  put(c, 4, hash2(known, n | ((c == 0 ? b1 : p1n) << 8) | ((c < 2 ? b2 : p2n) << 16)));
  put(c, 5, c == 0 ? n | (nn << 8) : n | (p1 << 8) | (p1n << 16));
  put(c, 6, around);
  put(c, 7, hash2(hash2(around, around2), c > 1 ? p2w | (p2n << 8) : ww));
  put(c, 8, mean | (error << 8));
  put(c, 9, a | (error << 8));
  put(c, 10, b | (mean << 8));
  put(c, 11, a | ((c > 0 ? p1 : w) << 8));
  put(c, 12, (w + p1 - p1w + 512) | ((n + p1 - p1n + 512) << 12));
  put(c, 13, (w + (c > 1 ? p2 - p2w : p1 - p1w) + 512) | (error << 12) | ((mean >> 3) << 18));
  put(c, 14, 0);
  put(c, 15, c == 0 ? hash2(mean, a) : hash2(c == 1 ? p1 - p1w : p2 - p2w, w | ((p1 - p1w) << 9)));
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
  put(0, 0, w | (n << 8));
  put(0, 1, mean);
  put(0, 2, 0);
  put(0, 3, mean | (w << 8));
  put(0, 4, mean | (n << 8));
  put(0, 5, w | (ww << 8));
  put(0, 6, n | (nn << 8));
  put(0, 7, around);
  put(0, 8, hash2(around, ww | (nn << 8)));
  put(0, 9, mean | (error << 8));
  put(0, 10, a | (error << 8));
  put(0, 11, b | (mean << 8));
  put(0, 12, a | (w << 8));
  put(0, 13, (w - nw + 512) | ((n - nw + 512) << 12));
  put(0, 14, (w + n - nw + 512) | (error << 12));
  put(0, 15, w | (n << 8) | (ne << 16));
}

function put(c: i32, i: i32, key: u32): void {
  setContext(i, hash2(key, ((<u32>c) << 6) + <u32>i + 1));
}

function hash2(a: u32, b: u32): u32 {
  let h = (a * 0x9e3779b1) ^ ((b + 0x7f4a7c15) * 0x85ebca6b);
  h ^= h >> 15;
  h *= 0xc2b2ae35;
  return h ^ (h >> 13);
}
