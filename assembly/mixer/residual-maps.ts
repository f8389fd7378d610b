/**
 * Residual maps: for each prediction of a value, a histogram of (value - prediction) for each class of that
 * prediction's local error, or for each difference of two samples. A histogram, shifted by the current prediction, is a distribution over the values. The
 * mixer needs the masses of a node's two halves, so histograms are stored as prefix sums, in three levels of groups of
 * eight:
 *
 *     fine    u16[512]  mass of the bins before this one in its group of 8
 *     middle  u16[64]   mass of the groups before this one in its group of 64 bins
 *     coarse  u16[8]    mass of the bins before this group of 64
 *     total   u16, 14 bytes of padding
 *
 * The mass before any bin is thus the sum of three numbers, and counting a value adds to three vectors. Halving all of
 * these numbers, rounded down, keeps the mass before a bin monotone: floor(a) - floor(b) >= floor(a - b).
 */
import { reserveFloats } from '../memory';
import { MAX_TILE_WIDTH } from '../tile-limits';
import { MAX_ERROR_MAPS, MAX_MAPS, differenceMaps, errorMaps, maps } from './experts';
import { DIFFERENCES, differences, predicted } from './predictions';

/** The bin of residual 0. Residuals are -255..255, and the mass before bin 511 is that of all values. */
const ZERO_BIN: i32 = 255;
const MIDDLE: usize = 1024;
const COARSE: usize = 1152;
const TOTAL: usize = 1168;
const ROW: usize = 1184;
/** Mass of one value. */
export const UNIT: i32 = 64;
/** A histogram with more mass than this is halved. */
const LIMIT: u32 = 600 * UNIT;

const ERROR_CLASSES: i32 = 12;
/** The class whose first histogram is also that of every difference. */
const FIRST_CLASS: i32 = 6;
/** Maximum sum of weighted local errors. */
const MAX_ERROR: i32 = 6 * 255;
const FIRST_ERROR: u8 = 4;

let channels: i32 = 0;
let width: i32 = 0;
let histograms: usize = 0; // [channels][errorMaps][ERROR_CLASSES] rows of ROW bytes
let differenceHistograms: usize = 0; // [channels][differenceMaps][DIFFERENCES] rows of ROW bytes
/** Which of these have been used: few differences occur, so histograms are written when they are first used. */
let isWritten: usize = 0; // bool[channels][differenceMaps][DIFFERENCES]
let firstHistogram: usize = 0; // a row
/** |value - prediction|, u8[2][1 + width + 1][channels][errorMaps]: this row and the one above. */
let errors: usize = 0;
/** Bytes of the errors of a channel, and of a pixel. */
let cellBytes: usize = 0;
let cellsBytes: usize = 0;
let here: usize = 0;
let above: usize = 0;

/** Class of a sum of local errors, u8[MAX_ERROR + 1]. */
const errorClass: usize = memory.data(MAX_ERROR + 1, 16);
/** UNIT in the lanes after lane i, u16[8][8]. */
const unitAfter: usize = memory.data(8 * 16, 16);
const sums: usize = memory.data(MAX_ERROR_MAPS * 2, 16); // u16: local errors of the current value
const rows: usize = memory.data(MAX_MAPS * 4, 16); // u32: addresses of the selected histograms
const shifts: usize = memory.data(MAX_MAPS * 4, 16); // i32: the bin of value 0 in each
/** Masses before the node's first value, its middle and its end, i32[maps] each. */
export const massLow: usize = memory.data(MAX_MAPS * 4, 16);
export const massMiddle: usize = memory.data(MAX_MAPS * 4, 16);
export const massHigh: usize = memory.data(MAX_MAPS * 4, 16);

/** Values that massLow and massHigh were computed for; -1: none. */
let lowAt: i32 = -1;
let highAt: i32 = -1;

export function configureResidualMaps(channelCount: i32): void {
  channels = channelCount;
  cellBytes = <usize>errorMaps;
  cellsBytes = <usize>channels * cellBytes;
  histograms = reserveFloats((channels * errorMaps * ERROR_CLASSES * <i32>ROW) >> 2);
  differenceHistograms = reserveFloats((channels * differenceMaps * DIFFERENCES * <i32>ROW) >> 2);
  isWritten = reserveFloats((channels * differenceMaps * DIFFERENCES) >> 2);
  firstHistogram = reserveFloats((<i32>ROW) >> 2);
  errors = reserveFloats((2 * (MAX_TILE_WIDTH + 2) * <i32>cellsBytes) >> 2);
  for (let e = 0; e <= MAX_ERROR; e++) {
    store<u8>(errorClass + e, <u8>max(0, min(ERROR_CLASSES - 1, <i32>(Math.log2(<f64>e + 0.6) * 2))));
  }
  for (let i = 0; i < 8; i++) {
    for (let lane = 0; lane < 8; lane++) store<u16>(unitAfter + ((i * 8 + lane) << 1), lane > i ? <u16>UNIT : 0);
  }
}

