/** Codes one block: AC coefficients in zigzag order up to the last one that is not zero, then DC. */
import { openBlock, setValue, total, zigzag } from './block';
import { BITS_BYTES, measuring, storeBits } from './block-bits';
import { residue } from './border';
import { BLOCK_BYTES, Component, componentAt } from './components';
import { codeDc, openOther } from './dc';
import { predictDirection } from './direction';
import { codeEnd, openEnds } from './ends';
import { codeMagnitude } from './magnitudes';
import { otherCoefficients } from './other';
import { expectedError, fit, openPoint, other0, other1, prediction, uncertainty } from './point';
import { advance, closeProgress, index, last1, openProgress } from './progress';
import { learnError, learnRegression } from './regression';
import { codeSign } from './signs';
import { learnNetwork, runNetwork } from './network';
import { gatherInputs } from './network-inputs';
import { networking, regressing } from './state';
import { openWindow, storeSamples } from './window';
import { codeNonZero } from './zeros';

/** AC coefficients of a block. */
const LAST: u32 = 63;
/** Of zeros, every fourth is learned from, with four times the weight. */
const ZERO_STEP: u32 = 4;

let zeros: u32 = 0;
/** DC of the first component on the grid of the current one, in the block to the left. */
let otherLeft: f32 = 0;

export function startBlocks(): void {
  zeros = 0;
}

/** Codes block (bx, by) of component number i; when decoding, writes its coefficients. */
export function codeBlock(i: i32, bx: i32, by: i32): void {
  const c = componentAt(i);
  const at = <usize>by * <usize>c.wide + <usize>bx;
  const block = c.coefficients + at * BLOCK_BYTES;
  openBlock(c, bx, by);
  openWindow(c, bx, by);
  openProgress(c, bx, by);
  if (regressing) predictDirection();
  openOthers(i, c, bx, by);
  codeAc(c, block);
  closeProgress(c, bx, by);
  if (measuring) storeBits(c.bits + at * BITS_BYTES);
  const dc = codeDc(c, at, load<i16>(block));
  if (measuring) storeBits(c.bits + at * BITS_BYTES + 4);
  store<i16>(block, <i16>dc);
  addMean(<f32>dc * load<f32>(c.steps) * 0.125);
  storeSamples(c, bx, by, residue);
}

function codeAc(c: Component, block: usize): void {
  const end = endOf(block);
  while (index < LAST) {
    if ((index === 0 || last1 !== 0) && codeEnd(c, index >= end)) return;
    const k = <usize>load<u8>(zigzag + <usize>(index + 1));
    const at = block + (k << 1);
    openPoint(c, k, regressing);
    if (networking) {
      gatherInputs(c, k, total);
      runNetwork(c.chroma, <u32>k + (c.kind > 1 ? 64 : 0));
    }
    const value = codeValue(c, k, load<i16>(at));
    store<i16>(at, <i16>value);
    if (networking) learnNetwork();
    if (regressing) learn(c, k, value);
    if (value !== 0) setValue(c, k, value);
    advance(value);
  }
}

/** Returns the number of AC coefficients in zigzag order up to the last one that is not zero. */
function endOf(block: usize): u32 {
  let end = LAST;
  while (end > 0 && load<i16>(block + ((<usize>load<u8>(zigzag + <usize>end)) << 1)) === 0) end--;
  return end;
}

function codeValue(c: Component, k: usize, actual: i32): i32 {
  // The last coefficient cannot be 0: the block would have ended before.
  if (index !== LAST - 1 && !codeNonZero(c, k, actual !== 0)) return 0;
  const negative = codeSign(c, k, actual < 0);
  const magnitude = codeMagnitude(c, k, negative, abs<i32>(actual));
  return negative ? -magnitude : magnitude;
}

function learn(c: Component, k: usize, value: i32): void {
  learnError(fit, uncertainty, abs<f32>(<f32>value - prediction));
  let weight: f32 = 1;
  if (value === 0) {
    zeros++;
    if (zeros % ZERO_STEP !== 0) return;
    weight = <f32>ZERO_STEP;
  }
  const step = load<f32>(c.steps + (k << 2));
  const error = expectedError * expectedError + 0.3;
  learnRegression(fit, <f32>value * step * 0.03125, sqrt<f32>((weight * 1024) / (error * step * step)));
}

/** Computes what the other components say about the block. */
function openOthers(i: i32, c: Component, bx: i32, by: i32): void {
  let energy: f32 = 0;
  if (i === 0) {
    memory.fill(other0, 0, 256);
  } else {
    otherCoefficients(componentAt(0), c, bx, by, other0);
    for (let k: usize = 1; k < 64; k++) {
      energy += abs<f32>(load<f32>(other0 + (k << 2))) * load<f32>(c.inverses + (k << 2));
    }
    openOtherDc(c, bx);
  }
  if (i < 2) memory.fill(other1, 0, 256);
  else otherCoefficients(componentAt(i - 1), c, bx, by, other1);
  openEnds(energy);
}

function openOtherDc(c: Component, bx: i32): void {
  const at = c.otherDc + ((<usize>bx) << 2);
  openOther(otherLeft, load<f32>(at));
  otherLeft = load<f32>(other0);
  store<f32>(at, otherLeft);
}

function addMean(mean: f32): void {
  const offset = f32x4.splat(mean);
  for (let i: usize = 0; i < 256; i += 16) v128.store(residue + i, f32x4.add(v128.load(residue + i), offset));
}
