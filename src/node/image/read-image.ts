import type { InputFormat } from '../../image/formats.js';
import { PORTABLE_READERS, type ReadImage, type Reader, readImage as readWith } from '../../image/read-image.js';
import type { ReadOptions } from '../../image/source.js';
import { readLossy } from './lossy-read.js';
import { readTiffImage } from './tiff-read.js';
import { readWebp } from './webp.js';

export type { ReadImage } from '../../image/read-image.js';

const READERS: ReadonlyMap<InputFormat, Reader> = new Map<InputFormat, Reader>([
  ...PORTABLE_READERS,
  ['TIFF', readTiffImage],
  ['WebP', readWebp],
  ['JPEG', (input, options) => readLossy(input, 'JPEG', options)],
  ['AVIF', (input, options) => readLossy(input, 'AVIF', options)],
]);

/** `readImage` of the core (src/image/read-image.ts), with the formats that sharp decodes. */
export function readImage(input: Uint8Array, options: ReadOptions = {}): Promise<ReadImage> {
  return readWith(input, options, READERS);
}
