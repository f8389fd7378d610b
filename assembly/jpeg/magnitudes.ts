/**
 * Codes the magnitude m of the current coefficient, at least 1: its class, floor(log2 m), in unary, then the bits below
 * the highest one.
 */
import { Component } from './components';
import { context, openContexts } from './contexts';
import { chooseRefinement, chooseWeights, decide, openExtras } from './decision';
import { reachesLogits, upperLogits } from './distribution';
import { level, levelOf, signedLevel } from './levels';
import {
  a,
  aboveStep,
  afterU,
  afterV,
  al,
  ar,
  aroundLog,
  averageLog,
  beforeU,
  beforeV,
  coherenceLevel,
  diagonal,
  directedValue,
  errorLevel,
  innerLog,
  l,
  leftStep,
  massLog,
  otherValue0,
  otherValue1,
  place,
  prediction,
  predictionLevel,
  sumLog,
} from './point';
import { last1, last2, nonZeros } from './progress';
import { REACHES, networkLogit, observeNetwork } from './network';
import { magnitudeFamily, networking, regressing, remainderFamily } from './state';

/** The largest class: magnitudes are below 2^15. */
const MAX_CLASS: i32 = 14;
/** Classes whose decisions the network predicts. */
const NETWORK_CLASSES: i32 = 6;
const MASK: i32 = 255;
/** Remaining bits after the first three share a slot. */
const MODELLED: i32 = 3;

/** @param negative the coded sign */
export function codeMagnitude(c: Component, k: usize, negative: bool, magnitude: i32): i32 {
  const sign: f32 = negative ? -1 : 1;
  const top = codeClass(c, k, sign, magnitude);
  return top === 0 ? 1 : codeRemainder(c, k, sign, magnitude, top);
}

function codeClass(c: Component, k: usize, sign: f32, magnitude: i32): i32 {
  const s = place << 25;
  const average = levelOf(averageLog, 2);
  const within = levelOf(innerLog, 2);
  const around3 = levelOf(aroundLog, 3);
  const mass1 = levelOf(massLog, 1);
  const mass4 = levelOf(massLog, 4);
  const aL = <u32>abs<i32>(l);
  const aA = <u32>abs<i32>(a);
  const largest = max<u32>(max(aL, aA), max<u32>(abs<i32>(al), abs<i32>(ar)));
  const crossU = min<u32>(7, abs<i32>(beforeU) + abs<i32>(afterU));
  const crossV = min<u32>(7, abs<i32>(beforeV) + abs<i32>(afterV));
  openContexts(magnitudeFamily);
  context(s | levelOf(averageLog, 3));
  context(s | (within << 8) | average);
  context(s | around3);
  context(s | ((signedLevel(sign * leftStep, 2) & MASK) << 8) | (signedLevel(sign * aboveStep, 2) & MASK));
  context(s | (min<u32>(20, nonZeros) << 8) | within);
  context(s | (min<u32>(7, aL) << 3) | min<u32>(7, aA));
  context((diagonal << 25) | (around3 << 8) | levelOf(innerLog, 3));
  context(s | ((signedLevel(sign * otherValue0 * 2, 2) & MASK) << 8) | level(abs<f32>(otherValue1), 2));
  context(s | (min<u32>(7, last1) << 3) | min<u32>(7, last2));
  context((diagonal << 25) | levelOf(sumLog, 5));
  context(s | mass4);
  context(s | (mass1 << 12) | (min<u32>(15, level(<f32>largest, 2)) << 8) | average);
  if (regressing) {
    const directed = (signedLevel(sign * directedValue * 2, 2) & MASK) << 8;
    context(s);
    context(s | (min<u32>(2047, largest) << 8) | (within >> 1));
    context(s | (crossU << 3) | crossV);
    context(levelOf(massLog, 8));
    context(s | ((signedLevel(sign * prediction * 2, 3) & MASK) << 8) | errorLevel);
    context(s | (levelOf(massLog, 3) << 8) | (signedLevel(sign * prediction * 2, 2) & MASK));
    context(s | directed | coherenceLevel);
    context(s | (levelOf(massLog, 2) << 16) | directed | coherenceLevel);
  }
  const extra = openExtras(magnitudeFamily);
  const third = thirdVector();
  const place3 = (c.kind << 6) | (<u32>k);
  const mass = levelOf(massLog, 3);
  let top = 0;
  while (top < MAX_CLASS) {
    const node = min<u32>(7, top);
    chooseWeights(
      magnitudeFamily,
      (place3 << 3) | node,
      (min<u32>(49, mass) << 3) | node,
      third,
      (node << 4) | min<u32>(15, average),
    );
    chooseRefinement(magnitudeFamily, node, (place << 3) | node, (min<u32>(63, mass4) << 3) | node);
    if (regressing) reachesLogits(extra, sign, 1 << top, 2 << top);
    const known = networking && top < NETWORK_CLASSES;
    if (networking) store<f32>(extra, known ? networkLogit(REACHES + top) : 0, 20);
    const more = decide(magnitudeFamily, node, magnitude >= 2 << top);
    if (known) observeNetwork(REACHES + top, more);
    if (!more) break;
    top++;
  }
  return top;
}

