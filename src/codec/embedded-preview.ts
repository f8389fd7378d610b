import { PixrnnError } from '../errors.js';
import { formatOf } from '../image/formats.js';
import { webpSize } from '../image/webp-size.js';
import { frameSize } from '../jpeg/frame-size.js';
import type { Size } from '../subsample.js';
import { decodePreview } from './container-decode.js';
import type { EmbeddedPreview } from './container-layout.js';

/** Maximum width and height of an embedded picture, in pixels. */
export const MAX_PREVIEW_SIDE = 256;

export const PREVIEW_DAMAGED = 'its preview is damaged. The image may be intact: decompress it.';

/** A small lossy picture of an image, from the start of its .prnn file. */
export interface PreviewPicture extends Size {
  /** A WebP or JPEG file, for a decoder of that format. Its size has been checked, nothing else of it. */
  readonly bytes: Uint8Array;
  readonly type: 'image/webp' | 'image/jpeg';
  /** Size of the whole image, as viewers show it: of a JPEG file, upright. */
  readonly whole: Size;
}

/**
 * Returns the picture that a .prnn file contains, without decoding it; null if the file has none. Reads nothing after the
 * picture: the first 66,000 bytes of a file are enough.
 * @throws PixrnnError `input-unsupported` if it is not a .prnn file, `unknown-version`, `file-truncated` if the picture
 * is incomplete, `file-corrupt` if the header or the picture is damaged
 */
export function embeddedPreview(start: Uint8Array): PreviewPicture | null {
  const { preview, kind, width, height } = decodePreview(start);
  if (!preview) return null;
  const picture = pictureOf(preview);
  const isTurned = kind !== 'pixels' && width > height !== picture.width > picture.height && width !== height;
  return { ...picture, whole: isTurned ? { width: height, height: width } : { width, height } };
}

/**
 * Returns the picture with its type and size.
 * @throws PixrnnError `file-corrupt` if it does not match its check, or is no WebP or JPEG file of at most 256 x 256
 */
export function pictureOf({ picture, damaged }: EmbeddedPreview): Omit<PreviewPicture, 'whole'> {
  const isWebp = formatOf(picture) === 'WebP';
  const size = isWebp ? webpSize(picture) : formatOf(picture) === 'JPEG' ? frameSize(picture) : null;
  const fits = size !== null && [size.width, size.height].every((side) => side >= 1 && side <= MAX_PREVIEW_SIDE);
  if (!damaged && fits) return { bytes: picture, type: isWebp ? 'image/webp' : 'image/jpeg', ...size };
  throw new PixrnnError('file-corrupt', PREVIEW_DAMAGED);
}
