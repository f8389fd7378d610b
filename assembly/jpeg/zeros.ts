/** Codes whether the current coefficient is not zero. */
import { Component } from './components';
import { context, openContexts } from './contexts';
import { chooseRefinement, chooseWeights, decide, openExtras } from './decision';
import { naturalLog, nonZeroLogits } from './distribution';
import { level, levelOf, signedLevel, upTo3 } from './levels';
import {
  a,
  aa,
  aboveStep,
  afterU,
  afterUV,
  afterV,
  al,
  ar,
  aroundLog,
  averageLog,
  beforeU,
  beforeUV,
  beforeV,
  coherenceLevel,
  diagonal,
  directedValue,
  errorLevel,
  expectedError,
  innerLog,
  isPredicted,
  l,
  leftStep,
  ll,
  massLog,
  otherValue0,
  otherValue1,
  place,
  predictionLevel,
  sumLog,
} from './point';
import { endA, endL, index, last1, last2, nonZeros } from './progress';
import { NON_ZERO, networkLogit, observeNetwork } from './network';
import { networking, regressing, zeroFamily } from './state';

export function codeNonZero(c: Component, k: usize, one: bool): bool {
  const s = place << 25;
  const d = diagonal << 25;
  const average = levelOf(averageLog, 2);
  const within = levelOf(innerLog, 2);
  const around = levelOf(aroundLog, 2);
  const mass1 = levelOf(massLog, 1);
  const mass2 = levelOf(massLog, 2);
  const mass8 = levelOf(massLog, 8);
  const count = min<u32>(nonZeros, 31);
  const recent = min<u32>(last1, 3) | (min<u32>(last2, 3) << 2);
  const left = level(abs<f32>(leftStep), 2);
  const above = level(abs<f32>(aboveStep), 2);
  const other = level(abs<f32>(otherValue0) * 2, 2);
  const predicted = <u32>abs<i32>(predictionLevel);
  const ends = (<u32>(endL + endA)) >> 1;
  openContexts(zeroFamily);
  context(s | (count << 8) | average);
  context(s | (1 << 20) | (average << 8) | within);
  context(s | upTo3(l) | (upTo3(a) << 2) | (upTo3(al) << 4) | (upTo3(ar) << 6));
  context(s | (around << 8) | min<u32>(count, 12));
  context(s | (left << 8) | above);
  context(s | (count << 4) | recent);
  context(d | (levelOf(aroundLog, 3) << 8) | levelOf(innerLog, 3));
  context(
    s |
      upTo3(beforeU) |
      (upTo3(beforeV) << 2) |
      (upTo3(beforeUV) << 4) |
      (upTo3(afterU) << 6) |
      (upTo3(afterV) << 8) |
      (upTo3(afterUV) << 10),
  );
  context(s | (other << 8) | level(abs<f32>(otherValue1), 2));
  context(d | (levelOf(aroundLog, 4) << 8) | count);
  context(s | levelOf(sumLog, 5));
  context(s | levelOf(massLog, 4));
  context(d | mass8);
  context(s | (mass2 << 8) | count);
  context(s | (mass2 << 12) | (count << 4) | recent);
  context(s | (((endL - <i32>index) & 127) << 7) | ((endA - <i32>index) & 127));
  const extra = openExtras(zeroFamily);
  if (regressing) {
    context(s | (recent << 8) | within);
    context(s | (average << 4) | upTo3(ll) | (upTo3(aa) << 2));
    context(s | (ends << 8) | count);
    context(s | (count << 8) | within);
    context(s);
    context(s | ((signedLevel(<f32>l, 1) & 63) << 6) | (signedLevel(<f32>a, 1) & 63));
    context(s | (other << 8) | around);
    context(s | (mass1 << 12) | (left << 6) | above);
    context(s | (predicted << 8) | errorLevel);
    context(s | (levelOf(massLog, 3) << 8) | predicted);
    context(s | (level(abs<f32>(directedValue) * 2, 2) << 12) | (coherenceLevel << 8) | mass1);
    context(d | (predicted << 14) | (errorLevel << 7) | mass2);
    nonZeroLogits(extra);
    store<f32>(extra, isPredicted() ? 0 : 0.5, 8);
    store<f32>(extra, naturalLog(expectedError), 12);
  }
  if (networking) store<f32>(extra, networkLogit(NON_ZERO), 20);
  const coefficient = (c.kind << 6) | (<u32>k);
  chooseWeights(
    zeroFamily,
    coefficient,
    mass8,
    min<u32>(nonZeros, 19) * 20 + min<u32>(19, 63 - index),
    ((<u32>k) << 3) | min<u32>(7, average),
  );
  chooseRefinement(zeroFamily, coefficient, (place << 4) | min<u32>(15, mass2), (count << 6) | (<u32>k));
  one = decide(zeroFamily, 0, one);
  if (networking) observeNetwork(NON_ZERO, one);
  return one;
}
