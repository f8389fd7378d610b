/** The current AC coefficient: what its contexts are made of. Magnitudes are in steps of its quantisation. */
import {
  A,
  AA,
  AL,
  AR,
  L,
  LL,
  aboveSteps,
  aboveValues,
  averages,
  blockValues,
  innerAt,
  isOutside,
  leftSteps,
  leftValues,
  surroundings,
  transposedValues,
  valueAt,
} from './block';
import { Component } from './components';
import { coherence, directed } from './direction';
import { setDistributions } from './distribution';
import { level, logBits, signedLevel } from './levels';
import { isFitted, meanError, predict, regressors } from './regression';

const VALUE_ROW: usize = 48;
const ROOT_TWO: f32 = 1.4142135;
const REGRESSOR_SCALE: f32 = 0.03125;

/** Coefficients of the first and of the previous component on the block's grid, f32[64]. */
export const other0: usize = memory.data(256, 16);
export const other1: usize = memory.data(256, 16);

/** The fit that predicts the coefficient: 64 kind + k. */
export let fit: i32 = 0;
/** The coefficient and whether its component is the first: 64 chroma + k. */
export let place: u32 = 0;
/** The number of its diagonal, and whether its component is the first: 16 chroma + u + v. */
export let diagonal: u32 = 0;
/** The same coefficient in the neighbouring blocks. */
export let l: i32 = 0;
export let a: i32 = 0;
export let al: i32 = 0;
export let ar: i32 = 0;
export let ll: i32 = 0;
export let aa: i32 = 0;
/** Known coefficients of the block: at u - 1, v - 1, both; u + 1, v + 1, both; u - 2, v - 2. */
export let beforeU: i32 = 0;
export let beforeV: i32 = 0;
export let beforeUV: i32 = 0;
export let afterU: i32 = 0;
export let afterV: i32 = 0;
export let afterUV: i32 = 0;
export let beforeU2: i32 = 0;
export let beforeV2: i32 = 0;
/** Logarithms of magnitudes: of the neighbours, around in the neighbours, within the block, and the sum of both. */
export let averageLog: u32 = 0;
export let aroundLog: u32 = 0;
export let innerLog: u32 = 0;
export let sumLog: u32 = 0;
/** Logarithm of 1.6 times that sum. */
export let massLog: u32 = 0;
/** Values by the continuity of the left and of the upper border. */
export let leftStep: f32 = 0;
export let aboveStep: f32 = 0;
/** The other components' values, and that of the directional prediction. */
export let otherValue0: f32 = 0;
export let otherValue1: f32 = 0;
export let directedValue: f32 = 0;
/** The least squares' prediction, and the logarithm of 4 times its mean error. */
export let prediction: f32 = 0;
export let errorLog: u32 = 0;
/** Level of uncertainty of the least squares, and its mean error. */
export let uncertainty: u32 = 0;
export let expectedError: f32 = 1;
/** Signed level of twice the prediction, level of the mean error, and level of the coherence, 0 to 5. */
export let predictionLevel: i32 = 0;
export let errorLevel: u32 = 0;
export let coherenceLevel: u32 = 0;

