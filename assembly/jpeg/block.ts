/**
 * The current block: its neighbours, what they say about each of its coefficients, and the coefficients that are known.
 * Arrays of 64 are in natural order: coefficient (u, v), u across, is number 8 v + u.
 */
import { BLOCK_BYTES, Component } from './components';

/** Number of the i-th coefficient in zigzag order, u8[64]. */
export const zigzag: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** A block outside the image. */
const nothing: usize = memory.data(<i32>BLOCK_BYTES, 16);

/** The neighbours' coefficients, i16[64]: left, above, above left and right, two to the left, two above. */
export let L: usize = nothing;
export let A: usize = nothing;
export let AL: usize = nothing;
export let AR: usize = nothing;
export let LL: usize = nothing;
export let AA: usize = nothing;

/** Mean magnitude of a coefficient in L, A and AL, f32[64]. */
export const averages: usize = memory.data(256, 16);
/** Weighted magnitudes, dequantised, of the coefficients around each in all neighbours, f32[64]. */
export const surroundings: usize = memory.data(256, 16);
/** Magnitudes in the neighbours from the i-th coefficient in zigzag order on, f32[65]. */
export const remaining: usize = memory.data(260, 16);
/** The coefficients of L, and of A transposed, dequantised and divided by 32, f32[64]. */
export const leftValues: usize = memory.data(256, 16);
export const aboveValues: usize = memory.data(256, 16);

/** Known coefficients of the block, i32[12][12] with margins of two. */
const VALUE_STRIDE: usize = 48;
const values: usize = memory.data(12 * 12 * 4 + 16, 16);
/** The same dequantised, divided by 32, and that transposed, f32[64]. */
export const blockValues: usize = memory.data(256, 16);
export const transposedValues: usize = memory.data(256, 16);
/** Weighted magnitudes, dequantised, of the known coefficients around each, f32[12][16] with margins of two. */
const INNER_STRIDE: usize = 64;
const inner: usize = memory.data(12 * 16 * 4 + 16, 16);
/** Weights of the 5 x 5 coefficients around one: 1 / (|du| + |dv|); f32[5][8]. */
const INNER_WEIGHTS: usize = memory.data<f32>(
  [
    0.25, 0.33333334, 0.5, 0.33333334, 0.25, 0, 0, 0, 0.33333334, 0.5, 1, 0.5, 0.33333334, 0, 0, 0, 0.5, 1, 0, 1, 0.5,
    0, 0, 0, 0.33333334, 0.5, 1, 0.5, 0.33333334, 0, 0, 0, 0.25, 0.33333334, 0.5, 0.33333334, 0.25, 0, 0, 0,
  ],
  16,
);

/** Dequantised magnitudes of all neighbours, weighted, f32[10][16]: coefficient (u, v) in row v + 1, column u + 4. */
const MASS_STRIDE: usize = 64;
const masses: usize = memory.data(10 * 16 * 4, 16);
/** The same, not dequantised and without LL and AA, f32[64]. */
const plain: usize = memory.data(256, 16);
const NEXT: f32 = 0.35;
const DIAGONAL: f32 = 0.2;

/**
 * Continuity across the left and upper border: for each row (and column) of coefficients, the difference of the two
 * one-dimensional signals at the border, dequantised, as far as known, f32[8].
 */
export const leftSteps: usize = memory.data(32, 16);
export const aboveSteps: usize = memory.data(32, 16);
/** Values of the 8 one-dimensional basis functions at the border, times 2: 1 / sqrt 2, 1, -1, 1, ...; f32[8]. */
const ALTERNATING: usize = memory.data<f32>([0.70710677, -1, 1, -1, 1, -1, 1, -1]);

/** Sum of the dequantised magnitudes of the known coefficients. */
export let total: f32 = 0;

/** Returns whether a neighbour is outside the image; its coefficients are 0. */
export function isOutside(block: usize): bool {
  return block === nothing;
}

/** Moves to block (bx, by) of component c. */
export function openBlock(c: Component, bx: i32, by: i32): void {
  const row = <usize>c.wide * BLOCK_BYTES;
  const at = c.coefficients + <usize>by * row + <usize>bx * BLOCK_BYTES;
  L = bx > 0 ? at - BLOCK_BYTES : nothing;
  A = by > 0 ? at - row : nothing;
  AL = bx > 0 && by > 0 ? at - row - BLOCK_BYTES : nothing;
  AR = by > 0 && bx + 1 < c.wide ? at - row + BLOCK_BYTES : nothing;
  LL = bx > 1 ? at - 2 * BLOCK_BYTES : nothing;
  AA = by > 1 ? at - 2 * row : nothing;
  total = 0;
  memory.fill(values, 0, 12 * VALUE_STRIDE);
  memory.fill(inner, 0, 12 * INNER_STRIDE);
  memory.fill(blockValues, 0, 256);
  memory.fill(transposedValues, 0, 256);
  measureNeighbours(c);
  measureSurroundings();
  measureBorders();
}

