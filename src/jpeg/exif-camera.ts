import { latin1Text } from '../bytes.js';
import { readExifDirectory } from './exif-directory.js';

/** The camera that EXIF names. */
export interface Camera {
  readonly make: string | undefined;
  readonly model: string | undefined;
}

const MAKE = 0x010f;
const MODEL = 0x0110;
const ASCII = 2;

/** Reads make and model from the first directory of the payload of an EXIF segment. */
export function readCamera(payload: Uint8Array): Camera {
  const directory = readExifDirectory(payload);
  if (directory === null) return { make: undefined, model: undefined };
  const { tiff, view, isLittleEndian } = directory;
  const texts = new Map<number, string | undefined>();
  for (const { tag, type, count, at } of directory.fields) {
    if (type !== ASCII) continue;
    const from = count <= 4 ? at : view.getUint32(at, isLittleEndian);
    if (from + count <= tiff.length) texts.set(tag, textOf(tiff.subarray(from, from + count)));
  }
  return { make: texts.get(MAKE), model: texts.get(MODEL) };
}

/** Returns the characters before the first zero byte without surrounding blanks; undefined if there are none. */
function textOf(bytes: Uint8Array): string | undefined {
  const zero = bytes.indexOf(0);
  const text = latin1Text(zero < 0 ? bytes : bytes.subarray(0, zero)).trim();
  const isPrintable = /^[\x20-\x7e\xa0-\xff]+$/.test(text);
  return isPrintable ? text : undefined;
}