/** Moves to coefficient k of the open block. */
export function openPoint(c: Component, k: usize, regressing: bool): void {
  const u = k & 7;
  const v = k >> 3;
  const inverse = load<f32>(c.inverses + (k << 2));
  fit = <i32>((c.kind << 6) + <u32>k);
  place = (c.chroma << 6) | (<u32>k);
  diagonal = (c.chroma << 4) | (<u32>(u + v));
  l = load<i16>(L + (k << 1));
  a = load<i16>(A + (k << 1));
  al = load<i16>(AL + (k << 1));
  ar = load<i16>(AR + (k << 1));
  ll = load<i16>(LL + (k << 1));
  aa = load<i16>(AA + (k << 1));
  const at = valueAt(k);
  beforeU = load<i32>(at - 4);
  beforeV = load<i32>(at - VALUE_ROW);
  beforeUV = load<i32>(at - VALUE_ROW - 4);
  afterU = load<i32>(at, 4);
  afterV = load<i32>(at, VALUE_ROW);
  afterUV = load<i32>(at, VALUE_ROW + 4);
  beforeU2 = load<i32>(at - 8);
  beforeV2 = load<i32>(at - 2 * VALUE_ROW);
  const within = innerAt(k) * inverse;
  const around = load<f32>(surroundings + (k << 2)) * inverse;
  const sum = within + around;
  averageLog = logBits(load<f32>(averages + (k << 2)));
  aroundLog = logBits(around);
  innerLog = logBits(within);
  sumLog = logBits(sum);
  massLog = logBits(sum * 1.6);
  leftStep = load<f32>(leftSteps + (v << 2)) * inverse * (u === 0 ? ROOT_TWO : 1);
  aboveStep = load<f32>(aboveSteps + (u << 2)) * inverse * (v === 0 ? ROOT_TWO : 1);
  otherValue0 = load<f32>(other0 + (k << 2)) * inverse;
  otherValue1 = load<f32>(other1 + (k << 2)) * inverse;
  if (regressing) regress(c, k, u, v, inverse, sum);
}

function regress(c: Component, k: usize, u: usize, v: usize, inverse: f32, sum: f32): void {
  gatherRegressors(c, k, u, v);
  directedValue = load<f32>(directed + (k << 2)) * inverse;
  const value = predict(fit) * (inverse * 32);
  prediction = value > -32767 ? (value < 32767 ? value : 32767) : -32767;
  uncertainty = level(sum, 3);
  expectedError = meanError(fit, uncertainty, 0.5 + 0.1 * sum, 4);
  errorLog = logBits(expectedError * 4);
  predictionLevel = signedLevel(prediction * 2, 3);
  errorLevel = level(expectedError * 4, 2);
  coherenceLevel = <u32>(coherence * 5.99);
  setDistributions(prediction, expectedError, prediction, expectedError);
}

export function isPredicted(): bool {
  return isFitted(fit);
}

/**
 * Writes the regressors: the row of L, the column of A, the row and the column of the block, of which the coefficient
 * itself gives its places to those of AL and AR; the other components; the directional prediction, plain and times its
 * coherence. Where a row or column would have an unknown DC, it has a difference of known ones.
 */
function gatherRegressors(c: Component, k: usize, u: usize, v: usize): void {
  const row = v << 5;
  const column = u << 5;
  copy(regressors, leftValues + row);
  copy(regressors + 32, aboveValues + column);
  copy(regressors + 64, blockValues + row);
  copy(regressors + 96, transposedValues + column);
  const scale = load<f32>(c.steps + (k << 2)) * REGRESSOR_SCALE;
  store<f32>(regressors + 64 + (u << 2), <f32>al * scale);
  store<f32>(regressors + 96 + (v << 2), <f32>ar * scale);
  if (v === 0) {
    const step = load<f32>(c.steps) * REGRESSOR_SCALE;
    store<f32>(regressors, differenceOf(AL, AR) * step);
    store<f32>(regressors, differenceOf(LL, L) * step, 64);
  }
  if (u === 0) {
    const step = load<f32>(c.steps) * REGRESSOR_SCALE;
    store<f32>(regressors, differenceOf(AL, L) * step, 32);
    store<f32>(regressors, differenceOf(AA, A) * step, 96);
  }
  store<f32>(regressors, load<f32>(other0 + (k << 2)) * REGRESSOR_SCALE, 128);
  store<f32>(regressors, load<f32>(other1 + (k << 2)) * REGRESSOR_SCALE, 132);
  const direct = load<f32>(directed + (k << 2)) * REGRESSOR_SCALE;
  store<f32>(regressors, direct, 136);
  store<f32>(regressors, direct * coherence, 140);
}

/** Returns the difference of two blocks' DC; 0 if one of them is outside the image. */
function differenceOf(one: usize, other: usize): f32 {
  return isOutside(one) || isOutside(other) ? 0 : <f32>load<i16>(one) - <f32>load<i16>(other);
}

function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
