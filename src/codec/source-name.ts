import { equalBytes, latin1Bytes, latin1Text } from '../bytes.js';
import { formatOf } from '../image/formats.js';

/*
 * A .prnn file keeps the extension of its source, as a number from this list, never a name: nothing in a file is used
 * as a path. The signature is what files of that extension start with; a file that stores its source omits it.
 */

/** Extensions and signatures, by number. Append only. */
const SOURCE_NAMES: readonly (readonly [extension: string, signature: string])[] = [
  ['.png', '\x89PNG\r\n\x1a\n'],
  ['.apng', '\x89PNG\r\n\x1a\n'],
  ['.tif', 'II*\0'],
  ['.tif', 'MM\0*'],
  ['.tiff', 'II*\0'],
  ['.tiff', 'MM\0*'],
  ['.bmp', 'BM'],
  ['.dib', 'BM'],
  ['.gif', 'GIF89a'],
  ['.gif', 'GIF87a'],
  ['.webp', 'RIFF'],
  ['.pbm', 'P4'],
  ['.pbm', 'P1'],
  ['.pgm', 'P5'],
  ['.pgm', 'P2'],
  ['.ppm', 'P6'],
  ['.ppm', 'P3'],
  ['.pnm', 'P6'],
  ['.pnm', 'P5'],
  ['.pam', 'P7'],
  ['.jpg', '\xff\xd8\xff'],
  ['.jpeg', '\xff\xd8\xff'],
  ['.jpe', '\xff\xd8\xff'],
  ['.jfif', '\xff\xd8\xff'],
];

const NUMBER_MASK = 0x3f;
/** Set if the signature is omitted. */
const OMITS_SIGNATURE = 0x40;
/** Set if the extension is in upper case. */
const UPPER_CASE = 0x80;

/** The extension of a source file, with its dot, in lower or upper case, and what its byte says about the signature. */
export interface SourceName {
  readonly extension: string;
  /** The omitted start of the source; empty unless a file that stores its source omits it. */
  readonly omitted: Uint8Array;
}

/**
 * Returns the byte for an extension, and the part of the signature that it lets a file omit.
 * @param extension one that `isSourceExtension` accepts
 * @param source the source file if its signature is to be omitted
 * @throws RangeError for any other extension
 */
export function encodeSourceName(extension: string, source?: Uint8Array): { byte: number; omitted: number } {
  const lower = extension.toLowerCase();
  const starts = ([, signature]: (typeof SOURCE_NAMES)[number]): boolean =>
    source !== undefined && equalBytes(source.subarray(0, signature.length), latin1Bytes(signature));
  const exact = SOURCE_NAMES.findIndex((row) => row[0] === lower && starts(row));
  const number = exact < 0 ? SOURCE_NAMES.findIndex(([known]) => known === lower) : exact;
  if (number < 0 || !isSourceExtension(extension)) throw new RangeError(`${extension} is not a known extension`);
  const upper = extension === lower ? 0 : UPPER_CASE;
  if (exact < 0) return { byte: number | upper, omitted: 0 };
  return { byte: number | upper | OMITS_SIGNATURE, omitted: SOURCE_NAMES[exact]![1].length };
}

/** Returns what a byte of a file names, or null if it is invalid. */
export function decodeSourceName(byte: number): SourceName | null {
  const row = SOURCE_NAMES[byte & NUMBER_MASK];
  if (!row) return null;
  const [extension, signature] = row;
  return {
    extension: byte & UPPER_CASE ? extension.toUpperCase() : extension,
    omitted: latin1Bytes(byte & OMITS_SIGNATURE ? signature : ''),
  };
}

/** Returns whether an extension can be kept: a known one, in lower case or upper case. */
export function isSourceExtension(extension: string): boolean {
  const lower = extension.toLowerCase();
  return SOURCE_NAMES.some(([known]) => known === lower) && (extension === lower || extension === lower.toUpperCase());
}

/** The usual extension of each format that has recipes or may be stored; that of PNM files depends on the kind. */
const USUAL: Readonly<Record<string, string>> = {
  PNG: '.png',
  TIFF: '.tif',
  BMP: '.bmp',
  GIF: '.gif',
  WebP: '.webp',
  JPEG: '.jpg',
  P1: '.pbm',
  P2: '.pgm',
  P3: '.ppm',
  P4: '.pbm',
  P5: '.pgm',
  P6: '.ppm',
  P7: '.pam',
};

/**
 * Returns the extension to keep for a source file: that of its name, or the usual one of its format; null for formats
 * that are never restored.
 * @param name the file's name or path, null if it has none
 */
export function sourceExtension(name: string | null, source: Uint8Array): string | null {
  const [own = ''] = /\.[^./\\]*$/.exec(name ?? '') ?? [];
  const format = formatOf(source);
  const usual = USUAL[format === 'PNM' ? latin1Text(source.subarray(0, 2)) : (format ?? '')];
  if (usual === undefined) return null;
  return isSourceExtension(own) ? own : usual;
}
