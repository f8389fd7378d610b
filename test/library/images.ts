import type { Raster } from '#pixrnn/image/raster.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';

/** A small photograph-like image, and its PNG file with a text chunk. */
export const RASTER = blobs({ width: 48, height: 36 });
export const PNG = pngOf(RASTER, { before: [chunk('tEXt', 'Title\0a drawing')] });

/** Returns a Raster of plain fields only, as it arrives from another thread. */
export function plainRaster({ width, height, channels, depth, indexed, samples }: Raster): Raster {
  return { width, height, channels, depth, indexed, samples };
}