/** Codes the `top` bits below the highest bit, and returns the magnitude. */
function codeRemainder(c: Component, k: usize, sign: f32, magnitude: i32, top: i32): i32 {
  const s = (place << 25) | ((<u32>top) << 20);
  const t = ((diagonal << 25) | ((<u32>top) << 20)) + (1 << 19);
  const within = levelOf(innerLog, 2);
  const average = levelOf(averageLog, 2);
  openContexts(remainderFamily);
  context(s);
  context(s | levelOf(averageLog, 3));
  context(s | levelOf(aroundLog, 3));
  context(t | (within << 8) | average);
  context(s | levelOf(massLog, 4));
  context(s | ((signedLevel(sign * leftStep, 2) & MASK) << 8) | (signedLevel(sign * aboveStep, 2) & MASK));
  context(t | ((signedLevel(sign * otherValue0 * 2, 2) & MASK) << 8));
  context(((<u32>top) << 20) | levelOf(massLog, 8));
  if (regressing) {
    const predicted = signedLevel(sign * prediction * 2, 3) & MASK;
    context(s | (predicted << 8) | errorLevel);
    context(((<u32>top) << 20) | ((signedLevel(sign * prediction * 2, 6) & MASK) << 8) | errorLevel);
    context(s | ((signedLevel(sign * directedValue * 2, 2) & MASK) << 8) | coherenceLevel);
    context(t | (predicted << 8) | levelOf(massLog, 1));
  }
  const extra = openExtras(remainderFamily);
  const third = thirdVector();
  const place3 = (c.kind << 6) | (<u32>k);
  const mass = min<u32>(63, levelOf(massLog, 4));
  let value = 1;
  for (let left = top - 1; left >= 0; left--) {
    const node: u32 = top - left <= MODELLED ? value : 0;
    const from = value << (left + 1);
    chooseWeights(
      remainderFamily,
      (place3 << 3) | node,
      (min<u32>(15, top) << 3) | node,
      third,
      (min<u32>(15, average) << 3) | node,
    );
    chooseRefinement(remainderFamily, node, (min<u32>(15, top) << 3) | node, (mass << 3) | node);
    if (regressing) upperLogits(extra, sign, from, 1 << left);
    value = (value << 1) | (<i32>decide(remainderFamily, node, ((magnitude >> left) & 1) !== 0));
  }
  return value;
}

/** Returns the vector of set 2, which knows how sure the prediction is. */
function thirdVector(): u32 {
  const one = regressing ? <u32>abs<i32>(predictionLevel) : levelOf(aroundLog, 2);
  const two = regressing ? errorLevel : levelOf(innerLog, 2);
  return min<u32>(19, one) * 20 + min<u32>(19, two);
}
