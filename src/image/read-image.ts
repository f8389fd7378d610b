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

/** An image file as samples, and the payloads that bring the rest of the file back (none or one). */
export interface ReadImage {
  readonly raster: Raster;
  readonly metadata: Uint8Array[];
  readonly source: Source;
}

const ADVICE = 'pixrnn takes PNG, TIFF, WebP, BMP, PNM (PBM, PGM, PPM, PAM) and GIF files.';

/** Formats that are recognised to be refused by name. */
const REFUSED = new Map<InputFormat, string>([
  ['HEIF', 'a HEIF file (HEVC), which sharp cannot decode'],
  ['JPEG XL', 'a JPEG XL file, which sharp cannot decode'],
  ['JPEG 2000', 'a JPEG 2000 file, which sharp cannot decode'],
  ['PFM', 'a PFM file of floating-point samples'],
  ['SVG', 'an SVG file, of shapes in place of pixels'],
]);

/** What reads the files of a format. */
export type Reader = (input: Uint8Array, options: ReaderOptions) => Decoded | Promise<Decoded>;

/** The formats that are read on every host; hosts add those for which they have a decoder. */
export const PORTABLE_READERS: ReadonlyMap<InputFormat, Reader> = new Map<InputFormat, Reader>([
  ['PNG', readPng],
  ['BMP', readBmp],
  ['PNM', readPnm],
  ['GIF', readGif],
]);

/** The formats of which a file may hold several images; of the others `page` has nothing to choose from. */
const PAGED: readonly InputFormat[] = ['TIFF', 'PNM'];

/**
 * Reads an image file. Samples come back exactly as the file stores them; colour profiles, gamma, orientation and the
 * like are carried along and never applied. Whatever cannot be given back is refused.
 * @throws PixrnnError 'input-unsupported' for formats and kinds of image that are not taken, 'input-unreadable' for
 * damaged files, 'limit', 'usage' for a page that is no number from 1
 */
export async function readImage(
  input: Uint8Array,
  options: ReadOptions = {},
  readers: ReadonlyMap<InputFormat, Reader> = PORTABLE_READERS,
): Promise<ReadImage> {
  const { maxPixels = MAX_PIXELS, allowLossySource = false, firstFrame = false, page = null } = options;
  const format = formatOf(input);
  const reader = format && readers.get(format);
  if (!reader) throw notTaken(input, format);
  if (page !== null && !(page >= 1 && Number.isInteger(page))) {
    throw unsupported(`it has no image ${page}: images are counted from 1`, 'Set page to another one.', 'page');
  }
  if (page !== null && page > 1 && !PAGED.includes(format)) {
    throw unsupported(`it is a ${format} file, which has no image ${page}`, 'Leave out page.', 'page');
  }
  const decoded = await reader(input, { maxPixels, allowLossySource, firstFrame, page });
  const { raster, source } = decoded;
  const metadata = options.stripMetadata ? withoutMetadata(decoded.metadata, raster) : decoded.metadata;
  const payload = await packMetadata(metadata);
  return { raster, metadata: payload === null ? [] : [payload], source };
}

function notTaken(input: Uint8Array, format: InputFormat | null): Error {
  if (input.length === 0) return unreadable('it is empty');
  if (format === '.prnn') {
    return unsupported('it is compressed already', 'Use pixrnn decompress to get the image back.');
  }
  if (format !== null) {
    return unsupported(`it is ${REFUSED.get(format) ?? format}`, ADVICE);
  }
  // A signature that was changed on the way, or a file without one that goes on like a PNG file.
  const start = latin1Text(input.subarray(0, 32));
  if (/^.{0,2}P?NG\r?\n/s.test(start) || start.includes('IHDR')) {
    return unreadable('the PNG file is damaged: its signature is not right, as after a transfer in text mode');
  }
  return unsupported('it is not an image file that pixrnn knows', ADVICE);
}
