import type { PeerSize } from './item.js';

/* Sizes of the same picture in the formats that the browser encodes without loss. */

/** Larger pictures would need too long. */
const MAX_PIXELS = 16_000_000;

const FORMATS = [
  ['PNG', 'image/png'],
  ['WebP lossless', 'image/webp'],
  ['AVIF lossless', 'image/avif'],
] as const;

/**
 * Returns the sizes of an opaque picture of 8 bits in the formats that this browser encodes. An encoder has no switch for
 * lossless coding, so that its file is decoded and compared.
 */
export async function peerSizes(picture: ImageBitmap): Promise<PeerSize[]> {
  if (picture.width * picture.height > MAX_PIXELS) return [];
  const given = pixelsOf(picture);
  const sizes: PeerSize[] = [];
  for (const [name, type] of FORMATS) {
    const blob = await given.canvas.convertToBlob({ type, quality: 1 }).catch(() => null);
    if (blob?.type !== type) continue;
    const decoded = await createImageBitmap(blob);
    if (isEqual(given.pixels, pixelsOf(decoded).pixels)) sizes.push({ name, bytes: blob.size });
    decoded.close();
  }
  return sizes;
}

function pixelsOf(picture: ImageBitmap): { canvas: OffscreenCanvas; pixels: Uint32Array } {
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser has no 2D canvas for workers');
  context.drawImage(picture, 0, 0);
  return { canvas, pixels: new Uint32Array(context.getImageData(0, 0, width, height).data.buffer) };
}

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((pixel, i) => pixel === b[i]);
}
