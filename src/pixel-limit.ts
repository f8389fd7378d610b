import { PixrnnError } from './errors.js';
import type { Size } from './subsample.js';

/** Throws `limit` for more than `maxPixels` pixels. */
export function requirePixels({ width, height }: Size, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  const what = `the image has ${width} x ${height} pixels, more than the limit of ${maxPixels}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels.`, { option: 'maxPixels' });
}
