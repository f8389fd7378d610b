/**
 * What the network remembers: of every block two rows of activations, the row at hand and the one above, and of the
 * segment at hand all that the backward pass needs. A segment is up to SEGMENT pixels of one row, from a multiple of that on;
 * weights change only between segments.
 */
import { MAX_TILE_WIDTH, reserveFloats } from '../../memory';
import { EXTRAS, CONDITIONS, blocks, bytes, channels, features, head, inputs, parameters } from './layout';

export const SEGMENT: i32 = 128;

/** Column and number of pixels of the segment at hand. */
export let first: i32 = 0;
export let length: i32 = 0;

/** Bytes of one pixel's inputs, and of one head's own inputs, whole vectors. */
export let inputStride: usize = 0;
export let ownStride: usize = 0;

export let inputRows: usize = 0; // f32[SEGMENT][I, padded]
export let convolvedRows: usize = 0; // f32[blocks][SEGMENT][C]: sums over the row above, then leaky of the convolution
export let featureRows: usize = 0; // f32[SEGMENT][C]
export let ownRows: usize = 0; // f32[channels][SEGMENT][10 + 2 c, padded]
export let hiddenRows: usize = 0; // f32[channels][SEGMENT][H]
export let slopeRows: usize = 0; // f32[channels][SEGMENT][P]: derivatives of the loss by the mixture's parameters

let tileWidth: i32 = 0;
// f32[blocks][2][1 + width + 1 + 2][C]: row y at y mod 2, a pixel of zeros at each side, then room for reads of four
let activated: usize = 0;
/** Floats of one such row at the greatest width. */
let rowFloats: i32 = 0;
let row: i32 = 0;

export function configureSegment(): void {
  inputStride = bytes((inputs + 3) & ~3);
  ownStride = bytes((EXTRAS + CONDITIONS * (channels - 1) + 3) & ~3);
  inputRows = reserveFloats(SEGMENT * <i32>(inputStride >> 2));
  convolvedRows = reserveFloats(blocks * SEGMENT * features);
  featureRows = reserveFloats(SEGMENT * features);
  ownRows = reserveFloats(channels * SEGMENT * <i32>(ownStride >> 2));
  hiddenRows = reserveFloats(channels * SEGMENT * head);
  slopeRows = reserveFloats(channels * SEGMENT * parameters);
  rowFloats = (MAX_TILE_WIDTH + 4) * features;
  activated = reserveFloats(blocks * 2 * rowFloats);
}

/**
 * Before the first row of a tile: nothing lies above, and left and right of the rows are zeros. The columns that pad a
 * mixture's parameters have no derivative.
 */
export function startSegments(width: i32): void {
  tileWidth = width;
  memory.fill(slopeRows, 0, bytes(channels * SEGMENT * parameters));
  memory.fill(activated, 0, bytes(blocks * 2 * rowFloats));
}

/** Begins the segment whose first pixel is (x, y). */
export function moveSegment(x: i32, y: i32): void {
  first = x;
  row = y;
  length = min(SEGMENT, tileWidth - x);
}

/**
 * Activations that block i sees, of the segment's pixel `slot`, -1 to `length`, f32[C]; later pixels stand behind it.
 */
export function activatedAt(i: i32, slot: i32): usize {
  return activated + bytes((2 * i + (row & 1)) * rowFloats + (1 + first + slot) * features);
}

/** The same in the row above. */
export function activatedAbove(i: i32, slot: i32): usize {
  return activated + bytes((2 * i + 1 - (row & 1)) * rowFloats + (1 + first + slot) * features);
}

export function convolvedAt(i: i32, slot: i32): usize {
  return convolvedRows + bytes((i * SEGMENT + slot) * features);
}

export function ownAt(c: i32, slot: i32): usize {
  return ownRows + <usize>(c * SEGMENT + slot) * ownStride;
}

export function hiddenAt(c: i32, slot: i32): usize {
  return hiddenRows + bytes((c * SEGMENT + slot) * head);
}

export function slopesAt(c: i32, slot: i32): usize {
  return slopeRows + bytes((c * SEGMENT + slot) * parameters);
}
