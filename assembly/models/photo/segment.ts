/**
 * The network's state: for every block two rows of activations, the current one and the one above, and for the current
 * segment everything the backward pass needs. A segment is up to SEGMENT pixels of one row, starting at a multiple of
 * SEGMENT; weights change only between segments.
 *
 * A layer's input is stored as the 16-bit integers that it multiplies, with ACTIVATION_SCALE.
 */
import { reserveFloats, reserveShorts } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import {
  CONDITIONS,
  blocks,
  bytes,
  channels,
  extraCount,
  features,
  head,
  inputs,
  parameters,
  shortBytes,
  wholeVectors,
} from './layout';

export const SEGMENT: i32 = 128;
/** With 14 bits and a sign: values up to 64 in steps of 1/256. */
export const ACTIVATION_SCALE: f32 = 256;

/** First column and length in pixels of the current segment. */
let first: i32 = 0;
export let length: i32 = 0;

/** Number of a pixel's inputs, and of a head's own inputs, padded to whole vectors. */
export let paddedInputs: i32 = 0;
export let paddedOwn: i32 = 0;

let featureRows: usize = 0; // i16[SEGMENT][C]
let slopeRows: usize = 0; // f32[channels][SEGMENT][P]: derivatives of the loss with respect to the mixture's parameters
let convolvedRows: usize = 0; // i16[blocks][SEGMENT][C]: leaky ReLU of the convolution
let convolutionSums: usize = 0; // f32[blocks][SEGMENT][C]: the convolution's bias and sums over the row above
let ownRows: usize = 0; // i16[channels][SEGMENT][10 + 2 c, padded]
let hiddenRows: usize = 0; // i16[channels][SEGMENT][H]
let tileWidth: i32 = 0;
// i16[blocks][2][1 + width + 1 + 2][C]: row y at y mod 2, a pixel of zeros at each side, then room for reads of four
let activated: usize = 0;
/** Integers of one such row at the maximum width. */
let rowLength: i32 = 0;
let row: i32 = 0;

export function configureSegment(): void {
  paddedInputs = wholeVectors(inputs);
  paddedOwn = wholeVectors(extraCount() + CONDITIONS * (channels - 1));
  featureRows = reserveShorts(SEGMENT * features);
  slopeRows = reserveFloats(channels * SEGMENT * parameters);
  convolvedRows = reserveShorts(blocks * SEGMENT * features);
  convolutionSums = reserveFloats(blocks * SEGMENT * features);
  ownRows = reserveShorts(channels * SEGMENT * paddedOwn);
  hiddenRows = reserveShorts(channels * SEGMENT * head);
  rowLength = (MAX_TILE_WIDTH + 4) * features;
  activated = reserveShorts(blocks * 2 * rowLength);
}

/**
 * Begins a tile: the row above, and both sides of the rows, are zeros. The padding of a mixture's parameters has
 * derivative 0.
 */
export function startSegments(width: i32): void {
  tileWidth = width;
  memory.fill(slopeRows, 0, bytes(channels * SEGMENT * parameters));
  memory.fill(activated, 0, shortBytes(blocks * 2 * rowLength));
}

/** Begins the segment whose first pixel is (x, y). */
export function moveSegment(x: i32, y: i32): void {
  first = x;
  row = y;
  length = min(SEGMENT, tileWidth - x);
}

/**
 * Returns the address of the activations that block i reads at the segment's pixel `slot`, -1 to `length`, i16[C];
 * later pixels follow.
 */
export function activatedAt(i: i32, slot: i32): usize {
  return activated + shortBytes((2 * i + (row & 1)) * rowLength + (1 + first + slot) * features);
}

/** Returns the same in the row above. */
export function activatedAbove(i: i32, slot: i32): usize {
  return activated + shortBytes((2 * i + 1 - (row & 1)) * rowLength + (1 + first + slot) * features);
}

export function convolutionSumsAt(i: i32, slot: i32): usize {
  return convolutionSums + bytes((i * SEGMENT + slot) * features);
}

export function convolvedAt(i: i32, slot: i32): usize {
  return convolvedRows + shortBytes((i * SEGMENT + slot) * features);
}

export function featuresAt(slot: i32): usize {
  return featureRows + shortBytes(slot * features);
}

export function ownAt(c: i32, slot: i32): usize {
  return ownRows + shortBytes((c * SEGMENT + slot) * paddedOwn);
}

export function hiddenAt(c: i32, slot: i32): usize {
  return hiddenRows + shortBytes((c * SEGMENT + slot) * head);
}

export function slopesAt(c: i32, slot: i32): usize {
  return slopeRows + bytes((c * SEGMENT + slot) * parameters);
}
