import type { Raster } from '#pixrnn/image/raster.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';

/** A small photograph-like image, and a PNG file of it with a text. */
export const RASTER = blobs({ width: 48, height: 36 });
export const PNG = pngOf(RASTER, { before: [chunk('tEXt', 'Title\0a drawing')] });

/** A Raster of the plain parts alone, as what crosses threads has it. */
export function plainRaster({ width, height, channels, depth, indexed, samples }: Raster): Raster {
  return { width, height, channels, depth, indexed, samples };
}
