import { PixrnnError } from '../errors.js';
import { DEFAULT_EFFORT } from '../engine/effort.js';
import { type ReadImage, readImage } from '../image/read-image.js';
import { samplesDigest } from './check.js';
import { type Container, type DecodeContainerOptions, parseFile, type StoredFile } from './container.js';

/**
 * Parses a .prnn file like `parseFile`. A stored source is read, which gives its samples and metadata.
 * @throws PixrnnError as `parseFile`; 'file-corrupt' if a stored source cannot be read
 */
export async function openContainer(bytes: Uint8Array, options: DecodeContainerOptions = {}): Promise<Container> {
  const file = parseFile(bytes, options);
  return 'header' in file ? file : openStored(file, options);
}

/**
 * Reads a stored source.
 * @throws PixrnnError 'file-corrupt' if it cannot be read, 'limit'
 */
export async function openStored(
  { width, height, extension, source }: StoredFile,
  options: DecodeContainerOptions,
): Promise<Container> {
  const { raster, metadata } = await readStored(source, options);
  if (raster.width !== width || raster.height !== height) throw corrupt('its stored source has another size');
  const { channels, depth, indexed, samples } = raster;
  const header = { width, height, channels, depth, indexed, rgbModel: null, grayModel: null, effort: DEFAULT_EFFORT };
  const image = { extension, source, samples };
  return { header, metadata, restoration: null, activeAlphabet: null, image, digest: samplesDigest(samples) };
}

/** Reads the first image of a stored source: what `compress` read. */
async function readStored(source: Uint8Array, { maxPixels }: DecodeContainerOptions): Promise<ReadImage> {
  try {
    return await readImage(source, { maxPixels, firstFrame: true, page: 1, allowLossySource: true });
  } catch (cause) {
    if (!(cause instanceof PixrnnError) || cause.code !== 'input-unreadable') throw cause;
    throw corrupt('its stored source cannot be read', cause);
  }
}

function corrupt(what: string, cause?: unknown): PixrnnError {
  return new PixrnnError('file-corrupt', `${what}. Get the file again.`, { cause });
}
