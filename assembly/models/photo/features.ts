/**
 * The inputs of the `photo` network (docs/format/photo.md, "Inputs"), C channels in coding order (G, R, B or gray):
 *
 *     inputs  f32[71 C + C + S C + S]  the window (rows -5 .. -1, columns -6 .. 6, then the row's six pixels to the
 *                                      left, channels fastest) as (v - base) / 32; (base - 128) / 64 of each channel;
 *                                      the logarithms of recent errors, predictors slowest; the S predictions of
 *                                      channel 0 minus its base
 *     extras  f32[S + S] per channel   its S predictions minus its base; their recent errors
 *     conditions f32[2] per channel    of the coded value v, relative to the first predictor: 0.7 asinh(r / 6), r / 32
 *
 * A prediction minus base is divided by 8 and clamped to -6 .. 6. The base is (W + N) / 2 + (NE - NW) / 4, clamped to 0
 * .. 255.
 */
import { largest, neighbour, toBytes } from '../../history';
import { LN2, log2 } from '../../kernels/log';
import {
  MAX_SETS,
  configurePredictors,
  observePredictors,
  predictChannel,
  predictionAt,
  sets,
  startPixelPredictors,
  startPredictors,
} from './predictors';
import { similarFits } from './similar-fits';
import { configureErrors, movePixelErrors, putError, startErrors } from './recent-errors';

const WINDOW_ROWS: i32 = 5;
const WINDOW_REACH: i32 = 6;
const TAPS_ABOVE: i32 = WINDOW_ROWS * (2 * WINDOW_REACH + 1);
const WINDOW_TAPS: i32 = TAPS_ABOVE + WINDOW_REACH;
/** Condition inputs of a head per known channel. */
export const CONDITIONS: i32 = 2;

/** Base values of the current pixel, f32[3], padded to a whole vector. */
const bases: usize = memory.data(4 * 4, 16);
/** Logarithms of recent errors, f32[MAX_SETS * 3]. */
const logErrors: usize = memory.data(MAX_SETS * 3 * 4, 16);

let channels: i32 = 0;

/** Returns the number of extra inputs of each head. */
export function extraCount(): i32 {
  return 2 * sets;
}

/** Returns the number of inputs of the first layer. */
export function inputCount(channelCount: i32): i32 {
  return (WINDOW_TAPS + 1 + sets) * channelCount + sets;
}

export function configureFeatures(channelCount: i32): void {
  channels = channelCount;
  configurePredictors(channels);
  configureErrors(sets * channels);
}

export function startFeatures(width: i32): void {
  startPredictors(width);
  startErrors(width);
}

/** Writes the inputs of pixel (x, y), the history's current pixel, f32[inputCount]. */
export function startPixelFeatures(x: i32, y: i32, inputs: usize): void {
  movePixelErrors(x, y, logErrors);
  startPixelPredictors(x, y);
  predictChannel(0);
  computeBases();
  let to = gatherWindow(inputs);
  for (let c = 0; c < channels; c++) {
    store<f32>(to, (baseOf(c) * toBytes - 128) / 64);
    to += 4;
  }
  const bytes = (<usize>(sets * channels)) << 2;
  memory.copy(to, logErrors, bytes);
  writePredictions(0, to + bytes);
}

/** Writes the extra inputs of channel c's head, f32[extraCount], after the channels before it have been observed. */
export function gatherExtras(c: i32, extras: usize): void {
  writePredictions(c, extras);
  for (let s = 0; s < sets; s++) {
    store<f32>(extras + ((<usize>(sets + s)) << 2), load<f32>(logErrors + ((<usize>(s * channels + c)) << 2)));
  }
}

/** Returns the first predictor's value for channel c, which the mixture's means are relative to. */
export function centre(c: i32): f32 {
  return load<f32>(predictionAt(0, c));
}

/**
 * Returns the prediction for channel c that the mixer uses next to the first one: that of the first fit to similar pixels,
 * else the second predictor's, else the first one's.
 */
