/**
 * Least squares over similar pixels: up to three predictors per sub-pixel, each a fit of the pixels around, every one
 * weighted by how similar its neighbours are to those of the current pixel (docs/format/photo.md, "Similar pixels"; after
 * the weighted least squares of Ye, Deng and Devlin, 2003, and of Weinlich and others, 2016).
 *
 * One matrix serves all channels of a pixel: its vector v has the neighbours of each channel and then the channels
 * themselves, so that a channel's regressors are everything before it.
 *
 *     v  f32[4 panels]  for each channel: its first n neighbours minus its centre; then each channel minus its centre
 *                       (zero until known); zeros
 */
import { neighbour } from '../../history';
import { dot, eliminate, laneSum, substitute, triangleFloats } from '../../kernels/normal-equations';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';

const ALL_FITS: i32 = 3;
/** Neighbours of each channel, and the window's reach, of each of F, G and H. */
const NEIGHBOURS: usize = memory.data<u8>([3, 4, 7]);
const REACH: usize = memory.data<u8>([6, 8, 10]);
/** (dx, dy) of the neighbours. */
const PLACES: usize = memory.data<i8>([-1, 0, -1, -1, 1, -1, -2, 0, 0, -2, 2, -1, 1, -2]);
const DECAY: f32 = 0.9;
/** Added to the mean square of the differences. */
const DIFFERENCE_FLOOR: f32 = 2;
/** Ridge, relative to the sum of the weights. */
const RIDGE: f32 = 0.02;
/** Rows kept, a power of two above the reach. */
const ROWS: i32 = 16;
const MAX_PANELS: i32 = 6;
const MAX_SAMPLES: i32 = 220;

/** Number of fits in use, and the number of each among F, G and H. */
export let similarFits: i32 = 0;
const numbers: usize = memory.data(4);
let channels: i32 = 0;
let column: i32 = 0;
let row: i32 = 0;
/** Addresses of the vectors of each fit, f32[ROWS][reach + width + reach][4 panels], row y at y mod ROWS. */
const tables: usize = memory.data(ALL_FITS * 4 + 4, 4);
/** Coefficients of each fit and channel, f32[fits][channels][4 panels]. */
const coefficients: usize = memory.data(ALL_FITS * 3 * MAX_PANELS * 16, 16);
/** Centres of the channels at the current pixel, f32[4]. */
const centres: usize = memory.data(16, 16);
/** Weights of the window's pixels, f32[samples], before and after similarity. */
const distances: usize = memory.data(ALL_FITS * MAX_SAMPLES * 4, 16);
const weights: usize = memory.data(MAX_SAMPLES * 4, 16);
const masks: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0], 16);
let triangle: usize = 0;

/** The fit at work: its neighbours, reach, regressors of the first channel, panels; bytes of a pixel's vector and of a row. */
let neighbours: i32 = 0;
let reach: i32 = 0;
let regressors: i32 = 0;
let panels: i32 = 0;
let pixelBytes: usize = 0;
let rowBytes: usize = 0;
let rows: usize = 0;

/** Selects the fits whose bit is set in `mask`, bit 0 for F. */
export function chooseSimilarFits(mask: i32): void {
  similarFits = 0;
  for (let number = 0; number < ALL_FITS; number++) {
    if ((mask >> number) & 1) store<u8>(numbers + similarFits++, <u8>number);
  }
}

export function configureSimilarFits(channelCount: i32): void {
  channels = channelCount;
  for (let s = 0; s < similarFits; s++) {
    select(s);
    store<usize>(tables + ((<usize>s) << 2), reserveFloats(<i32>((<usize>ROWS * rowBytes) >> 2)));
    storeDistances(distancesOf(s));
  }
  if (similarFits > 0) triangle = reserveFloats(triangleFloats(MAX_PANELS));
}

/** Begins a tile: beyond its borders, vectors are zero. */
export function startSimilarFits(): void {
  for (let s = 0; s < similarFits; s++) {
    select(s);
    memory.fill(rows, 0, <usize>ROWS * rowBytes);
  }
}

/** Moves to pixel (x, y), the history's current pixel, and fits all channels. */
export function startPixelSimilarFits(x: i32, y: i32): void {
  column = x;
  row = y;
  if (similarFits === 0) return;
  computeCentres();
  for (let s = 0; s < similarFits; s++) {
    select(s);
    const v = pixelAt(0, 0);
    gatherNeighbours(v);
    const sum = weigh(v, distancesOf(s));
    accumulateWindow();
    const end = eliminate(triangle, panels, sum * RIDGE);
    for (let c = 0; c < channels; c++) substitute(end, regressors + c, panels, coefficientsOf(s, c));
  }
}

/** Returns the prediction of fit s for channel c, after the channels before it have been observed. */
export function predictSimilar(s: i32, c: i32): f32 {
  select(s);
  return load<f32>(centres + ((<usize>c) << 2)) + dot(coefficientsOf(s, c), pixelAt(0, 0), panels);
}

/** Observes the value of channel c. */
export function observeSimilarFits(c: i32, value: f32): void {
  for (let s = 0; s < similarFits; s++) {
    select(s);
    store<f32>(pixelAt(0, 0) + ((<usize>(regressors + c)) << 2), value - load<f32>(centres + ((<usize>c) << 2)));
  }
}

