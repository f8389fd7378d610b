/** How far the current block is coded, and how far its neighbours went. */
import { Component } from './components';

/** Index in zigzag order, less 1, of the current coefficient. */
export let index: u32 = 0;
/** Number of non-zero coefficients so far. */
export let nonZeros: u32 = 0;
/** Magnitudes of the last two coefficients. */
export let last1: u32 = 0;
export let last2: u32 = 0;
/** End of the coefficients above 1 so far. */
let largeEnd: u32 = 0;

/** Ends of the neighbours' coefficients. */
export let endL: i32 = 0;
export let endA: i32 = 0;
export let endAL: i32 = 0;
export let endAR: i32 = 0;
/** Numbers of the neighbours' non-zero coefficients, and ends of those above 1. */
export let nonZerosL: i32 = 0;
export let nonZerosA: i32 = 0;
export let largeEndL: i32 = 0;
export let largeEndA: i32 = 0;

export function openProgress(c: Component, bx: i32, by: i32): void {
  index = 0;
  nonZeros = 0;
  last1 = 0;
  last2 = 0;
  largeEnd = 0;
  const at = <usize>by * <usize>c.wide + <usize>bx;
  const up = at - <usize>c.wide;
  const hasLeft = bx > 0;
  const hasAbove = by > 0;
  endL = hasLeft ? load<u8>(c.ends + at - 1) : 0;
  endA = hasAbove ? load<u8>(c.ends + up) : 0;
  endAL = hasLeft && hasAbove ? load<u8>(c.ends + up - 1) : 0;
  endAR = hasAbove && bx + 1 < c.wide ? load<u8>(c.ends + up + 1) : 0;
  nonZerosL = hasLeft ? load<u8>(c.nonZeros + at - 1) : 0;
  nonZerosA = hasAbove ? load<u8>(c.nonZeros + up) : 0;
  largeEndL = hasLeft ? load<u8>(c.largeEnds + at - 1) : 0;
  largeEndA = hasAbove ? load<u8>(c.largeEnds + up) : 0;
}

/** Moves past a coefficient. */
export function advance(value: i32): void {
  index++;
  last2 = last1;
  last1 = abs<i32>(value);
  if (value !== 0) nonZeros++;
  if (last1 > 1) largeEnd = index;
}

/** Records the block for its neighbours. */
export function closeProgress(c: Component, bx: i32, by: i32): void {
  const at = <usize>by * <usize>c.wide + <usize>bx;
  store<u8>(c.ends + at, <u8>index);
  store<u8>(c.nonZeros + at, <u8>nonZeros);
  store<u8>(c.largeEnds + at, <u8>largeEnd);
}