function measureNeighbours(c: Component): void {
  const half = f32x4.splat(0.5);
  const quarter = f32x4.splat(0.25);
  for (let k: usize = 0; k < 64; k += 4) {
    const step = v128.load(c.steps + (k << 2));
    const scale = f32x4.mul(step, f32x4.splat(0.03125));
    const left = four(L, k);
    const above = four(A, k);
    v128.store(leftValues + (k << 2), f32x4.mul(left, scale));
    const aboveValue = f32x4.mul(above, scale);
    const column = aboveValues + ((k & 7) << 5) + ((k >> 3) << 2);
    v128.store_lane<u32>(column, aboveValue, 0);
    v128.store_lane<u32>(column, aboveValue, 1, 32);
    v128.store_lane<u32>(column, aboveValue, 2, 64);
    v128.store_lane<u32>(column, aboveValue, 3, 96);
    const near = f32x4.add(f32x4.abs(left), f32x4.abs(above));
    const corner = f32x4.abs(four(AL, k));
    const mean = f32x4.add(f32x4.mul(near, f32x4.splat(0.8125)), f32x4.mul(corner, f32x4.splat(0.375)));
    v128.store(averages + (k << 2), mean);
    const sum = f32x4.add(near, f32x4.mul(half, f32x4.add(corner, f32x4.abs(four(AR, k)))));
    v128.store(plain + (k << 2), sum);
    const far = f32x4.mul(quarter, f32x4.add(f32x4.abs(four(LL, k)), f32x4.abs(four(AA, k))));
    const mass = masses + ((k >> 3) + 1) * MASS_STRIDE + (((k & 7) + 4) << 2);
    v128.store(mass, f32x4.mul(step, f32x4.add(sum, far)));
  }
  store<f32>(masses + MASS_STRIDE + 16, 0); // without DC
  let rest: f32 = 0;
  for (let i: usize = 63; i > 0; i--) {
    rest += load<f32>(plain + ((<usize>load<u8>(zigzag + i)) << 2));
    store<f32>(remaining + (i << 2), rest);
  }
}

/** Returns coefficients k to k + 3 of a neighbour as f32. */
function four(block: usize, k: usize): v128 {
  return f32x4.convert_i32x4_s(v128.load_ext<i16>(block + (k << 1)));
}

function measureSurroundings(): void {
  const next = f32x4.splat(NEXT);
  const diagonal = f32x4.splat(DIAGONAL);
  for (let k: usize = 0; k < 64; k += 4) {
    const at = masses + ((k >> 3) + 1) * MASS_STRIDE + (((k & 7) + 4) << 2);
    const up = at - MASS_STRIDE;
    const down = at + MASS_STRIDE;
    const straight = f32x4.add(
      f32x4.add(v128.load(at - 4), v128.load(at + 4)),
      f32x4.add(v128.load(up), v128.load(down)),
    );
    const corners = f32x4.add(
      f32x4.add(v128.load(up - 4), v128.load(up + 4)),
      f32x4.add(v128.load(down - 4), v128.load(down + 4)),
    );
    const around = f32x4.add(f32x4.mul(next, straight), f32x4.mul(diagonal, corners));
    v128.store(surroundings + (k << 2), f32x4.add(v128.load(at), around));
  }
}

/** DC is left out: the block's own is not known yet. */
function measureBorders(): void {
  for (let line: usize = 0; line < 8; line++) {
    let left: f32 = 0;
    let above: f32 = 0;
    for (let j: usize = line === 0 ? 1 : 0; j < 8; j++) {
      const at = ((line << 3) + j) << 2;
      const weight = load<f32>(ALTERNATING + (j << 2)) * 32;
      left += weight * load<f32>(leftValues + at);
      above += weight * load<f32>(aboveValues + at);
    }
    store<f32>(leftSteps + (line << 2), left);
    store<f32>(aboveSteps + (line << 2), above);
  }
}

/** Makes coefficient k, which is not zero, known. */
export function setValue(c: Component, k: usize, value: i32): void {
  const u = k & 7;
  const v = k >> 3;
  store<i32>(valueAt(k), value);
  const dequantised = <f32>value * load<f32>(c.steps + (k << 2));
  store<f32>(blockValues + (k << 2), dequantised * 0.03125);
  store<f32>(transposedValues + (((u << 3) + v) << 2), dequantised * 0.03125);
  const magnitude = abs<f32>(dequantised);
  total += magnitude;
  const mass = f32x4.splat(magnitude);
  let to = inner + v * INNER_STRIDE + (u << 2);
  for (let row: usize = 0; row < 5; row++, to += INNER_STRIDE) {
    const weights = INNER_WEIGHTS + (row << 5);
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(mass, v128.load(weights))));
    store<f32>(to, load<f32>(to, 16) + magnitude * load<f32>(weights, 16), 16);
  }
  const left = leftSteps + (v << 2);
  const above = aboveSteps + (u << 2);
  store<f32>(left, load<f32>(left) - (u === 0 ? dequantised * 0.70710677 : dequantised));
  store<f32>(above, load<f32>(above) - (v === 0 ? dequantised * 0.70710677 : dequantised));
}

/** Returns the address of coefficient k, i32; those of its neighbours are 4 and VALUE_STRIDE bytes away. */
export function valueAt(k: usize): usize {
  return values + ((k >> 3) + 2) * VALUE_STRIDE + (((k & 7) + 2) << 2);
}

export function innerAt(k: usize): f32 {
  return load<f32>(inner + ((k >> 3) + 2) * INNER_STRIDE + (((k & 7) + 2) << 2));
}
