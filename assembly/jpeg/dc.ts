/** Codes the block's DC, after its AC coefficients: the difference to the prediction of the border, rounded. */
import { A, AL, AR, L, aboveValues, blockValues, isOutside, leftValues, transposedValues } from './block';
import { aboveMean, leftMean, mean, middle, predictMean, spread } from './border';
import { Component } from './components';
import { context, openContexts } from './contexts';
import { chooseRefinement, chooseWeights, decide, extraInputs, openExtras } from './decision';
import { negativeLogits, nonZeroLogits, reachesLogits, setDistributions, upperLogits } from './distribution';
import { Family } from './family';
import { level, signedLevel } from './levels';
import { other0 } from './point';
import { nonZeros } from './progress';
import { FITS as BORDER_FITS, learnError, learnRegression, meanError, predict, regressors } from './regression';
import { dcMagnitudeFamily, dcRemainderFamily, dcSignFamily, dcZeroFamily, regressing } from './state';
import { hasAbove, hasLeft } from './window';

/** Differences are below 2^16. */
const MAX_CLASS: i32 = 15;
const MASK: i32 = 255;
const MODELLED: i32 = 3;
const LARGEST: i32 = 32767;
const SCALE: f32 = 0.03125;

/** The prediction, rounded, and what it lost. */
let base: i32 = 0;
let fraction: f32 = 0;
/** Levels of the spread, of the neighbours' errors, of the mean error, and the component. */
let spreadLevel: u32 = 0;
let errorsLevel: u32 = 0;
let sureLevel: u32 = 0;
let s: u32 = 0;
/** Other predictions, relative to the rounded one. */
let left: f32 = 0;
let above: f32 = 0;
let fitted: f32 = 0;
let toL: f32 = 0;
let toA: f32 = 0;
let errorL: f32 = 0;
let errorA: f32 = 0;
let finerSpread: u32 = 0;

/** First components' DC coefficients of the left and upper neighbours on this grid. */
export let otherL: f32 = 0;
export let otherA: f32 = 0;

/** Sets the other component's DC differences for the next block. */
export function openOther(toLeft: f32, toAbove: f32): void {
  otherL = toLeft;
  otherA = toAbove;
}

/** Codes the DC of block number `at` and returns it. */
export function codeDc(c: Component, at: usize, actual: i32): i32 {
  predictMean();
  const step = load<f32>(c.steps);
  const perMean: f32 = 8 / step;
  const fit = <i32>(c.kind << 6);
  errorL = hasLeft ? load<f32>(c.errors + ((at - 1) << 2)) : 0;
  errorA = hasAbove ? load<f32>(c.errors + ((at - <usize>c.wide) << 2)) : 0;
  const spreadSteps = spread * perMean;
  const centre = middle * perMean;
  const errorSum = abs<f32>(errorL) + abs<f32>(errorA);
  const uncertainty = min<u32>(63, (level(spreadSteps, 2) << 2) + min<u32>(3, level(errorSum * 0.5, 1)));
  let error: f32 = <f32>0.5 + spreadSteps * 0.1;
  let fittedError = error;
  let fittedValue = centre;
  if (regressing) {
    gatherRegressors(c, step);
    fittedValue = bounded(centre + predict(fit) * (32 / step));
    error = meanError(fit, uncertainty, 0.5 + 0.075 * spreadSteps, 4);
    fittedError = meanError(BORDER_FITS + fit, uncertainty, 0.5 + 0.075 * spreadSteps, 4);
  }
  const start = bounded(centre);
  base = <i32>nearest<f32>(start);
  fraction = start - <f32>base;
  spreadLevel = level(spreadSteps, 2);
  finerSpread = level(spreadSteps, 4);
  errorsLevel = level(errorSum, 2);
  sureLevel = min<u32>(15, level(error * 4, 2));
  s = c.chroma << 28;
  left = hasLeft ? leftMean * perMean - <f32>base : 0;
  above = hasAbove ? aboveMean * perMean - <f32>base : 0;
  fitted = fittedValue - <f32>base;
  toL = hasLeft ? <f32>load<i16>(L) - <f32>base : 0;
  toA = hasAbove ? <f32>load<i16>(A) - <f32>base : 0;
  setDistributions(fraction, error, fitted, fittedError);
  const difference = codeDifference(c, actual - base);
  store<f32>(c.errors + (at << 2), <f32>difference);
  const value = max(-LARGEST, min(LARGEST, base + difference));
  if (regressing) {
    learnError(fit, uncertainty, abs<f32>(<f32>value - start));
    learnError(BORDER_FITS + fit, uncertainty, abs<f32>(<f32>value - fittedValue));
    const weight: f32 = 1024 / ((error * error + 0.3) * step * step);
    learnRegression(fit, (<f32>value * step - middle * 8) * SCALE, sqrt<f32>(weight));
  }
  return value;
}

/** Returns x clamped to what a DC can be; NaN becomes the lower bound. */
function bounded(x: f32): f32 {
  return x > -32767 ? (x < 32767 ? x : 32767) : -32767;
}

