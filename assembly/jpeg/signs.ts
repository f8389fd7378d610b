/** Codes the sign of the current coefficient, which is not zero. */
import { Component } from './components';
import { context, openContexts } from './contexts';
import { chooseRefinement, chooseWeights, decide, openExtras } from './decision';
import { negativeLogits } from './distribution';
import { levelOf, signOf, signedLevel } from './levels';
import {
  a,
  aboveStep,
  afterU,
  afterV,
  al,
  ar,
  aroundLog,
  beforeU,
  beforeU2,
  beforeUV,
  beforeV,
  beforeV2,
  coherenceLevel,
  directedValue,
  errorLevel,
  innerLog,
  l,
  leftStep,
  otherValue0,
  otherValue1,
  place,
  prediction,
  predictionLevel,
} from './point';
import { NEGATIVE, networkLogit, observeNetwork } from './network';
import { networking, regressing, signFamily } from './state';

const MASK: i32 = 255;

/** Codes and returns whether the coefficient is negative. */
export function codeSign(c: Component, k: usize, negative: bool): bool {
  const s = place << 25;
  const left = signedLevel(leftStep, 2);
  const above = signedLevel(aboveStep, 2);
  const other = signedLevel(otherValue0 * 2, 2) & MASK;
  const before = signOf(beforeU) + 3 * signOf(beforeV);
  const same = signOf(l) + 3 * signOf(a);
  const within = levelOf(innerLog, 2);
  const around = levelOf(aroundLog, 2);
  const coefficient = (c.kind << 6) | (<u32>k);
  openContexts(signFamily);
  context(s | (left & MASK));
  context(s | (above & MASK));
  context(s | same);
  context(s | (other << 8) | (signedLevel(otherValue1, 2) & MASK));
  context(s | (before << 8) | (signOf(afterU) << 4) | (signOf(afterV) << 2) | signOf(beforeUV));
  context(s | ((signedLevel(leftStep, 1) & MASK) << 8) | (signedLevel(aboveStep, 1) & MASK));
  context(s | (before << 8) | (signOf(beforeU2) << 4) | signOf(beforeV2));
  context(s | ((signedLevel(<f32>l, 2) & MASK) << 8) | (signedLevel(<f32>a, 2) & MASK));
  const extra = openExtras(signFamily);
  if (regressing) {
    context(s | (same << 8) | (signOf(al) << 4) | signOf(ar));
    context(s | ((signedLevel(leftStep + aboveStep, 3) & MASK) << 8) | before);
    context(s | ((left & MASK) << 8) | within);
    context(s | ((above & MASK) << 8) | within);
    const fine = signedLevel(prediction * 4, 3) & MASK;
    const directed = signedLevel(directedValue * 2, 2) & MASK;
    const predicted = predictionLevel & MASK;
    context(s | predicted);
    context((c.chroma << 25) | (fine << 8) | errorLevel);
    context(s | (predicted << 12) | (errorLevel << 4) | signOf(signedLevel(otherValue0, 2)));
    context(s | (directed << 8) | coherenceLevel);
    context(s | ((signedLevel(directedValue, 2) & MASK) << 8) | predicted);
    context(
      (((predictionLevel / 2) & MASK) << 20) | ((signedLevel(directedValue * 2, 3) & MASK) << 8) | coherenceLevel,
    );
    context(s | (signedLevel(prediction * 4, 4) & MASK));
    context(((left & MASK) << 16) | ((above & MASK) << 8) | predicted);
    negativeLogits(extra);
  }
  if (networking) store<f32>(extra, networkLogit(NEGATIVE), 20);
  const middle = regressing ? <u32>max(0, predictionLevel + 100) : <u32>max(0, left + above + 100);
  chooseWeights(signFamily, coefficient, min<u32>(19, around) * 20 + min<u32>(19, within), middle, <u32>k);
  chooseRefinement(
    signFamily,
    coefficient,
    (place << 4) | (<u32>min(15, max(0, signedLevel(leftStep, 1) + 8))),
    ((<u32>min<i32>(63, max<i32>(0, <i32>middle - 68))) << 6) | (<u32>k),
  );
  negative = decide(signFamily, 0, negative);
  if (networking) observeNetwork(NEGATIVE, negative);
  return negative;
}
