import { concatBytes } from '../bytes.js';
import { EXIF_IDENTIFIER, readExifDirectory } from './exif-directory.js';

const ORIENTATION = 0x0112;
const SHORT = 3;
/** The image is stored as it is shown. */
const UPRIGHT = 1;
const MAX_ORIENTATION = 8;

/**
 * Returns EXIF data with nothing but the orientation of the given data, as the payload of an APP1 segment; null if the
 * image is upright, or the orientation is missing or invalid.
 */
export function orientationAlone(payload: Uint8Array): Uint8Array | null {
  const directory = readExifDirectory(payload);
  const field = directory?.fields.find(({ tag, type, count }) => tag === ORIENTATION && type === SHORT && count === 1);
  if (!directory || !field) return null;
  const { isLittleEndian, view } = directory;
  const orientation = view.getUint16(field.at, isLittleEndian);
  if (orientation <= UPRIGHT || orientation > MAX_ORIENTATION) return null;
  return concatBytes([EXIF_IDENTIFIER, tiffOf(orientation, isLittleEndian)]);
}

/** Returns a TIFF header and one directory with one field. */
function tiffOf(orientation: number, isLittleEndian: boolean): Uint8Array {
  const tiff = new Uint8Array(26);
  const view = new DataView(tiff.buffer);
  tiff.fill(isLittleEndian ? 0x49 : 0x4d, 0, 2);
  view.setUint16(2, 42, isLittleEndian);
  view.setUint32(4, 8, isLittleEndian);
  view.setUint16(8, 1, isLittleEndian);
  view.setUint16(10, ORIENTATION, isLittleEndian);
  view.setUint16(12, SHORT, isLittleEndian);
  view.setUint32(14, 1, isLittleEndian);
  view.setUint16(18, orientation, isLittleEndian);
  return tiff;
}
