import { PixrnnError } from '../errors.js';
import { DEFAULT_EFFORT } from '../effort.js';
import { type ReadImage, readImage } from '../image/read-image.js';
import { samplesDigest } from './check.js';
import { decodeJpeg } from './code-jpeg.js';
import type { CodingOptions } from './coding-options.js';
import { type Container, type DecodeContainerOptions, type JpegFile, parseFile, type StoredFile } from './container.js';
import { MAX_SECONDS, requireTime } from './decoding-time.js';
import { withTimedPool } from './timed-coders.js';

/** Options for opening a file of any kind. */
export interface OpenOptions extends DecodeContainerOptions, CodingOptions {
  /** Reject JPEG files whose coefficients need more CPU seconds; default 600. */
  readonly maxSeconds?: number | undefined;
}

/**
 * Parses a .prnn file like `parseFile`. A stored source is read, which gives its samples and metadata; the coefficients
 * of a JPEG file are decoded first.
 * @throws PixrnnError as `parseFile`; 'file-corrupt' if a stored source cannot be read
 */
export async function openContainer(bytes: Uint8Array, options: OpenOptions = {}): Promise<Container> {
  const file = parseFile(bytes, options);
  return 'header' in file ? file : openSource(file, options);
}

/**
 * Restores and reads the source of a file that does not code samples.
 * @throws PixrnnError 'file-corrupt' if it cannot be read, 'hash-mismatch', 'limit'
 */
export async function openSource(file: StoredFile | JpegFile, options: OpenOptions): Promise<Container> {
  const { width, height, extension, preview, parity } = file;
  const source = 'source' in file ? file.source : await restoreJpeg(file, options);
  const { raster, metadata } = await readSource(source, options);
  if (raster.width !== width || raster.height !== height) throw corrupt('its source has another size');
  const { channels, depth, indexed, samples } = raster;
  const header = { width, height, channels, depth, indexed, rgbModel: null, grayModel: null, effort: DEFAULT_EFFORT };
  const image = { extension, source, samples };
  return {
    header,
    metadata,
    restoration: null,
    activeAlphabet: null,
    image,
    digest: samplesDigest(samples),
    ...(preview && { preview }),
    ...(parity && { parity }),
  };
}

/**
 * Returns the JPEG file that a file of kind `jpeg` restores.
 * @throws PixrnnError 'file-corrupt', 'hash-mismatch', 'limit'; the signal's reason
 */
export async function restoreJpeg(file: JpegFile, options: OpenOptions): Promise<Uint8Array> {
  const { signal, onProgress, maxPixels, maxSeconds = MAX_SECONDS } = options;
  const estimate = requireTime(file, maxSeconds);
  return withTimedPool(options, estimate, (pool) => decodeJpeg(file, { pool, signal, onProgress }, maxPixels));
}

/** Reads the first image of a source: what `compress` read. */
async function readSource(source: Uint8Array, { maxPixels }: DecodeContainerOptions): Promise<ReadImage> {
  try {
    return await readImage(source, { maxPixels, firstFrame: true, page: 1, allowLossySource: true });
  } catch (cause) {
    if (!(cause instanceof PixrnnError) || cause.code !== 'input-unreadable') throw cause;
    throw corrupt('its source cannot be read', cause);
  }
}

function corrupt(what: string, cause?: unknown): PixrnnError {
  return new PixrnnError('file-corrupt', `${what}. Get the file again.`, { cause });
}