export function secondPrediction(c: i32): f32 {
  return load<f32>(predictionAt(similarFits > 0 ? sets - similarFits : min(1, sets - 1), c));
}

/**
 * Observes the value of channel c, which is already in the history. Writes its conditions for later channels,
 * f32[CONDITIONS].
 */
export function observeFeatures(c: i32, value: f32, conditions: usize): void {
  for (let s = 0; s < sets; s++) putError(s * channels + c, abs<f32>(value - load<f32>(predictionAt(s, c))));
  observePredictors(c, value);
  const residual = value - centre(c);
  store<f32>(conditions, asinh(residual / 6) * 0.7);
  store<f32>(conditions, residual / 32, 4);
  if (c < channels - 1) predictChannel(c + 1);
}

function baseOf(c: i32): f32 {
  return load<f32>(bases + ((<usize>c) << 2));
}

function computeBases(): void {
  const w = neighbour(-1, 0);
  const n = neighbour(0, -1);
  const nw = neighbour(-1, -1);
  const ne = neighbour(1, -1);
  for (let i: usize = 0; i < (<usize>channels) << 2; i += 4) {
    const sides = (load<f32>(w + i) + load<f32>(n + i)) * 0.5;
    const slope = (load<f32>(ne + i) - load<f32>(nw + i)) * 0.25;
    store<f32>(bases + i, max<f32>(0, min<f32>(largest, sides + slope)));
  }
}

/** Writes the window relative to the bases. Returns the address after it. */
function gatherWindow(to: usize): usize {
  const b0 = baseOf(0);
  const b1 = channels === 1 ? b0 : baseOf(1);
  const b2 = channels === 1 ? b0 : baseOf(2);
  // The bases for three consecutive vectors of interleaved channels.
  const first = f32x4(b0, b1, b2, b0);
  const second = f32x4(b1, b2, b0, b1);
  const third = f32x4(b2, b0, b1, b2);
  const rowFloats = (2 * WINDOW_REACH + 1) * channels;
  for (let dy = -WINDOW_ROWS; dy < 0; dy++) {
    subtractBases(neighbour(-WINDOW_REACH, dy), rowFloats, first, second, third, to);
    to += (<usize>rowFloats) << 2;
  }
  subtractBases(neighbour(-WINDOW_REACH, 0), WINDOW_REACH * channels, first, second, third, to);
  return to + ((<usize>(WINDOW_REACH * channels)) << 2);
}

/**
 * Writes (from[i] - base) / 32 for at least `floats` values, in vectors of four. Whatever is written past them is
 * overwritten later.
 */
function subtractBases(from: usize, floats: i32, first: v128, second: v128, third: v128, to: usize): void {
  const scale = f32x4.splat(1.0 / 32);
  const end = from + ((<usize>floats) << 2);
  while (true) {
    v128.store(to, f32x4.mul(f32x4.sub(v128.load(from), first), scale));
    if (from + 16 >= end) return;
    v128.store(to, f32x4.mul(f32x4.sub(v128.load(from, 16), second), scale), 16);
    if (from + 32 >= end) return;
    v128.store(to, f32x4.mul(f32x4.sub(v128.load(from, 32), third), scale), 32);
    if (from + 48 >= end) return;
    from += 48;
    to += 48;
  }
}

/** Writes the predictions of channel c minus its base. */
function writePredictions(c: i32, to: usize): void {
  const base = baseOf(c);
  for (let s = 0; s < sets; s++) {
    const d = (load<f32>(predictionAt(s, c)) - base) / 8;
    store<f32>(to + ((<usize>s) << 2), max<f32>(-6, min<f32>(6, d)));
  }
}

function asinh(t: f32): f32 {
  const magnitude = abs<f32>(t);
  const result = log2(magnitude + sqrt<f32>(magnitude * magnitude + 1)) * <f32>LN2;
  return t < 0 ? -result : result;
}
