import { latin1Text } from '../bytes.js';
import { readBmp } from './bmp.js';
import { type InputFormat, formatOf } from './formats.js';
import { readGif } from './gif.js';
import { packMetadata, withoutMetadata } from './png-metadata.js';
import { readPng } from './png-read.js';
import { readPnm } from './pnm-read.js';
import { MAX_PIXELS, type Raster } from './raster.js';
import { unreadable, unsupported } from './refusals.js';
import type { Decoded, ReadOptions, ReaderOptions, Source } from './source.js';

/** An image file as samples, and the payloads that restore the rest of the file (none or one). */
export interface ReadImage {
  readonly raster: Raster;
  readonly metadata: Uint8Array[];
  readonly source: Source;
}

const ADVICE = 'pixrnn reads JPEG, PNG, TIFF, WebP, BMP, PNM (PBM, PGM, PPM, PAM) and GIF files.';

/** Formats that are recognised only to be rejected by name. */
const REFUSED = new Map<InputFormat, string>([
  ['HEIF', 'HEIF files (HEVC)'],
  ['JPEG XL', 'JPEG XL files'],
  ['JPEG 2000', 'JPEG 2000 files'],
  ['PFM', 'PFM files (floating-point samples)'],
  ['SVG', 'SVG files (vector graphics)'],
]);

/** Reads the files of one format. */
export type Reader = (input: Uint8Array, options: ReaderOptions) => Decoded | Promise<Decoded>;

/** Readers by format: those of every host, and those that a host adds. */
const readers = new Map<InputFormat, Reader>([
  ['PNG', readPng],
  ['BMP', readBmp],
  ['PNM', readPnm],
  ['GIF', readGif],
]);

/** Adds the reader of a format that the host decodes. */
export function addReader(format: InputFormat, reader: Reader): void {
  readers.set(format, reader);
}

/** Formats whose files may contain several images; the option `page` applies only to them. */
const PAGED: readonly InputFormat[] = ['TIFF', 'PNM'];

/**
 * Reads an image file. Samples are exactly those in the file; colour profiles, gamma, orientation and the like are kept
 * and never applied. Input that cannot be restored exactly is rejected.
 * @throws PixrnnError 'input-unsupported' for unsupported formats and kinds of image, 'input-unreadable' for damaged
 * files, 'limit', 'usage' for a page that is not an integer >= 1
 */
export async function readImage(input: Uint8Array, options: ReadOptions = {}): Promise<ReadImage> {
  const { maxPixels = MAX_PIXELS, allowLossySource = false, firstFrame = false, page = null } = options;
  const format = formatOf(input);
  const reader = format && readers.get(format);
  if (!reader) throw unsupportedInput(input, format);
  if (page !== null && !(page >= 1 && Number.isInteger(page))) {
    throw unsupported(`it has no image ${page}: images are numbered from 1`, 'Use page with another number.', 'page');
  }
  if (page !== null && page > 1 && !PAGED.includes(format)) {
    throw unsupported(`it has no image ${page}: ${format} files contain a single image`, 'Leave out page.', 'page');
  }
  const decoded = await reader(input, { maxPixels, allowLossySource, firstFrame, page });
  const { raster, source } = decoded;
  const metadata = options.stripMetadata ? withoutMetadata(decoded.metadata, raster) : decoded.metadata;
  const payload = await packMetadata(metadata);
  return { raster, metadata: payload === null ? [] : [payload], source };
}

function unsupportedInput(input: Uint8Array, format: InputFormat | null): Error {
  if (input.length === 0) return unreadable('it is empty');
  if (format === '.prnn') {
    return unsupported('it is already a .prnn file', 'Use pixrnn decompress to restore the image.');
  }
  if (format !== null) {
    return unsupported(`${REFUSED.get(format) ?? `${format} files`} are not supported`, ADVICE);
  }
  // A signature damaged in transfer, or a file that continues like a PNG file without it.
  const start = latin1Text(input.subarray(0, 32));
  if (/^.{0,2}P?NG\r?\n/s.test(start) || start.includes('IHDR')) {
    return unreadable('the PNG file is damaged: its signature is wrong, as after a transfer in text mode');
  }
  return unsupported('it is not an image file of a known format', ADVICE);
}