/** Begins a tile: resets every histogram. */
export function startResidualMaps(tileWidth: i32): void {
  width = tileWidth;
  for (let q = 0; q < ERROR_CLASSES; q++) writeFirstHistogram(histograms + <usize>q * ROW, q);
  const group = <usize>ERROR_CLASSES * ROW;
  for (let i = 1; i < channels * errorMaps; i++) memory.copy(histograms + <usize>i * group, histograms, group);
  writeFirstHistogram(firstHistogram, FIRST_CLASS);
  memory.fill(isWritten, 0, <usize>(channels * differenceMaps * DIFFERENCES));
  memory.fill(errors, FIRST_ERROR, <usize>(2 * (MAX_TILE_WIDTH + 2)) * cellsBytes);
}

/** Writes a histogram whose mass decays with the residual, more slowly the larger the local error. */
function writeFirstHistogram(row: usize, q: i32): void {
  const scale = Math.exp2(<f64>q / 2) / 8 + 0.5;
  const mass: f64 = 100;
  for (let bin = 0; bin < 512; bin++) {
    const at = bin & 7;
    const group = bin & 63;
    const before = <u16>firstMassBefore(bin, scale, mass);
    const beforeGroup = <u16>firstMassBefore(bin - at, scale, mass);
    const beforeGroups = <u16>firstMassBefore(bin - group, scale, mass);
    store<u16>(row + (bin << 1), before - beforeGroup);
    if (at === 0) store<u16>(row + MIDDLE + ((bin >> 3) << 1), before - beforeGroups);
    if (group === 0) store<u16>(row + COARSE + ((bin >> 6) << 1), before);
  }
  store<u16>(row + TOTAL, <u16>mass);
}

function firstMassBefore(bin: i32, scale: f64, mass: f64): f64 {
  const r = <f64>(bin - ZERO_BIN) - 0.5;
  const tail = Math.exp(-Math.abs(r) / scale) / 2;
  return Math.round(mass * (r < 0 ? tail : 1 - tail));
}

/** Moves to pixel (x, y), before its channels. */
export function movePixelResidualMaps(x: i32, y: i32): void {
  const row = <usize>(MAX_TILE_WIDTH + 2) * cellsBytes;
  here = errors + <usize>(y & 1) * row + <usize>(x + 1) * cellsBytes;
  above = errors + <usize>(1 - (y & 1)) * row + <usize>(x + 1) * cellsBytes;
  // Left of a row's first pixel and right of its last, the errors are those of the pixel above it.
  if (x === 0) {
    memory.copy(here - cellsBytes, above, cellsBytes);
    memory.copy(above - cellsBytes, above, cellsBytes);
  }
  if (x === width - 1) memory.copy(above + cellsBytes, above, cellsBytes);
}

/** Selects the histograms for channel c by the local errors of the predictions. */
export function openHistograms(c: i32): void {
  const cell = <usize>c * cellBytes;
  for (let i: usize = 0; i < cellBytes; i += 8) {
    const n = v128.load8x8_u(above + cell + i);
    const w = v128.load8x8_u(here - cellsBytes + cell + i);
    const nw = v128.load8x8_u(above - cellsBytes + cell + i);
    const ne = v128.load8x8_u(above + cellsBytes + cell + i);
    v128.store(sums + (i << 1), i16x8.add(i16x8.add(i16x8.shl(i16x8.add(w, n), 1), nw), ne));
  }
  let group = histograms + <usize>(c * errorMaps * ERROR_CLASSES) * ROW;
  for (let j: usize = 0; j < <usize>errorMaps; j++) {
    const q = <usize>load<u8>(errorClass + <usize>load<u16>(sums + (j << 1)));
    store<u32>(rows + (j << 2), <u32>(group + q * ROW));
    store<i32>(shifts + (j << 2), ZERO_BIN - <i32>load<u8>(predicted + j));
    prefetch(group + q * ROW);
    group += <usize>ERROR_CLASSES * ROW;
  }
  let at = <usize>(c * differenceMaps * DIFFERENCES);
  for (let j: usize = 0; j < <usize>differenceMaps; j++) {
    const row = differenceRow(at + <usize>load<i32>(differences + (j << 2)));
    store<u32>(rows + ((<usize>errorMaps + j) << 2), <u32>row);
    store<i32>(shifts + ((<usize>errorMaps + j) << 2), ZERO_BIN - <i32>load<u8>(predicted + <usize>errorMaps + j));
    prefetch(row);
    at += <usize>DIFFERENCES;
  }
  lowAt = -1;
  highAt = -1;
}

