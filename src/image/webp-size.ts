import { latin1Text, viewOf } from '../bytes.js';
import type { Size } from '../subsample.js';

/** Where the first chunk of a WebP file starts, after `RIFF`, the length and `WEBP`. */
const FIRST_CHUNK = 12;
/** Bytes that contain the size in every kind of WebP file. */
const NEEDED = 30;
const START_CODE = [0x9d, 0x01, 0x2a];

/**
 * Returns the size that the first chunk of a WebP file states: of its canvas, or of its lossy or lossless image; null
 * if there is none. See RFC 9649, sections 2.5 to 3.4.
 */
export function webpSize(bytes: Uint8Array): Size | null {
  if (bytes.length < NEEDED) return null;
  const view = viewOf(bytes);
  switch (latin1Text(bytes.subarray(FIRST_CHUNK, FIRST_CHUNK + 4))) {
    case 'VP8 ': {
      if (!START_CODE.every((byte, i) => bytes[FIRST_CHUNK + 11 + i] === byte)) return null;
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    }
    case 'VP8L': {
      const fields = view.getUint32(21, true);
      return { width: 1 + (fields & 0x3fff), height: 1 + ((fields >>> 14) & 0x3fff) };
    }
    case 'VP8X':
      return { width: 1 + uint24(bytes, 24), height: 1 + uint24(bytes, 27) };
    default:
      return null;
  }
}

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}
