import type { PngChunk } from './png-chunks.js';
import { NO_METADATA, packMetadata, type PngMetadata } from './png-metadata.js';
import type { RasterShape } from './raster.js';
import { metadataOf } from './write-png.js';

/** Chunks that define the colours of the samples. */
const COLOUR_CHUNKS = ['PLTE', 'tRNS', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP'];

/** Returns the chunks that define how the samples look. */
export function colourChunks({ beforeImage }: PngMetadata): PngChunk[] {
  return beforeImage.filter(({ type }) => COLOUR_CHUNKS.includes(type));
}

/**
 * Returns the metadata that a smaller copy of an image needs to look the same: palette, transparent colours, colour
 * space.
 * @throws PixrnnError 'file-corrupt' for invalid metadata
 */
export async function colourMetadata(shape: RasterShape, metadata: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const beforeImage = colourChunks(await metadataOf(shape, metadata));
  const payload = await packMetadata({ ...NO_METADATA, beforeImage });
  return payload ? [payload] : [];
}
