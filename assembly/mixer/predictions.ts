/** The predictions of a value that have residual maps. */
import { inRow, inRowAbove, inSecondRowAbove } from './surroundings';

/** Number of predictions of a value, a multiple of 16. */
export const MAPS: i32 = 32;

const values: usize = memory.data(MAPS * 4, 16); // i32
/** The predictions clamped to 0..255, u8[MAPS]. */
export const predicted: usize = memory.data(MAPS, 16);

let next: usize = 0;

/** Computes the predictions of channel c of an RGB pixel. */
export function predictColour(c: i32, mean: i32, a: i32, b: i32): void {
  const w = inRow(c, -1);
  const n = inRowAbove(c, 0);
  const nw = inRowAbove(c, -1);
  const ne = inRowAbove(c, 1);
  const ww = inRow(c, -2);
  const nn = inSecondRowAbove(c, 0);
  const nne = inSecondRowAbove(c, 1);
  // The other two channels. If one is not known yet, pixel W and its neighbours replace the current pixel and its own.
  const k1 = c > 0 ? 0 : 1;
  const k2 = c > 1 ? 1 : 2;
  const d1 = c > 0 ? 0 : -1;
  const d2 = c > 1 ? 0 : -1;
  const q1 = inRow(k1, d1);
  const q1w = inRow(k1, d1 - 1);
  const q1n = inRowAbove(k1, d1);
  const q1nw = inRowAbove(k1, d1 - 1);
  const q1ne = inRowAbove(k1, d1 + 1);
  const q1ww = inRow(k1, d1 - 2);
  const q1nn = inSecondRowAbove(k1, d1);
  const q1nne = inSecondRowAbove(k1, d1 + 1);
  const q2 = inRow(k2, d2);
  const q2w = inRow(k2, d2 - 1);
  const q2n = inRowAbove(k2, d2);
  const q2nw = inRowAbove(k2, d2 - 1);
  const q2ne = inRowAbove(k2, d2 + 1);
  const gw = c > 0 ? q1 - q1w : 0;
  const gn = c > 0 ? q1 - q1n : 0;
  const hw = c > 1 ? q2 - q2w : 0;
  const hn = c > 1 ? q2 - q2n : 0;
  next = values;
  put(mean);
  put(a);
  put(b);
  put(w + gw);
  put(n + gn);
  put(w + hw);
  put(n + hn);
  put((w + n + 1) >> 1);
  put((w + n + gw + gn) >> 1);
  put(n);
  put(q1);
  put(q1 + ne - q1ne);
  put(q1 + nw - q1nw);
  put(q1 + ww - q1ww);
  put(q1 + (w + n - nw) - (q1w + q1n - q1nw));
  put(q1 + (n + ne - nne) - (q1n + q1ne - q1nne));
  put(q1 + 2 * w - ww - (2 * q1w - q1ww));
  put(q1 + 2 * n - nn - (2 * q1n - q1nn));
  put(q2);
  put(q2 + ne - q2ne);
  put(ne);
  put(inRowAbove(c, 2));
  put(2 * n - nn);
  put(2 * w - ww);
  put(w);
  put(w + n - nw);
  put(w + ne - n);
  put(n + ne - nne);
  put((w + ne + 1) >> 1);
  put(q2 + (w + n - nw) - (q2w + q2n - q2nw));
  put(nw);
  put(ww);
  clampToBytes();
}

export function predictGray(mean: i32, a: i32, b: i32): void {
  const w = inRow(0, -1);
  const n = inRowAbove(0, 0);
  const nw = inRowAbove(0, -1);
  const ne = inRowAbove(0, 1);
  const nee = inRowAbove(0, 2);
  const nww = inRowAbove(0, -2);
  const ww = inRow(0, -2);
  const www = inRow(0, -3);
  const nn = inSecondRowAbove(0, 0);
  const nne = inSecondRowAbove(0, 1);
  const nnw = inSecondRowAbove(0, -1);
  next = values;
  put(mean);
  put(a);
  put(b);
  put(w);
  put(n);
  put(w + n - nw);
  put((w + n + 1) >> 1);
  put(ne);
  put(nee);
  put(nn);
  put(ww);
  put(w + ne - n);
  put(2 * n - nn);
  put(2 * w - ww);
  put(n + ne - nne);
  put((w + ne + 1) >> 1);
  put(n + nw - nnw);
  put(w + ((ne - nw) >> 1));
  put(n + ((w - nw) >> 1));
  put(w + nw - nww);
  put(3 * (w - ww) + www);
  put((w + n + ne - nw + nee - nne) >> 1);
  put(nw);
  put((a + mean + 1) >> 1);
  put((n + ne + 1) >> 1);
  put((b + mean + 1) >> 1);
  put(nne);
  put(nww);
  put((w + nee + 1) >> 1);
  put(w + n - ((nw + nn + 1) >> 1));
  put(www);
  put((w + nw + 1) >> 1);
  clampToBytes();
}

function put(value: i32): void {
  store<i32>(next, value);
  next += 4;
}

/** Clamps the values to bytes. */
function clampToBytes(): void {
  for (let i: usize = 0; i < <usize>MAPS; i += 16) {
    const from = values + (i << 2);
    const low = i16x8.narrow_i32x4_s(v128.load(from), v128.load(from, 16));
    const high = i16x8.narrow_i32x4_s(v128.load(from, 32), v128.load(from, 48));
    v128.store(predicted + i, i8x16.narrow_i16x8_u(low, high));
  }
}
