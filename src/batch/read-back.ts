import { readFile } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { equalBytes } from '../bytes.js';
import { decompressToRaster } from '../codec/decompress.js';
import type { Coders } from '../engine/pool.js';
import type { CompressOptions } from '../codec/compress.js';
import { parseFile } from '../codec/container.js';
import { restoreFile } from '../codec/restore-file.js';
import { restoreSource } from '../codec/restore-source.js';
import { readImage } from '../image/read-image.js';
import { type Image, imageDifference } from './compare.js';

/*
 * Reads outputs back from disk and compares them with their sources, before --delete-source deletes these.
 */

/** Reads and decodes a .prnn file. Returns how what it restores differs from the source, or null. */
export async function prnnDifference(
  path: string,
  image: Image,
  source: Uint8Array,
  { model, pool }: Pick<CompressOptions, 'model' | 'pool'>,
): Promise<string | null> {
  const options = { pool, models: model ? [model] : [], maxPixels: Infinity, maxSeconds: Infinity };
  const { raster, container } = await decompressToRaster(await readFile(fsPath(path)), options);
  const restored = await restoreSource(container, raster, { pool, maxSeconds: Infinity });
  if (restored !== null) return equalBytes(restored, source) ? null : 'it restores another file';
  return imageDifference({ raster, metadata: container.metadata }, image);
}

/** Reads and restores a .prnn file that codes no samples. Returns how what it restores differs from the source, or null. */
export async function restoredDifference(path: string, source: Uint8Array, pool: Coders): Promise<string | null> {
  const restored = await restoreFile(parseFile(await readFile(fsPath(path)), { maxPixels: Infinity }), {
    pool,
    maxPixels: Infinity,
    maxSeconds: Infinity,
  });
  return restored !== null && equalBytes(restored, source) ? null : 'it restores another file';
}

/** Reads a file. Returns how it differs from the bytes that were written, or null. */
export async function bytesDifference(path: string, bytes: Uint8Array): Promise<string | null> {
  return equalBytes(await readFile(fsPath(path)), bytes) ? null : 'its contents differ';
}

/** Reads an image file. Returns how it differs from the image that was written, or null. */
export async function fileDifference(path: string, image: Image): Promise<string | null> {
  const options = { maxPixels: Infinity, allowLossySource: true };
  return imageDifference(await readImage(await readFile(fsPath(path)), options), image);
}
