/**
 * The samples that predictors read: the current row and the seven above, as f32, channels in coding order. A margin on
 * each side makes every neighbour a load at a fixed offset, so borders need no test. Values are on the 8-bit scale: a
 * sample of d bits is divided by 2^d / 256, which is exact.
 *
 * Beyond the borders (part of the format): a row above repeats its first and last pixel. Left of the current row is its
 * first pixel or, until that is known, the pixel above it. Above row 0 everything equals the pixel coded last, 128
 * before the first; from row 1 on it equals row 0.
 */
import { repeatEnds, repeatPixel } from './kernels/margins';
import { reserveFloats } from './memory';
import { MAX_TILE_WIDTH } from './tile-limits';

/** Readable columns beyond each border. */
const MARGIN: i32 = 8;
/** Rows kept, a power of two: dy from 0 to -7. */
const ROWS: i32 = 8;
const FIRST_VALUE: f32 = 128;

/** The factor by which samples exceed the 8-bit scale, a power of two; its inverse; the largest sample. */
export let gain: f32 = 1;
export let toBytes: f32 = 1;
export let largest: f32 = 255;

let channels: i32 = 0;
let width: i32 = 0;
let rows: usize = 0; // f32[ROWS][MARGIN + width + MARGIN][channels], row y at y mod ROWS
/** Bytes of one row at the maximum width, and of one pixel. */
let rowBytes: usize = 0;
let pixelBytes: usize = 0;
/** The current pixel. */
let column: i32 = 0;
let row: i32 = 0;

/** Reserves the rows for tiles with `channelCount` channels. */
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

/** Moves to pixel (x, y). Pixels come in raster order, each after all channels of the previous one were put. */
export function movePixel(x: i32, y: i32): void {
  if (x === 0 && y > 0) finishRow(y - 1);
  column = x;
  row = y;
  if (y === 0) surroundFirstRow();
  else if (x === 0) repeatPixel(neighbour(0, -1), neighbour(-MARGIN, 0), MARGIN, pixelBytes);
  else if (x === 1) repeatPixel(neighbour(-1, 0), neighbour(-1 - MARGIN, 0), MARGIN, pixelBytes);
}

/**
 * Returns the address of the pixel at offset (dx, dy) from the current one, f32[channels]; |dx| <= MARGIN, -7 <= dy <=
 * 0.
 */
export function neighbour(dx: i32, dy: i32): usize {
  return rows + <usize>((row + dy) & (ROWS - 1)) * rowBytes + <usize>(MARGIN + column + dx) * pixelBytes;
}

/** Stores the value of channel c (in coding order) of the current pixel, on the 8-bit scale. */
export function putChannel(c: i32, value: f32): void {
  store<f32>(neighbour(0, 0) + ((<usize>c) << 2), value);
}

/** Extends the finished row y to both sides; row 0 also upwards. */
function finishRow(y: i32): void {
  const line = rows + <usize>(y & (ROWS - 1)) * rowBytes;
  repeatEnds(line, MARGIN, width, pixelBytes);
  if (y > 0) return;
  for (let above = 1; above < ROWS; above++) {
    memory.copy(rows + <usize>above * rowBytes, line, <usize>(width + 2 * MARGIN) * pixelBytes);
  }
}

/** Fills everything above and left of the tile with the pixel coded last, while row 0 is coded. */
function surroundFirstRow(): void {
  if (column === 0) for (let c = 0; c < channels; c++) store<f32>(rows + ((<usize>c) << 2), FIRST_VALUE * gain);
  const last = column === 0 ? rows : neighbour(-1, 0);
  if (column <= 1) repeatPixel(last, rows, MARGIN, pixelBytes);
  for (let dy = 1; dy < ROWS; dy++) repeatPixel(last, neighbour(-MARGIN, -dy), 2 * MARGIN + 1, pixelBytes);
}
