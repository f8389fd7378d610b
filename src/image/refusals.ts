import { type AdmittingOption, PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { requirePixels } from '../pixel-limit.js';

/** Returns the error for a damaged file; `what` reads like "the PNG file is cut off". */
export function unreadable(what: string, cause?: unknown): PixrnnError {
  const options = cause === undefined ? {} : { cause };
  return new PixrnnError('input-unreadable', `${what}. Get the file again.`, options);
}

/**
 * Returns the error for an intact file that pixrnn does not support; `what` reads like "JPEG XL files are not
 * supported", and `option` is the one that `advice` names.
 */
export function unsupported(what: string, advice: string, option?: AdmittingOption): PixrnnError {
  return new PixrnnError('input-unsupported', `${what}. ${advice}`, { option });
}

/**
 * Rejects an image before memory is allocated for it.
 * @throws PixrnnError 'limit' for more than `maxPixels`, or for more bytes than one array can hold
 */
export function checkSize(width: number, height: number, bytesPerPixel: number, maxPixels: number): void {
  requirePixels({ width, height }, maxPixels);
  const bytes = Math.ceil(width * bytesPerPixel + 1) * height; // including a filter byte per row of a PNG
  const { maxArrayBytes } = host();
  if (bytes > maxArrayBytes) {
    const what = `the image needs ${bytes} bytes of memory, more than one array can hold on this machine (${maxArrayBytes})`;
    throw new PixrnnError('limit', `${what}. Cut it into parts.`);
  }
}
