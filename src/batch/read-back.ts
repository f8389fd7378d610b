import { readFile } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { decompressToRaster } from '../codec/decompress.js';
import type { CompressOptions } from '../codec/compress.js';
import { readImage } from '../node/image/read-image.js';
import { type Image, imageDifference } from './compare.js';

/*
 * Reads outputs back from disk and compares them with their sources, before --delete-source deletes these.
 */

/** Reads and decodes a .prnn file. Returns how it differs from the source image, or null. */
export async function prnnDifference(
  path: string,
  image: Image,
  { model, pool }: Pick<CompressOptions, 'model' | 'pool'>,
): Promise<string | null> {
  const options = { pool, models: model ? [model] : [], maxPixels: Infinity };
  const { raster, container } = await decompressToRaster(await readFile(fsPath(path)), options);
  return imageDifference({ raster, metadata: container.metadata }, image);
}

/** Reads an image file. Returns how it differs from the image that was written, or null. */
export async function fileDifference(path: string, image: Image): Promise<string | null> {
  const options = { maxPixels: Infinity, allowLossySource: true };
  return imageDifference(await readImage(await readFile(fsPath(path)), options), image);
}
