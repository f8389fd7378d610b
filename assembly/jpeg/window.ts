/**
 * The samples around the current block that are known: six rows above it, eight columns to the left, and eight to the
 * right in the rows above. Columns beyond the border repeat the nearest sample of their row.
 */
import { limit4 } from '../mixer/logistic';
import { Component, samplesOf, strideOf } from './components';

const STRIDE: usize = 128;
const ROWS_ABOVE: usize = 6;
/** f32[14][32]: sample (x, y) of the block is in row y + 6, column x + 8. */
const samples: usize = memory.data(14 * 32 * 4, 16);
const ORIGIN: usize = samples + ROWS_ABOVE * STRIDE + 32;

/** Whether there is a block to the left, above, and above to the right. */
export let hasLeft: bool = false;
export let hasAbove: bool = false;
export let hasRight: bool = false;

/** Returns the address of sample (x, y), x from -8 to 15, y from -6 to 7. */
export function sampleAt(x: i32, y: i32): usize {
  return ORIGIN + <usize>y * STRIDE + ((<usize>x) << 2);
}

/** Moves to the block (bx, by). */
export function openWindow(c: Component, bx: i32, by: i32): void {
  hasLeft = bx > 0;
  hasAbove = by > 0;
  hasRight = hasAbove && bx + 1 < c.wide;
  const stride = strideOf(c);
  if (hasAbove) {
    let from = samplesOf(c, by - 1) + 2 * stride + ((<usize>bx) << 5);
    let to = samples;
    for (let row: usize = 0; row < ROWS_ABOVE; row++, from += stride, to += STRIDE) {
      copy(to + 32, from);
      if (hasLeft) copy(to, from - 32);
      else fill(to, load<f32>(from));
      if (hasRight) copy(to + 64, from + 32);
      else fill(to + 64, load<f32>(from, 28));
    }
  }
  if (hasLeft) {
    let from = samplesOf(c, by) + ((<usize>(bx - 1)) << 5);
    let to = samples + ROWS_ABOVE * STRIDE;
    for (let row = 0; row < 8; row++, from += stride, to += STRIDE) copy(to, from);
  }
}

/** Samples are stored within +-2^16, so that squares of gradients stay finite whatever the coefficients. */
const MAX_SAMPLE: f32 = 65536;

/** Stores the block's samples, f32[8][8]. */
export function storeSamples(c: Component, bx: i32, by: i32, block: usize): void {
  const stride = strideOf(c);
  let to = samplesOf(c, by) + ((<usize>bx) << 5);
  for (let row = 0; row < 8; row++, block += 32, to += stride) {
    v128.store(to, limit4(v128.load(block), MAX_SAMPLE));
    v128.store(to, limit4(v128.load(block, 16), MAX_SAMPLE), 16);
  }
}

function fill(to: usize, value: f32): void {
  v128.store(to, f32x4.splat(value));
  v128.store(to, f32x4.splat(value), 16);
}

function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
