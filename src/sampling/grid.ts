import type { Size } from '../subsample.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS, type Raster } from '../image/raster.js';
import { allocateSamples, type Depth, type Samples } from '../samples.js';

/** Size and sample format of a grid's images. */
export interface Cell extends Size {
  readonly channels: 1 | 3;
  readonly depth: Depth;
}

/** Margin around each image, in pixels. */
const MARGIN = 2;
/** Side of a square of the checkerboard, in pixels. */
const SQUARE = 4;

/** Returns the size of a grid in pixels. Throws `limit` if it is too large to be written. */
export function gridSize({ width, height }: Size, columns: number, rows: number): Size {
  const size = { width: columns * (width + MARGIN) + MARGIN, height: rows * (height + MARGIN) + MARGIN };
  if (size.width * size.height <= MAX_PIXELS) return size;
  const what = `a grid of ${columns} x ${rows} images of ${width} x ${height} has more than ${MAX_PIXELS} pixels`;
  throw new PixrnnError('limit', `${what}. Draw fewer or smaller images.`);
}

/** Draws images in rows on a white background. Depths below 8 bits are scaled to 8. */
export function drawGrid(rows: readonly (readonly Samples[])[], cell: Cell): Raster {
  const { width, height, channels, depth: own } = cell;
  const size = gridSize(cell, Math.max(...rows.map((row) => row.length)), rows.length);
  const depth = own < 8 ? 8 : own;
  const scale = (2 ** depth - 1) / (2 ** own - 1);
  const samples = allocateSamples(size.width * size.height * channels, depth).fill(2 ** depth - 1);
  for (const [row, images] of rows.entries()) {
    for (const [column, image] of images.entries()) {
      const top = MARGIN + row * (height + MARGIN);
      const left = MARGIN + column * (width + MARGIN);
      for (let y = 0; y < height; y++) {
        const line = image.subarray(y * width * channels, (y + 1) * width * channels);
        const at = ((top + y) * size.width + left) * channels;
        samples.set(
          line.map((value) => value * scale),
          at,
        );
      }
    }
  }
  return { ...size, channels, depth, indexed: false, samples };
}

/**
 * Returns a copy of an image in which unknown pixels (`known` is 0, [height][width]) show a checkerboard of two grays; black and white
 * at 1 bit.
 */
export function occluded(samples: Samples, known: Uint8Array, { width, channels, depth }: Cell): Samples {
  const highest = 2 ** depth - 1;
  const [dark, light] = [Math.floor((3 * highest) / 8), Math.ceil((5 * highest) / 8)];
  const copy = samples.slice();
  known.forEach((isKnown, pixel) => {
    if (isKnown !== 0) return;
    const squares = Math.floor((pixel % width) / SQUARE) + Math.floor(pixel / width / SQUARE);
    copy.fill(squares % 2 === 0 ? dark : light, pixel * channels, (pixel + 1) * channels);
  });
  return copy;
}
