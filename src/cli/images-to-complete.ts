import type { Size } from '../subsample.js';
import { PixrnnError } from '../errors.js';
import { expand } from '../image/expand.js';
import { readImage } from '../image/read-image.js';
import type { Raster } from '../image/raster.js';
import { metadataOf } from '../image/write-png.js';
import { readInput } from './input.js';
import { displayName, messageOf } from './messages.js';

/** An image and the file it comes from. */
export interface ImageToComplete {
  readonly file: string;
  /** Without a palette. */
  readonly raster: Raster;
}

/** Reads an image, with palette indices replaced by their colours. Errors name the file. */
export function readImageToComplete(file: string, maxPixels: number): Promise<ImageToComplete> {
  return inFile(file, async () => {
    const { bytes } = await readInput(file);
    const { raster, metadata } = await readImage(bytes, { maxPixels });
    return { file, raster: raster.indexed ? expand(raster, await metadataOf(raster, metadata)) : raster };
  });
}

/**
 * Reads a mask, [height][width]: 1 for known pixels (darker than mid-gray), 0 for pixels to fill in. Errors name the file.
 * @throws PixrnnError 'usage' if the size differs from that of the images
 */
export async function readMask(
  file: string | undefined,
  { width, height }: Size,
  maxPixels: number,
): Promise<Uint8Array> {
  if (typeof file !== 'string') throw new PixrnnError('usage', '--mask needs exactly one value.');
  const { raster } = await readImageToComplete(file, maxPixels);
  if (raster.width !== width || raster.height !== height) {
    const what = `the mask is ${raster.width} x ${raster.height}, but the image is ${width} x ${height}`;
    throw new PixrnnError('usage', `${displayName(file)}: ${what}. Use a mask of the same size.`);
  }
  const { channels, depth, samples } = raster;
  const colours = channels >= 3 ? 3 : 1;
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    let sum = 0;
    for (let c = 0; c < colours; c++) sum += samples[pixel * channels + c] as number;
    return 2 * sum > colours * (2 ** depth - 1) ? 0 : 1;
  });
}

/** Calls `action` and prefixes its errors with a file's name. */
export async function inFile<T>(file: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (!(cause instanceof PixrnnError)) throw cause;
    throw new PixrnnError(cause.code, `${displayName(file)}: ${messageOf(cause)}`, { cause });
  }
}
