/** Codes whether the block has no more AC coefficients that are not zero. */
import { remaining, valueAt, zigzag } from './block';
import { Component } from './components';
import { context, openContexts } from './contexts';
import { chooseRefinement, chooseWeights, decide, openExtras } from './decision';
import { level, levelOf, logBits } from './levels';
import {
  endA,
  endAL,
  endAR,
  endL,
  index,
  largeEndA,
  largeEndL,
  last1,
  last2,
  nonZeros,
  nonZerosA,
  nonZerosL,
} from './progress';
import { endFamily } from './state';

/** Coefficients before the current one whose magnitudes count. */
const RECENT: u32 = 10;
/** Differences below -3 count as -3. */
const LEAST: i32 = -3;

/** Levels of the sum of the other component's magnitudes in the block, set before its first coefficient. */
let energy: u32 = 0;

/** @param magnitude sum of the magnitudes of the first component's AC coefficients, in steps; 0 for itself */
export function openEnds(magnitude: f32): void {
  energy = level(magnitude, 3);
}

/** Codes and returns whether the current coefficient and those after it are zero. */
export function codeEnd(c: Component, ends: bool): bool {
  const i = index;
  const s = ((c.chroma << 6) | i) << 25;
  const chroma = c.chroma << 25;
  const l = max(LEAST, endL - <i32>i) & 127;
  const a = max(LEAST, endA - <i32>i) & 127;
  const al = max(LEAST, endAL - <i32>i) & 127;
  const ar = max(LEAST, endAR - <i32>i) & 127;
  const mean = max(LEAST, (endL + endA - 2 * <i32>i) >> 1) & 127;
  const rest = logBits(load<f32>(remaining + ((<usize>(i + 1)) << 2)));
  const rest2 = levelOf(rest, 2);
  const rest4 = levelOf(rest, 4);
  const recent = logBits(recentMagnitude(c, i));
  const recent2 = levelOf(recent, 2);
  const recent3 = levelOf(recent, 3);
  const one = min<u32>(last1, 3);
  const two = min<u32>(last2, 3);
  const lessL = (nonZerosL - <i32>nonZeros) & 127;
  const lessA = (nonZerosA - <i32>nonZeros) & 127;
  const less = ((nonZerosL + nonZerosA) / 2 - <i32>nonZeros) & 127;
  openContexts(endFamily);
  context(s | (l << 7) | a);
  context(s | rest4);
  context(s | (rest2 << 7) | nonZeros);
  context(s | (rest2 << 7) | recent2);
  context(s | (nonZeros << 2) | one);
  context(s | (rest2 << 4) | (one << 2) | two);
  context(s | recent3);
  context(s | (energy << 7) | nonZeros);
  context(s | (al << 7) | ar);
  context(s | (lessL << 7) | lessA);
  context(s | (mean << 7) | nonZeros);
  context(s | (((largeEndL - <i32>i) & 127) << 7) | ((largeEndA - <i32>i) & 127));
  context(s | (mean << 8) | rest2);
  context(chroma | (levelOf(rest, 3) << 8) | recent3);
  context(s | (energy << 7) | rest2);
  context(s | (less << 7) | rest2);
  chooseWeights(endFamily, (c.kind << 8) | (i << 2) | one, rest4, nonZeros, energy);
  chooseRefinement(endFamily, i, (c.kind << 6) | i, (min<u32>(rest4, 63) << 6) | nonZeros);
  openExtras(endFamily);
  return decide(endFamily, 0, ends);
}

/** Returns the sum of the magnitudes just before coefficient i, in the steps of the one after it. */
function recentMagnitude(c: Component, i: u32): f32 {
  let sum: f32 = 0;
  for (let j = i > RECENT ? i - RECENT : 0; j < i; j++) {
    const k = <usize>load<u8>(zigzag + <usize>(j + 1));
    sum += <f32>abs<i32>(load<i32>(valueAt(k))) * load<f32>(c.steps + (k << 2));
  }
  const next = <usize>load<u8>(zigzag + <usize>min<u32>(63, i + 3));
  return sum * load<f32>(c.inverses + (next << 2));
}
