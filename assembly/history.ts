/**
 * The samples that predictors look at: the row at hand and the seven above, as f32 in the order in which a pixel's
 * channels are coded, with a margin at each side, so that a neighbour is a load at a fixed distance and borders need no
 * test. They are kept as if they had 8 bits: a sample of d bits divided by 2^d / 256, which is exact.
 *
 * Beyond the borders (part of the format): a row above goes on with its first and last pixel. Left of the current row
 * stands its first pixel, or before that is known the pixel above it. Above row 0 everything equals the pixel coded
 * last, 128 before the first; from row 1 on it equals row 0.
 */
import { repeatEnds, repeatPixel } from './kernels/margins';
import { reserveFloats } from './memory';
import { MAX_TILE_WIDTH } from './tile-limits';

/** Columns beyond each border that can be read. */
const MARGIN: i32 = 8;
/** Rows held, a power of two: dy from 0 to -7. */
const ROWS: i32 = 8;
const FIRST_VALUE: f32 = 128;

/** By how much the samples are larger than on the scale of 8 bits, a power of two; its inverse; the largest sample. */
export let gain: f32 = 1;
export let toBytes: f32 = 1;
export let largest: f32 = 255;

let channels: i32 = 0;
let width: i32 = 0;
let rows: usize = 0; // f32[ROWS][MARGIN + width + MARGIN][channels], row y at y mod ROWS
/** Bytes of one row at the greatest width, and of one pixel. */
let rowBytes: usize = 0;
let pixelBytes: usize = 0;
/** The pixel at hand. */
let column: i32 = 0;
let row: i32 = 0;

/** Reserves the rows for tiles with this number of channels. */
export function configureHistory(channelCount: i32): void {
  channels = channelCount;
  pixelBytes = (<usize>channelCount) << 2;
  rowBytes = <usize>(MAX_TILE_WIDTH + 2 * MARGIN) * pixelBytes;
  rows = reserveFloats(ROWS * (MAX_TILE_WIDTH + 2 * MARGIN) * channelCount);
}

export function startHistory(tileWidth: i32, sampleGain: f32, largestSample: f32): void {
  width = tileWidth;
  gain = sampleGain;
  toBytes = 1 / gain;
  largest = largestSample;
}

/** Moves to pixel (x, y); pixels come in raster order, each after all channels of the one before were put. */
export function movePixel(x: i32, y: i32): void {
  if (x === 0 && y > 0) finishRow(y - 1);
  column = x;
  row = y;
  if (y === 0) surroundFirstRow();
  else if (x === 0) repeatPixel(neighbour(0, -1), neighbour(-MARGIN, 0), MARGIN, pixelBytes);
  else if (x === 1) repeatPixel(neighbour(-1, 0), neighbour(-1 - MARGIN, 0), MARGIN, pixelBytes);
}

/**
 * Where the channels of the pixel at (dx, dy) from the one at hand stand, f32[channels]; |dx| <= MARGIN, -7 <= dy <= 0.
 */
export function neighbour(dx: i32, dy: i32): usize {
  return rows + <usize>((row + dy) & (ROWS - 1)) * rowBytes + <usize>(MARGIN + column + dx) * pixelBytes;
}

/** Tells the value of channel c (in coding order) of the pixel at hand, on the scale of 8 bits. */
export function putChannel(c: i32, value: f32): void {
  store<f32>(neighbour(0, 0) + ((<usize>c) << 2), value);
}

/** The finished row y goes on to both sides; row 0 also upwards. */
function finishRow(y: i32): void {
  const line = rows + <usize>(y & (ROWS - 1)) * rowBytes;
  repeatEnds(line, MARGIN, width, pixelBytes);
  if (y > 0) return;
  for (let above = 1; above < ROWS; above++) {
    memory.copy(rows + <usize>above * rowBytes, line, <usize>(width + 2 * MARGIN) * pixelBytes);
  }
}

/** In row 0 all that lies above or left of the tile equals the pixel coded last. */
function surroundFirstRow(): void {
  if (column === 0) for (let c = 0; c < channels; c++) store<f32>(rows + ((<usize>c) << 2), FIRST_VALUE * gain);
  const last = column === 0 ? rows : neighbour(-1, 0);
  if (column <= 1) repeatPixel(last, rows, MARGIN, pixelBytes);
  for (let dy = 1; dy < ROWS; dy++) repeatPixel(last, neighbour(-MARGIN, -dy), 2 * MARGIN + 1, pixelBytes);
}
