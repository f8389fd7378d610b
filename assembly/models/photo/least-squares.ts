/**
 * In-context least squares: up to five predictors per sub-pixel, each an exponentially weighted fit of the values coded so
 * far by their neighbours (docs/format/photo.md, "Least squares"; after the edge-directed prediction of Wu, Meyer and
 * others).
 *
 * Statistics are two-dimensional and causal. With v = [regressors | target] of a pixel,
 *
 *     S(x, y) = lambda S(x - 1, y) + v v^T,  S(-1, y) = 0
 *     T(x, y) = S(x, y) + mu T(x + 3, y - 1)
 *
 * and pixel (x, y) is fitted to S(x - 1, y) + T(x + 3, y - 1). Because solving dominates the cost, only pixels with x
 * mod k = y mod k are fitted, k = 4 or 8 depending on the set; pixels to the right reuse the coefficients. Such a T
 * depends only on T of other fitted pixels, so T is stored for every k-th column only, in one row. If a row does not
 * begin with a fit, its first pixel is fitted to the first entry.
 */
import {
  accumulate,
  addScaled,
  dot,
  flushTriangle,
  solve,
  triangleFloats,
} from '../../kernels/normal-equations';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import {
  GRAY_COUNTS,
  RGB_COUNTS,
  VECTOR_FLOATS,
  centreOf,
  configureRegressors,
  gatherRegressors,
  startRegressors,
} from './regressors';

const ALL_SETS: i32 = 5;
/** Size of each set A .. E (0 large, 1 middle, 2 small). */
const SIZE: usize = memory.data<i32>([0, 0, 2, 1, 0]);
const LAMBDA: usize = memory.data<f32>([0.95, 0.99, 0.85, 0.92, 0.998]);
const MU: usize = memory.data<f32>([0.8, 0.95, 0.7, 0.6, 0.98]);
const RIDGE: usize = memory.data<f32>([10, 30, 20, 20, 50]);

/** log2 k, where k is the distance between fits. */
const STEP_BITS: usize = memory.data<i32>([2, 3, 2, 2, 3]);
/** Reach of the statistics in the row above, to the right of a pixel. */
const REACH: i32 = 3;
/** Pixels between two flushes of decayed values. */
const FLUSH_STEP: i32 = 64;
const FLUSH_ROWS: i32 = 16;

/** v of each size, f32[3][28]: regressors, target (zero until known), zeros. */
const vectors: usize = memory.data(3 * VECTOR_FLOATS * 4, 16);
/** Number of sets in use, and the number of each among A .. E, u8[fits]. */
export let fits: i32 = ALL_SETS;
const numbers: usize = memory.data(8);
/** Current coefficients, f32[channels][fits][28]. */
const coefficients: usize = memory.data(3 * ALL_SETS * VECTOR_FLOATS * 4, 16);
/** Addresses of T of each set of each channel, u32[channels][fits]; each is f32[columns of the set][triangle]. */
const tables: usize = memory.data(3 * ALL_SETS * 4 + 4, 16);
const VECTOR_BYTES: usize = <usize>VECTOR_FLOATS << 2;

let channels: i32 = 0;
let counts: usize = 0;
let sums: usize = 0; // S: f32[channels][fits][triangle], each triangle as large as the largest
let scratch: usize = 0; // f32[triangle]
let triangleBytes: usize = 0;
let column: i32 = 0;
let row: i32 = 0;
let width: i32 = 0;

/** Selects the sets whose bit is set in `mask`, bit 0 for A; at least one. */
export function chooseFits(mask: i32): void {
  fits = 0;
  for (let number = 0; number < ALL_SETS; number++) {
    if ((mask >> number) & 1) store<u8>(numbers + fits++, <u8>number);
  }
}

export function configureLeastSquares(channelCount: i32): void {
  channels = channelCount;
  configureRegressors(channels);
  counts = channels === 1 ? GRAY_COUNTS : RGB_COUNTS;
  const floats = triangleFloats((load<i32>(counts) >> 2) + 1);
  triangleBytes = (<usize>floats) << 2;
  sums = reserveFloats(channels * fits * floats);
  for (let c = 0; c < channels; c++) {
    for (let s = 0; s < fits; s++) {
      store<usize>(tables + ((<usize>(c * fits + s)) << 2), reserveFloats((MAX_TILE_WIDTH >> stepBits(s)) * floats));
    }
  }
  scratch = reserveFloats(floats);
}

export function startLeastSquares(tileWidth: i32): void {
  width = tileWidth;
  memory.fill(coefficients, 0, <usize>(channels * fits) * VECTOR_BYTES);
  memory.fill(vectors, 0, 3 * VECTOR_BYTES);
  for (let c = 0; c < channels; c++) {
    for (let s = 0; s < fits; s++) {
      memory.fill(tableEntry(s, c, 0), 0, <usize>(lastEntry(s) + 1) * triangleBytes);
    }
  }
}