/** Regressors around the border's prediction, as for AC coefficients. */
function gatherRegressors(c: Component, step: f32): void {
  const centre = middle * 8;
  for (let i: usize = 0; i < 32; i += 16) {
    v128.store(regressors + i, v128.load(leftValues + i));
    v128.store(regressors + 32 + i, v128.load(aboveValues + i));
    v128.store(regressors + 64 + i, v128.load(blockValues + i));
    v128.store(regressors + 96 + i, v128.load(transposedValues + i));
  }
  store<f32>(regressors, relative(L, step, centre));
  store<f32>(regressors, relative(A, step, centre), 32);
  store<f32>(regressors, relative(AL, step, centre), 64);
  store<f32>(regressors, relative(AR, step, centre), 96);
  store<f32>(regressors, (mean - middle) * 8 * SCALE, 128);
  store<f32>(regressors, hasLeft && hasAbove ? (leftMean - aboveMean) * 8 * SCALE : 0, 132);
  store<f32>(regressors, c.chroma !== 0 && hasLeft ? (load<f32>(other0) - otherL) * SCALE : 0, 136);
  store<f32>(regressors, c.chroma !== 0 && hasAbove ? (load<f32>(other0) - otherA) * SCALE : 0, 140);
}

/** Returns a block's DC, dequantised, relative to `centre` and divided by 32; 0 outside the image. */
function relative(block: usize, step: f32, centre: f32): f32 {
  return isOutside(block) ? 0 : (<f32>load<i16>(block) * step - centre) * SCALE;
}

/** Codes and returns a difference. */
function codeDifference(c: Component, actual: i32): i32 {
  openDcContexts(dcZeroFamily, 0, 0);
  const kind = c.kind;
  chooseWeights(dcZeroFamily, kind, spreadLevel << 2, sureLevel, errorsLevel);
  chooseRefinement(dcZeroFamily, kind, (kind << 4) | sureLevel, spreadLevel);
  if (regressing) nonZeroLogits(extraInputs(dcZeroFamily));
  if (!decide(dcZeroFamily, 0, actual !== 0)) return 0;

  openDcContexts(dcSignFamily, 0, 1);
  const towards = <u32>max(0, signedLevel(fitted, 2) + 32);
  chooseWeights(dcSignFamily, kind, spreadLevel << 2, towards, <u32>max(0, signedLevel(fraction * 8, 2) + 32));
  chooseRefinement(dcSignFamily, kind, (kind << 4) | sureLevel, towards);
  if (regressing) negativeLogits(extraInputs(dcSignFamily));
  const negative = decide(dcSignFamily, 0, actual < 0);
  const magnitude = codeMagnitude(kind, negative ? -1 : 1, abs<i32>(actual));
  return negative ? -magnitude : magnitude;
}

function codeMagnitude(kind: u32, sign: f32, magnitude: i32): i32 {
  openDcContexts(dcMagnitudeFamily, 0, sign);
  let extra = extraInputs(dcMagnitudeFamily);
  let top = 0;
  while (top < MAX_CLASS) {
    const node = <u32>top;
    chooseWeights(
      dcMagnitudeFamily,
      (kind << 4) | node,
      (min<u32>(63, spreadLevel << 1) << 4) | node,
      (sureLevel << 4) | node,
      node,
    );
    chooseRefinement(
      dcMagnitudeFamily,
      node,
      (kind << 8) | (sureLevel << 4) | node,
      (min<u32>(63, spreadLevel) << 4) | node,
    );
    if (regressing) reachesLogits(extra, sign, 1 << top, 2 << top);
    if (!decide(dcMagnitudeFamily, node, magnitude >= 2 << top)) break;
    top++;
  }
  if (top === 0) return 1;
  openDcContexts(dcRemainderFamily, <u32>top, sign);
  extra = extraInputs(dcRemainderFamily);
  let value = 1;
  for (let rest = top - 1; rest >= 0; rest--) {
    const node: u32 = top - rest <= MODELLED ? value : 0;
    chooseWeights(
      dcRemainderFamily,
      (kind << 3) | node,
      (min<u32>(63, spreadLevel << 1) << 3) | node,
      (sureLevel << 3) | node,
      node,
    );
    chooseRefinement(
      dcRemainderFamily,
      node,
      (kind << 7) | (sureLevel << 3) | node,
      (min<u32>(63, spreadLevel) << 3) | node,
    );
    if (regressing) upperLogits(extra, sign, value << (rest + 1), 1 << rest);
    value = (value << 1) | (<i32>decide(dcRemainderFamily, node, ((magnitude >> rest) & 1) !== 0));
  }
  return value;
}

/**
 * Sets the contexts of a decision about the difference.
 * @param more added to the keys
 * @param sign 1 or -1 to see predictions from the side of the difference; 0 to see their distance only
 */
function openDcContexts(family: Family, more: u32, sign: f32): void {
  const t = s | (more << 24);
  openContexts(family);
  context(t | (spreadLevel << 8) | errorsLevel);
  context(t | (signed(left, 2, sign) << 8) | signed(above, 2, sign));
  context(t | (signed(fitted, 3, sign) << 8) | sureLevel);
  context(t | (signed(toL, 1, sign) << 8) | signed(toA, 1, sign));
  context(t | (signed(fraction * 8, 2, sign) << 8) | sureLevel);
  context(t | (signed(errorL, 2, sign) << 8) | signed(errorA, 2, sign));
  context(t | (signed(fitted, 2, sign) << 16) | (signed(fraction * 4, 1, sign) << 8) | sureLevel);
  context(t | (nonZeros << 8) | spreadLevel);
  context(t | finerSpread);
  context(t | (signed(errorL, 1, sign) << 16) | (signed(errorA, 1, sign) << 8) | spreadLevel);
  context(t | (signed(fraction * 8, 2, sign) << 8) | signed(fitted, 2, sign));
  context(t | sureLevel);
  openExtras(family);
}

function signed(x: f32, fine: u32, sign: f32): u32 {
  return sign === 0 ? level(abs<f32>(x), fine) : <u32>(signedLevel(sign * x, fine) & MASK);
}
