import { colourChunks } from './colour-metadata.js';
import { NO_METADATA, packMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';
import { shrink } from './shrink.js';
import { metadataOf, writePng } from './write-png.js';

/**
 * Returns a PNG file of an image for a host that fits it into a square: 8 bits, at most four times as wide and high as the
 * square, since a host resamples better than means do.
 * @param metadata of the raster, for palette, transparent colours and colour space
 * @param side of the square, in pixels
 */
export async function displayPng(raster: Raster, metadata: readonly Uint8Array[], side: number): Promise<Uint8Array> {
  const chunks = await metadataOf(raster, metadata);
  const factor = Math.floor(Math.max(raster.width, raster.height) / (2 * side));
  const small = shrink(raster, chunks, Math.max(1, factor));
  // They are applied.
  const beforeImage = colourChunks(chunks).filter(({ type }) => type !== 'PLTE' && type !== 'tRNS');
  const payload = await packMetadata({ ...NO_METADATA, beforeImage });
  return writePng(small, payload ? [payload] : []);
}
