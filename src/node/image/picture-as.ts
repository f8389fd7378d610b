import type { PreviewPicture } from '../../codec/embedded-preview.js';

/** Returns an embedded picture as it is if it has this format, else null: another file is then written from its samples. */
export function pictureAs(picture: PreviewPicture | null, format: string | undefined): Uint8Array | null {
  return picture !== null && format === 'webp' && picture.type === 'image/webp' ? picture.bytes : null;
}
