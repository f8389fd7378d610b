import { readImage } from '../image/read-image.js';
import type { ReadOptions } from '../image/source.js';
import type { ReadPicture } from './options.js';

/** Reads an image file. Throws as `readImage`. */
export async function readPicture(bytes: Uint8Array, options: ReadOptions): Promise<ReadPicture> {
  const { raster: read, metadata, source } = await readImage(bytes, options);
  const { width, height, channels, depth, indexed, samples } = read;
  const raster = { width, height, channels, depth, indexed, samples: samples.slice() };
  const { format, warnings } = source;
  return { raster, metadata, whole: { width, height }, factor: 1, repairedBlocks: 0, format, warnings };
}
