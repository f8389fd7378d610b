/** The components of an image: their sizes, and the state that coding keeps for each. */
import { reserve } from '../palette/memory';
import { BITS_BYTES, measuring } from './block-bits';

export const MAX_COMPONENTS: i32 = 4;
/** Samples on a side of a block, and bytes of a block's coefficients. */
export const BLOCK_SIDE: i32 = 8;
export const BLOCK_BYTES: usize = 128;

@unmanaged
export class Component {
  /** Sampling factors. */
  horizontal: i32;
  vertical: i32;
  /** Blocks in a row, and rows of blocks. */
  wide: i32;
  high: i32;
  /** 0 for the first component, 1 for the second, 2 for all others. */
  kind: u32;
  /** 0 for the first component, 1 for all others. */
  chroma: u32;
  /** i16[high][wide][64], natural order. */
  coefficients: usize;
  /** Quantisation steps, and their inverses, f32[64]. */
  steps: usize;
  inverses: usize;
  /** Samples of the last rows of blocks, f32[ring][8][8 * wide]; row of blocks y is entry y mod ring. */
  samples: usize;
  ring: i32;
  /** For each block: end of its coefficients in zigzag order, non-zero ones, end of those above 1; u8[high][wide]. */
  ends: usize;
  nonZeros: usize;
  largeEnds: usize;
  /** Error of the prediction of each block's DC, in steps, f32[high][wide]. */
  errors: usize;
  /** DC of the first component on this one's grid, for the blocks of the last row, f32[wide]. */
  otherDc: usize;
  /** If they are measured, bits of each block's AC coefficients and DC, f32[high][wide][2]. */
  bits: usize;
}

const COMPONENT_BYTES: usize = 96;
const components: usize = memory.data(<i32>(<usize>MAX_COMPONENTS * COMPONENT_BYTES), 16);
/** Quantisation steps of all components, u16[4][64], written by the host; then as f32, and their inverses. */
export const quantisation: usize = memory.data(4 * 128, 16);
const steps: usize = memory.data(4 * 256, 16);
const inverses: usize = memory.data(4 * 256, 16);

export function componentAt(i: i32): Component {
  return changetype<Component>(components + <usize>i * COMPONENT_BYTES);
}

export function setComponent(i: i32, horizontal: i32, vertical: i32, wide: i32, high: i32): void {
  const c = componentAt(i);
  c.horizontal = horizontal;
  c.vertical = vertical;
  c.wide = wide;
  c.high = high;
  c.kind = min(i, 2);
  c.chroma = min(i, 1);
  c.ring = vertical + 1;
}

/** Returns the number of blocks of component i. */
export function blocksOf(i: i32): i32 {
  const c = componentAt(i);
  return c.wide * c.high;
}

/** Reserves the arrays of component i. */
export function reserveComponent(i: i32): void {
  const c = componentAt(i);
  const blocks = <usize>c.wide * <usize>c.high;
  c.coefficients = reserve(blocks * BLOCK_BYTES);
  c.samples = reserve(<usize>c.ring * rowBytes(c));
  c.ends = reserve(blocks);
  c.nonZeros = reserve(blocks);
  c.largeEnds = reserve(blocks);
  c.errors = reserve(blocks << 2);
  c.otherDc = reserve((<usize>c.wide) << 2);
  c.bits = measuring ? reserve(blocks * BITS_BYTES) : 0;
  c.steps = steps + ((<usize>i) << 8);
  c.inverses = inverses + ((<usize>i) << 8);
}

/** Sets what coding component i keeps to its start. A step of 0, which no decoder can use, counts as 1. */
export function startComponent(i: i32): void {
  const c = componentAt(i);
  memory.fill(c.otherDc, 0, (<usize>c.wide) << 2);
  memory.fill(c.samples, 0, <usize>c.ring * rowBytes(c));
  for (let k: usize = 0; k < 64; k++) {
    const step = <f32>max<i32>(1, load<u16>(quantisation + ((<usize>i) << 7) + (k << 1)));
    store<f32>(c.steps + (k << 2), step);
    store<f32>(c.inverses + (k << 2), 1 / step);
  }
}

/** Clears the coefficients of component i, before decoding. */
export function clearCoefficients(i: i32): void {
  const c = componentAt(i);
  memory.fill(c.coefficients, 0, <usize>c.wide * <usize>c.high * BLOCK_BYTES);
}

/** Returns the address of sample (0, 0) of row of blocks y. */
export function samplesOf(c: Component, y: i32): usize {
  return c.samples + <usize>(y % c.ring) * rowBytes(c);
}

/** Returns the bytes from a sample to the one below it. */
export function strideOf(c: Component): usize {
  return (<usize>c.wide) << 5;
}

function rowBytes(c: Component): usize {
  return strideOf(c) << 3;
}
