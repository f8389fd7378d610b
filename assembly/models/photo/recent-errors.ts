/**
 * The recent errors of each least-squares predictor near the current pixel, for each channel: the logarithm of a
 * weighted sum of six neighbours' absolute errors. Margins follow the history's rule: a row above repeats its first and
 * last pixel; left of the current row is its first pixel or, until that is known, the one above. Above row 0 all errors
 * are 4.
 */
import { log2x4 } from '../../kernels/log';
import { repeatEnds, repeatPixel } from '../../kernels/margins';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';

const MARGIN: i32 = 2;
const ROWS: i32 = 3;
const FIRST_ERROR: f32 = 4;

let lanes: i32 = 0; // predictors times channels, a multiple of four
let width: i32 = 0;
let rows: usize = 0; // f32[ROWS][MARGIN + width + MARGIN][lanes], row y at y mod ROWS
let pixelBytes: usize = 0;
let rowBytes: usize = 0;
/** The current pixel in its row, in the row above and in the one above that. */
let here: usize = 0;
let above: usize = 0;
let twoAbove: usize = 0;

export function configureErrors(count: i32): void {
  lanes = (count + 3) & ~3;
  pixelBytes = (<usize>lanes) << 2;
  rowBytes = <usize>(MAX_TILE_WIDTH + 2 * MARGIN) * pixelBytes;
  rows = reserveFloats(ROWS * (MAX_TILE_WIDTH + 2 * MARGIN) * lanes);
}

export function startErrors(tileWidth: i32): void {
  width = tileWidth;
  const end = rows + <usize>ROWS * rowBytes;
  for (let at = rows; at < end; at += 16) v128.store(at, f32x4.splat(FIRST_ERROR));
}

/** Moves to pixel (x, y), and writes log2(weighted errors + 0.3) - 2.5 of all lanes to `out`, f32[lanes]. */
export function movePixelErrors(x: i32, y: i32, out: usize): void {
  const at = <usize>(MARGIN + x) * pixelBytes;
  here = rows + <usize>(y % ROWS) * rowBytes + at;
  above = rows + <usize>((y + 2) % ROWS) * rowBytes + at;
  twoAbove = rows + <usize>((y + 1) % ROWS) * rowBytes + at;
  if (x === 0) {
    if (y > 0) repeatEnds(above - at, MARGIN, width, pixelBytes);
    repeatPixel(above, here - <usize>MARGIN * pixelBytes, MARGIN, pixelBytes);
  } else if (x === 1) repeatPixel(here - pixelBytes, here - <usize>(1 + MARGIN) * pixelBytes, MARGIN, pixelBytes);
  for (let i: usize = 0; i < pixelBytes; i += 16) {
    const near = f32x4.add(v128.load(here + i - pixelBytes), v128.load(above + i));
    const corners = f32x4.add(v128.load(above + i - pixelBytes), v128.load(above + i + pixelBytes));
    const far = f32x4.add(v128.load(twoAbove + i), v128.load(here + i - 2 * pixelBytes));
    const sum = f32x4.add(
      f32x4.add(f32x4.add(near, f32x4.mul(f32x4.splat(0.7), corners)), f32x4.mul(f32x4.splat(0.5), far)),
      f32x4.splat(0.3),
    );
    v128.store(out + i, f32x4.sub(log2x4(sum), f32x4.splat(2.5)));
  }
}

/** Stores the absolute error of one lane at the current pixel. */
export function putError(lane: i32, error: f32): void {
  store<f32>(here + ((<usize>lane) << 2), error);
}