/** Moves to pixel (x, y), the history's current pixel, before its channels. */
export function startPixelLeastSquares(x: i32, y: i32): void {
  column = x;
  row = y;
  if (x === 0) memory.fill(sums, 0, <usize>(channels * fits) * triangleBytes);
  startRegressors();
}

/** Returns the prediction of set s for channel c. */
export function predictLeastSquares(s: i32, c: i32): f32 {
  if (isFitted(s)) fit(s, c, entryAbove(s));
  else if (column === 0) fit(s, c, 0);
  const z = coefficients + <usize>(c * fits + s) * VECTOR_BYTES;
  return centreOf(c) + dot(z, vectorOf(s), panelsOf(s));
}

/** Observes the value of channel c. */
export function observeLeastSquares(c: i32, value: f32): void {
  const target = value - centreOf(c);
  for (let size = 0; size < 3; size++) {
    store<f32>(vectors + <usize>size * VECTOR_BYTES + ((<usize>load<i32>(counts + ((<usize>size) << 2))) << 2), target);
  }
  const flushes = (column & (FLUSH_STEP - 1)) === FLUSH_STEP - 1;
  for (let s = 0; s < fits; s++) {
    const sum = sumOf(s, c);
    const panels = panelsOf(s);
    accumulate(sum, vectorOf(s), panels, load<f32>(LAMBDA + constantOf(s)));
    if (flushes) flushTriangle(sum, panels);
    if (!isFitted(s)) continue;
    const to = tableEntry(s, c, column >> stepBits(s));
    addScaled(sum, tableEntry(s, c, entryAbove(s)), load<f32>(MU + constantOf(s)), panels, to);
    if ((row & (FLUSH_ROWS - 1)) === 0) flushTriangle(to, panels);
  }
}

/** Returns whether set s is fitted at the current pixel. */
function isFitted(s: i32): bool {
  return ((column ^ row) & ((1 << stepBits(s)) - 1)) === 0;
}

/**
 * Returns the entry of T that holds T(x + 3, y - 1) for the current pixel, where set s is fitted; the last one beyond
 * the border.
 */
function entryAbove(s: i32): i32 {
  return min((column + REACH) >> stepBits(s), lastEntry(s));
}

function lastEntry(s: i32): i32 {
  return (width - 1) >> stepBits(s);
}

function stepBits(s: i32): i32 {
  return load<i32>(STEP_BITS + constantOf(s));
}

/** Returns the offset of the constants of set s in the tables of A .. E. */
function constantOf(s: i32): usize {
  return (<usize>load<u8>(numbers + s)) << 2;
}

/** Returns the address of entry j of T of set s and channel c. */
function tableEntry(s: i32, c: i32, j: i32): usize {
  return load<usize>(tables + ((<usize>(c * fits + s)) << 2)) + <usize>j * triangleBytes;
}

/** Returns the address of S of set s and channel c. */
function sumOf(s: i32, c: i32): usize {
  return sums + <usize>(c * fits + s) * triangleBytes;
}

/** Gathers the vectors of channel c, after the channels before it are known. */
export function startChannelLeastSquares(c: i32): void {
  gatherRegressors(c, vectors);
  store<f32>(vectors + ((<usize>load<i32>(counts)) << 2), 0);
  for (let size = 1; size < 3; size++) {
    const n = (<usize>load<i32>(counts + ((<usize>size) << 2))) << 2;
    const v = vectors + <usize>size * VECTOR_BYTES;
    memory.copy(v, vectors, n);
    store<f32>(v + n, 0);
  }
}

/** Fits set s of channel c to S and entry j of T. */
function fit(s: i32, c: i32, j: i32): void {
  const panels = panelsOf(s);
  addScaled(sumOf(s, c), tableEntry(s, c, j), 1, panels, scratch);
  const n = load<i32>(counts + ((<usize>load<i32>(SIZE + constantOf(s))) << 2));
  solve(scratch, n, panels, load<f32>(RIDGE + constantOf(s)), coefficients + <usize>(c * fits + s) * VECTOR_BYTES);
}

function vectorOf(s: i32): usize {
  return vectors + <usize>load<i32>(SIZE + constantOf(s)) * VECTOR_BYTES;
}

/** Returns the number of panels of four in set s's vector, target included. */
function panelsOf(s: i32): i32 {
  const size = load<i32>(SIZE + constantOf(s));
  return (load<i32>(counts + ((<usize>size) << 2)) >> 2) + 1;
}
