import { equalBytes, latin1Bytes, viewOf } from '../bytes.js';

/** A field of the first directory of EXIF data. */
export interface ExifField {
  readonly tag: number;
  /** 2 ASCII, 3 SHORT. */
  readonly type: number;
  readonly count: number;
  /** Offset of the four bytes that hold the value, or its offset. */
  readonly at: number;
}

/** The first directory of EXIF data, which is a TIFF file. */
export interface ExifDirectory {
  readonly isLittleEndian: boolean;
  readonly tiff: Uint8Array;
  readonly view: DataView;
  readonly fields: readonly ExifField[];
}

export const EXIF_IDENTIFIER = latin1Bytes('Exif\0\0');

const ENTRY_BYTES = 12;

/** Returns whether the payload of an APP1 segment is EXIF. */
export function isExif(payload: Uint8Array): boolean {
  return equalBytes(payload.subarray(0, EXIF_IDENTIFIER.length), EXIF_IDENTIFIER);
}

/**
 * Reads the first directory of the payload of an EXIF segment; null if there is none. Unlike `readTiff`, it accepts
 * damaged EXIF and payloads whose later bytes are missing.
 */
export function readExifDirectory(payload: Uint8Array): ExifDirectory | null {
  const tiff = payload.subarray(EXIF_IDENTIFIER.length);
  if (tiff.length < 8) return null;
  const view = viewOf(tiff);
  const isLittleEndian = tiff[0] === 0x49;
  const start = view.getUint32(4, isLittleEndian);
  if (start + 2 > tiff.length) return null;
  const fields: ExifField[] = [];
  const end = Math.min(tiff.length, start + 2 + ENTRY_BYTES * view.getUint16(start, isLittleEndian));
  for (let at = start + 2; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
    const [tag, type] = [view.getUint16(at, isLittleEndian), view.getUint16(at + 2, isLittleEndian)];
    fields.push({ tag, type, count: view.getUint32(at + 4, isLittleEndian), at: at + 8 });
  }
  return { isLittleEndian, tiff, view, fields };
}