function select(s: i32): void {
  const number = <usize>load<u8>(numbers + s);
  neighbours = <i32>load<u8>(NEIGHBOURS + number);
  reach = <i32>load<u8>(REACH + number);
  regressors = neighbours * channels;
  panels = (regressors + channels + 3) >> 2;
  pixelBytes = (<usize>panels) << 4;
  rowBytes = <usize>(MAX_TILE_WIDTH + 2 * reach) * pixelBytes;
  rows = load<usize>(tables + ((<usize>s) << 2));
}

function coefficientsOf(s: i32, c: i32): usize {
  return coefficients + <usize>((s * 3 + c) * MAX_PANELS) * 16;
}

function distancesOf(s: i32): usize {
  return distances + <usize>(s * MAX_SAMPLES) * 4;
}

/** Returns the address of v of the pixel at offset (dx, dy), |dx| <= reach. */
function pixelAt(dx: i32, dy: i32): usize {
  return rows + <usize>((row + dy) & (ROWS - 1)) * rowBytes + <usize>(reach + column + dx) * pixelBytes;
}

/** Returns how many pixels of the window are in row dy. */
function pixelsIn(dy: i32): i32 {
  return dy < 0 ? 2 * reach + 1 : reach;
}

/** Stores DECAY to the power of |dx| + |dy| of each pixel of the window, in raster order. */
function storeDistances(to: usize): void {
  for (let dy = -reach; dy <= 0; dy++) {
    for (let dx = -reach; dx < -reach + pixelsIn(dy); dx++) {
      let power: f32 = 1;
      for (let i = abs(dx) + abs(dy); i > 0; i--) power *= DECAY;
      store<f32>(to, power);
      to += 4;
    }
  }
}

function computeCentres(): void {
  const sum = f32x4.add(v128.load(neighbour(-1, 0)), v128.load(neighbour(0, -1)));
  v128.store(centres, f32x4.mul(sum, f32x4.splat(0.5)));
}

/** Writes v of the current pixel, its channels still zero. */
function gatherNeighbours(v: usize): void {
  memory.fill(v, 0, pixelBytes);
  for (let i = 0; i < neighbours; i++) {
    const place = PLACES + ((<usize>i) << 1);
    const from = neighbour(load<i8>(place), load<i8>(place, 1));
    for (let c = 0; c < channels; c++) {
      const at = (<usize>c) << 2;
      store<f32>(v + ((<usize>(c * neighbours + i)) << 2), load<f32>(from + at) - load<f32>(centres + at));
    }
  }
}

/** Computes the weights of the window's pixels. Returns their sum. */
function weigh(v: usize, distance: usize): f32 {
  let to = weights;
  for (let dy = -reach; dy <= 0; dy++) {
    let u = pixelAt(-reach, dy);
    for (let left = pixelsIn(dy); left > 0; left--) {
      store<f32>(to, squaredDifference(u, v));
      to += 4;
      u += pixelBytes;
    }
  }
  const share = f32x4.splat(1 / <f32>regressors);
  let sum = f32x4.splat(0);
  for (let at = weights; at < to; at += 16) {
    const d = f32x4.add(f32x4.mul(v128.load(at), share), f32x4.splat(DIFFERENCE_FLOOR));
    const weight = f32x4.div(v128.load(distance), f32x4.mul(d, f32x4.sqrt(d)));
    v128.store(at, weight);
    sum = f32x4.add(sum, weight);
    distance += 16;
  }
  return laneSum(sum);
}

/** Returns the sum of the squared differences of the regressors of the first channel. */
function squaredDifference(u: usize, v: usize): f32 {
  const whole = (<usize>(regressors >> 2)) << 4;
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const d = f32x4.sub(v128.load(u + i), v128.load(v + i));
    sum = f32x4.add(sum, f32x4.mul(d, d));
  }
  const mask = v128.load(masks + ((<usize>(4 - (regressors & 3))) << 2));
  const d = v128.and(mask, f32x4.sub(v128.load(u + whole), v128.load(v + whole)));
  return laneSum(f32x4.add(sum, f32x4.mul(d, d)));
}

/** Sets the triangle to the weighted sum of u u^T over the window. */
function accumulateWindow(): void {
  let block = triangle;
  for (let p: usize = 0; p < pixelBytes; p += 16) {
    for (let q = p; q < pixelBytes; q += 16) {
      accumulateBlock(p, q, block);
      block += 64;
    }
  }
}

/** Writes the block of the rows at p and the columns at q, offsets in bytes. */
function accumulateBlock(p: usize, q: usize, block: usize): void {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let weight = weights;
  for (let dy = -reach; dy <= 0; dy++) {
    let u = pixelAt(-reach, dy);
    const end = u + <usize>pixelsIn(dy) * pixelBytes;
    for (; u < end; u += pixelBytes) {
      const columns = f32x4.mul(v128.load(u + q), v128.load32_splat(weight));
      weight += 4;
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(u + p), columns));
      b = f32x4.add(b, f32x4.mul(v128.load32_splat(u + p, 4), columns));
      c = f32x4.add(c, f32x4.mul(v128.load32_splat(u + p, 8), columns));
      d = f32x4.add(d, f32x4.mul(v128.load32_splat(u + p, 12), columns));
    }
  }
  v128.store(block, a);
  v128.store(block, b, 16);
  v128.store(block, c, 32);
  v128.store(block, d, 48);
}
