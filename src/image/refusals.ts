import { type AdmittingOption, PixrnnError } from '../errors.js';
import { host } from '../host/host.js';

/** A file that is damaged: `what` as "the PNG file is cut off". */
export function unreadable(what: string, cause?: unknown): PixrnnError {
  const options = cause === undefined ? {} : { cause };
  return new PixrnnError('input-unreadable', `${what}. Get or make the file again.`, options);
}

/** A file that is whole but of a kind that pixrnn does not take: `what` as "it is a JPEG XL file"; `option` the one that `advice` names. */
export function unsupported(what: string, advice: string, option?: AdmittingOption): PixrnnError {
  return new PixrnnError('input-unsupported', `${what}. ${advice}`, { option });
}

/**
 * Refuses an image before memory is allocated for it.
 * @throws PixrnnError 'limit' for more than `maxPixels`, or for more bytes than one array holds
 */
export function checkSize(width: number, height: number, bytesPerPixel: number, maxPixels: number): void {
  if (width * height > maxPixels) {
    const what = `the image has ${width} x ${height} pixels, more than the limit of ${maxPixels}`;
    throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels.`, { option: 'maxPixels' });
  }
  const bytes = Math.ceil(width * bytesPerPixel + 1) * height; // a filter byte for each row of a PNG
  const { maxArrayBytes } = host();
  if (bytes > maxArrayBytes) {
    const what = `the image needs ${bytes} bytes of memory, more than one array can hold here (${maxArrayBytes})`;
    throw new PixrnnError('limit', `${what}. Cut it into parts.`);
  }
}
