import { addReader } from '../../image/read-image.js';

/** Adds the formats that sharp decodes; sharp is loaded when the first such file is read. */
export function addReaders(): void {
  addReader('TIFF', async (input, options) => (await import('./tiff-read.js')).readTiffImage(input, options));
  addReader('WebP', async (input, options) => (await import('./webp.js')).readWebp(input, options));
  for (const format of ['JPEG', 'AVIF'] as const) {
    addReader(format, async (input, options) => (await import('./lossy-read.js')).readLossy(input, format, options));
  }
}
