import { equalBytes, latin1Bytes, latin1Text, viewOf } from '../bytes.js';

/** The camera that EXIF names. */
export interface Camera {
  readonly make: string | undefined;
  readonly model: string | undefined;
}

export const EXIF_IDENTIFIER = latin1Bytes('Exif\0\0');

const MAKE = 0x010f;
const MODEL = 0x0110;
const ASCII = 2;
const ENTRY_BYTES = 12;

/** Returns whether the payload of an APP1 segment is EXIF. */
export function isExif(payload: Uint8Array): boolean {
  return equalBytes(payload.subarray(0, EXIF_IDENTIFIER.length), EXIF_IDENTIFIER);
}

/**
 * Reads make and model from the first directory of the payload of an EXIF segment. Unlike `readTiff`, it accepts damaged
 * EXIF and payloads whose later bytes are missing.
 */
export function readCamera(payload: Uint8Array): Camera {
  const tiff = payload.subarray(EXIF_IDENTIFIER.length);
  const camera = { make: undefined, model: undefined };
  if (tiff.length < 8) return camera;
  const view = viewOf(tiff);
  const little = tiff[0] === 0x49;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return camera;
  const fields = new Map<number, string | undefined>();
  const end = Math.min(tiff.length, start + 2 + ENTRY_BYTES * view.getUint16(start, little));
  for (let at = start + 2; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
    if (view.getUint16(at + 2, little) !== ASCII) continue;
    const count = view.getUint32(at + 4, little);
    const from = count <= 4 ? at + 8 : view.getUint32(at + 8, little);
    if (from + count <= tiff.length) fields.set(view.getUint16(at, little), textOf(tiff.subarray(from, from + count)));
  }
  return { make: fields.get(MAKE), model: fields.get(MODEL) };
}

/** Returns the characters before the first zero byte without surrounding blanks; undefined if there are none. */
function textOf(bytes: Uint8Array): string | undefined {
  const zero = bytes.indexOf(0);
  const text = latin1Text(zero < 0 ? bytes : bytes.subarray(0, zero)).trim();
  const isPrintable = /^[\x20-\x7e\xa0-\xff]+$/.test(text);
  return isPrintable ? text : undefined;
}
