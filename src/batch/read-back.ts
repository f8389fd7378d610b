import { readFile } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { decompressToRaster } from '../codec/decompress.js';
import type { CompressOptions } from '../codec/compress.js';
import { readImage } from '../node/image/read-image.js';
import { type Image, imageDifference } from './compare.js';

/*
 * What was written, as it is on the disk, compared with what it was made from: before a source is removed.
 */

/** What tells the image of a .prnn file from the one that it was made from, or null. It is read and decoded. */
export async function prnnDifference(
  path: string,
  image: Image,
  { model, pool }: Pick<CompressOptions, 'model' | 'pool'>,
): Promise<string | null> {
  const options = { pool, models: model ? [model] : [], maxPixels: Infinity };
  const { raster, container } = await decompressToRaster(await readFile(fsPath(path)), options);
  return imageDifference({ raster, metadata: container.metadata }, image);
}

/** What tells an image file from the image that was written into it, or null. */
export async function fileDifference(path: string, image: Image): Promise<string | null> {
  const options = { maxPixels: Infinity, allowLossySource: true };
  return imageDifference(await readImage(await readFile(fsPath(path)), options), image);
}
