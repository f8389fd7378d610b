/** The predictions of a value that have residual maps. */
import { LEAN_DIFFERENCE_MAPS, MAX_DIFFERENCE_MAPS, MAX_MAPS, differenceMaps, errorMaps, maps } from './experts';
import { codedOffset, inRow, inRowAbove, inSecondRowAbove } from './surroundings';

/** A difference is -256 to 255. */
export const DIFFERENCES: i32 = 512;
/** Room for all predictions, a multiple of 16. */
const ROOM: i32 = (MAX_MAPS + 15) & ~15;

const values: usize = memory.data(ROOM * 4, 16); // i32
/** The predictions clamped to 0..255, u8[maps]. */
export const predicted: usize = memory.data(ROOM, 16);
/** The differences that select histograms, plus 256, i32[differenceMaps]. */
export const differences: usize = memory.data(MAX_DIFFERENCE_MAPS * 4, 16);

let next: usize = 0;
let nextDifference: usize = 0;
/** A sample less its coded value: predictions are of the coded value. */
let offset: i32 = 0;
/** Of `putFollowing`: the first channel, the channel before this one, and how it changed from the last neighbour. */
let first: i32 = 0;
let change: i32 = 0;
let step: i32 = 0;

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
  startPredictions(mean, a, b, codedOffset(c));
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
  next = values + ((<usize>errorMaps) << 2); // the lean mixer has fewer of them
  if (c === 0) {
    putBy(0, inRow(2, -1) - w);
    putGradients(w, n, nw, ne, ww, nn, nne);
    if (differenceMaps > LEAN_DIFFERENCE_MAPS) putNeighbours(mean, b, w, n, nw, ne, ww, nn);
  } else {
    putFollowing(c, mean, a);
  }
  clampToBytes();
}

/** Puts seven predictions, each with the step that it adds to a neighbour. */
function putGradients(w: i32, n: i32, nw: i32, ne: i32, ww: i32, nn: i32, nne: i32): void {
  const nww = inRowAbove(0, -2);
  putBy(w + n - nw, w - nw);
  putBy(w + n - nw, n - nw);
  putBy(w + ne - n, ne - n);
  putBy(2 * n - nn, n - nn);
  putBy(2 * w - ww, w - ww);
  putBy(n + ne - nne, ne - nne);
  putBy(w + nw - nww, nw - nww);
}

/** Puts eight predictions, most of them a neighbour, each with its step from another one. */
function putNeighbours(mean: i32, b: i32, w: i32, n: i32, nw: i32, ne: i32, ww: i32, nn: i32): void {
  putBy(w, w - ww);
  putBy(n, n - nn);
  putBy(ne, ne - n);
  putBy((w + n) >> 1, w - n);
  putBy(b, b - mean);
  putBy(w + n - nw, inRow(1, -1) - w);
  putBy(n, inRowAbove(1, 0) - n);
  putBy(ne, ne - inRowAbove(0, 2));
}

/**
 * Puts predictions that move from a neighbour as the first channel does, each with the change of the channel before
 * this one: the first channel itself, or the second one's difference from it.
 */
function putFollowing(c: i32, mean: i32, a: i32): void {
  first = inRow(0, 0);
  change = c > 1 ? inRow(1, 0) - first : first;
  const w = inRow(0, -1);
  const n = inRowAbove(0, 0);
  putBy(first, c > 1 ? change : inRow(2, -1) - w);
  const fromW = follow(c, inRow(c, -1), w, inRow(1, -1));
  const stepW = step;
  const fromN = follow(c, inRowAbove(c, 0), n, inRowAbove(1, 0));
  const stepN = step;
  const fromNE = follow(c, inRowAbove(c, 1), inRowAbove(0, 1), inRowAbove(1, 1));
  const stepNE = step;
  const fromNW = follow(c, inRowAbove(c, -1), inRowAbove(0, -1), inRowAbove(1, -1));
  const stepNW = step;
  follow(c, inRow(c, -2), inRow(0, -2), inRow(1, -2));
  follow(c, inSecondRowAbove(c, 0), inSecondRowAbove(0, 0), inSecondRowAbove(1, 0));
  putBy((fromW + fromN) >> 1, stepW + stepN);
  if (differenceMaps === LEAN_DIFFERENCE_MAPS) return;
  follow(c, inRowAbove(c, 2), inRowAbove(0, 2), inRowAbove(1, 2));
  follow(c, inSecondRowAbove(c, 1), inSecondRowAbove(0, 1), inSecondRowAbove(1, 1));
  follow(c, inRowAbove(c, -2), inRowAbove(0, -2), inRowAbove(1, -2));
  putBy(fromW + fromN - fromNW, stepW + stepN - stepNW);
  putBy((fromN + fromNE) >> 1, stepN + stepNE);
  putBy((fromW + fromNE) >> 1, stepW + stepNE);
  putBy(mean + offset, mean - a); // the model's mean is of the coded value
  putBy(inRow(c, -1), stepW);
}

/** Puts the prediction from a neighbour, given its own, first and second channel. Returns the prediction. */
function follow(c: i32, own: i32, itsFirst: i32, itsSecond: i32): i32 {
  const prediction = own + first - itsFirst;
  step = change - (c > 1 ? itsSecond - itsFirst : itsFirst);
  putBy(prediction, step);
  return prediction;
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
  startPredictions(mean, a, b, 0);
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

/** Begins with the model's predictions, which are of the coded value. */
function startPredictions(mean: i32, a: i32, b: i32, codedAs: i32): void {
  next = values;
  nextDifference = differences;
  offset = 0;
  put(mean);
  put(a);
  put(b);
  offset = codedAs;
}

/** Puts a prediction of the sample. */
function put(value: i32): void {
  store<i32>(next, value - offset);
  next += 4;
}

/** Puts a prediction and the difference of samples that selects its histogram. */
function putBy(value: i32, difference: i32): void {
  put(value);
  store<i32>(nextDifference, max(0, min(DIFFERENCES - 1, difference + 256)));
  nextDifference += 4;
}

/** Clamps the values to bytes. */
function clampToBytes(): void {
  for (let i: usize = 0; i < <usize>maps; i += 16) {
    const from = values + (i << 2);
    const low = i16x8.narrow_i32x4_s(v128.load(from), v128.load(from, 16));
    const high = i16x8.narrow_i32x4_s(v128.load(from, 32), v128.load(from, 48));
    v128.store(predicted + i, i8x16.narrow_i16x8_u(low, high));
  }
}
