/**
 * What fast encoders do not search: positions that they skip in runs of literals (Snappy and Go's deflatefast.go), and
 * what is beyond a chunk of the data (miniz, tdefl_compress_fast).
 */
import { MAX_DISTANCE } from './symbols';

/** The last positions of a chunk, fewer than this, are not searched. */
const MIN_AHEAD: i32 = 4;

/** Buckets lose their older half when they are full; positions have 16 bits (stb_image_write; miniz, ISA-L). */
export let halving: bool = false;
export let wrapping: bool = false;
/** After 2^skip literals every second position is searched, after as many searches every third one, ...; 0: all are. */
let skip: i32 = 0;
/** Bytes of a chunk, if there are any. */
const CHUNK: i32 = 4096;
let chunks: bool = false;
/** Whether chunks begin anew after each block that fills the buffer of flate2's writers; where they begin. */
const BUFFER: i32 = 32768;
let restarting: bool = false;
let origin: i32 = 0;
let lastStart: i32 = 0;

/** Only runs of equal pixels are matches: bytes of a pixel, 0 otherwise, and of a row with its filter (fpng). */
export let pixelBytes: i32 = 0;
let rowBytes: i32 = 0;
const MAX_RUN: i32 = 255;

let length: i32 = 0;
let searches: i32 = 0;
let nextSearch: i32 = 0;

/** @param bits 1: halving; 2: wrapping; skip << 2; 32: chunks; 64: they begin with blocks after large ones */
export function setRules(bits: i32): void {
  halving = (bits & 1) !== 0;
  wrapping = (bits & 2) !== 0;
  skip = (bits >> 2) & 7;
  chunks = (bits & 32) !== 0;
  restarting = (bits & 64) !== 0;
}

export function setRuns(pixel: i32, row: i32): void {
  pixelBytes = pixel;
  rowBytes = row;
}

/** Returns how long a run of the pixel before p may be: to the end of the row, in whole pixels; 0 within a pixel. */
export function runReach(p: i32): i32 {
  const at = (p % rowBytes) - 1;
  if (at < pixelBytes || at % pixelBytes !== 0) return 0;
  return min(rowBytes - 1 - at, MAX_RUN - (MAX_RUN % pixelBytes));
}

export function startRules(rawLength: i32): void {
  length = rawLength;
  origin = 0;
  lastStart = 0;
  startRun(0, 0);
}

/** A block begins, after so many whole bytes of the stream. */
export function startRun(p: i32, bytes: i32): void {
  searches = 1 << skip;
  nextSearch = p;
  if (restarting && bytes - lastStart > BUFFER) origin = p;
  lastStart = bytes;
}

/** A token ends: the next one is at position p. */
export function passToken(p: i32, tokenLength: i32): void {
  if (skip === 0) return;
  if (tokenLength > 1) {
    searches = (1 << skip) - 1;
    nextSearch = p;
  } else if (p > nextSearch) {
    const step = max(1, searches >> skip);
    nextSearch += step;
    searches += step;
  }
}

/** Returns how many bytes from p on are in its chunk. */
function restOf(p: i32): i32 {
  return min(CHUNK - ((p - origin) & (CHUNK - 1)), length - p);
}

export function isSkipped(p: i32): bool {
  return (skip > 0 && p < nextSearch) || (chunks && restOf(p) < MIN_AHEAD);
}

/** Returns how many of the bytes from p on the encoder has. */
export function reachOf(p: i32, bytes: i32): i32 {
  return chunks ? min(bytes, restOf(p)) : bytes;
}

/** Returns the largest distance from p: what the encoder has read of the chunk takes its place in the window. */
export function farthestOf(p: i32, distance: i32): i32 {
  return chunks ? min(distance, MAX_DISTANCE - restOf(p)) : distance;
}