/** Returns histogram number `at` of those selected by differences. */
function differenceRow(at: usize): usize {
  const row = differenceHistograms + at * ROW;
  if (load<u8>(isWritten + at) === 0) {
    store<u8>(isWritten + at, 1);
    memory.copy(row, firstHistogram, ROW);
  }
  return row;
}

/**
 * Prefetches the parts of a histogram that every value needs, by loads whose results are unused, so that they are
 * fetched in parallel.
 */
function prefetch(row: usize): void {
  load<u16>(row, MIDDLE);
  load<u16>(row, MIDDLE + 64);
  load<u16>(row, COARSE);
}

/** Computes the masses at a node's first value, middle and end. Those shared with the previous node are reused. */
export function openNode(low: i32, half: i32): void {
  if (lowAt !== low) gatherMasses(low, massLow);
  if (highAt !== low + 2 * half) gatherMasses(low + 2 * half, massHigh);
  gatherMasses(low + half, massMiddle);
  lowAt = low;
  highAt = low + 2 * half;
}

/** Writes the mass before `value` in each histogram, i32[maps]. */
function gatherMasses(value: i32, to: usize): void {
  for (let j: usize = 0; j < <usize>maps * 4; j += 16) {
    const a = massBeforeBin(<usize>load<u32>(rows + j), <usize>(load<i32>(shifts + j) + value));
    const b = massBeforeBin(<usize>load<u32>(rows + j, 4), <usize>(load<i32>(shifts + j, 4) + value));
    const c = massBeforeBin(<usize>load<u32>(rows + j, 8), <usize>(load<i32>(shifts + j, 8) + value));
    const d = massBeforeBin(<usize>load<u32>(rows + j, 12), <usize>(load<i32>(shifts + j, 12) + value));
    store<i32>(to + j, a);
    store<i32>(to + j, b, 4);
    store<i32>(to + j, c, 8);
    store<i32>(to + j, d, 12);
  }
}

/** Returns the mass before a bin of a histogram. */
export function massBeforeBin(row: usize, bin: usize): i32 {
  const fine = <i32>load<u16>(row + (bin << 1));
  const middle = <i32>load<u16>(row + ((bin >> 3) << 1), MIDDLE);
  return fine + middle + <i32>load<u16>(row + ((bin >> 6) << 1), COARSE);
}

/** Narrows the masses to the node's half given by the bit. */
export function narrowMasses(bit: i32): void {
  const to = bit ? massLow : massHigh;
  const middle = (lowAt + highAt) >> 1;
  if (bit) lowAt = middle;
  else highAt = middle;
  for (let j: usize = 0; j < <usize>maps * 4; j += 16) v128.store(to + j, v128.load(massMiddle + j));
}

/** Counts the value of channel c. */
export function countResiduals(c: i32, value: i32): void {
  recordResiduals(c, value);
  for (let j: usize = 0; j < <usize>maps * 4; j += 4) {
    countBin(<usize>load<u32>(rows + j), <usize>(load<i32>(shifts + j) + value));
  }
}

/** Records the error of each prediction without counting the value. */
export function recordResiduals(c: i32, value: i32): void {
  const cell = here + <usize>c * cellBytes;
  const v = i8x16.splat(<i8>value);
  for (let i: usize = 0; i < cellBytes; i += 16) {
    const p = v128.load(predicted + i);
    v128.store(cell + i, i8x16.sub(i8x16.max_u(v, p), i8x16.min_u(v, p)));
  }
}

/** Counts a residual in a histogram. */
export function countBin(row: usize, bin: usize): void {
  const fine = row + ((bin & ~7) << 1);
  const middle = row + MIDDLE + ((bin >> 6) << 4);
  const coarse = row + COARSE;
  v128.store(fine, i16x8.add(v128.load(fine), v128.load(unitAfter + ((bin & 7) << 4))));
  v128.store(middle, i16x8.add(v128.load(middle), v128.load(unitAfter + (((bin >> 3) & 7) << 4))));
  v128.store(coarse, i16x8.add(v128.load(coarse), v128.load(unitAfter + ((bin >> 6) << 4))));
  const total = <u32>load<u16>(row, TOTAL) + UNIT;
  store<u16>(row, <u16>total, TOTAL);
  if (total <= LIMIT) return;
  for (let i: usize = 0; i < ROW; i += 16) v128.store(row + i, i16x8.shr_u(v128.load(row + i), 1));
}
