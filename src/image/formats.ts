import { latin1Text } from '../bytes.js';
import { PixrnnError } from '../errors.js';

/** Formats in which image files are written. */
export type OutputFormat = 'png' | 'tiff' | 'webp' | 'pnm';

/** Formats that are recognised, some only to be rejected. */
export type InputFormat =
  | 'PNG'
  | 'TIFF'
  | 'WebP'
  | 'BMP'
  | 'PNM'
  | 'GIF'
  | 'JPEG'
  | 'AVIF'
  | 'HEIF'
  | 'JPEG XL'
  | 'JPEG 2000'
  | 'PFM'
  | 'SVG'
  | '.prnn';

/** File signatures: alternatives (Latin-1) at an offset. */
const SIGNATURES: readonly [format: InputFormat, offset: number, prefixes: readonly string[]][] = [
  ['PNG', 0, ['\x89PNG\r\n\x1a\n']],
  ['JPEG', 0, ['\xff\xd8\xff']],
  ['WebP', 8, ['WEBPVP8']],
  ['GIF', 0, ['GIF87a', 'GIF89a']],
  ['TIFF', 0, ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']],
  ['AVIF', 4, ['ftypavif', 'ftypavis']],
  ['HEIF', 4, ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1']],
  ['JPEG XL', 0, ['\xff\x0a', '\0\0\0\x0cJXL ']],
  ['JPEG 2000', 0, ['\xff\x4f\xff\x51', '\0\0\0\x0cjP  ']],
  ['BMP', 0, ['BM']],
  ['PNM', 0, ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']],
  ['PFM', 0, ['PF', 'Pf', 'PF4']],
  ['SVG', 0, ['<svg', '<?xml']],
  ['.prnn', 0, ['\x8fp', '\x8fP']],
];

/** Formats of the files that are restored byte for byte. */
export type SourceFormatName = OutputFormat | 'bmp' | 'gif' | 'jpeg';

/** File extensions of the output formats, the default first. */
const EXTENSIONS: Record<OutputFormat, readonly string[]> = {
  png: ['.png'],
  tiff: ['.tif', '.tiff'],
  webp: ['.webp'],
  pnm: ['.ppm', '.pgm', '.pbm', '.pnm', '.pam'],
};
const SOURCE_EXTENSIONS: Record<SourceFormatName, readonly string[]> = {
  ...EXTENSIONS,
  png: ['.png', '.apng'],
  bmp: ['.bmp', '.dib'],
  gif: ['.gif'],
  jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'],
};

/** Returns the format according to the file's signature, or null. */
export function formatOf(input: Uint8Array): InputFormat | null {
  const start = latin1Text(input.subarray(0, 32));
  const matches = ([, offset, prefixes]: (typeof SIGNATURES)[number]): boolean =>
    prefixes.some((prefix) => start.startsWith(prefix, offset));
  return SIGNATURES.find(matches)?.[0] ?? null;
}

/** Returns the usual extension of a format. */
export function usualExtension(format: SourceFormatName): string {
  return SOURCE_EXTENSIONS[format][0]!;
}

/** Returns the format that the extension of a source file names; null for any other extension. */
export function sourceFormatOf(path: string): SourceFormatName | null {
  const lower = path.toLowerCase();
  const named = Object.entries(SOURCE_EXTENSIONS).find(([, list]) => list.some((one) => lower.endsWith(one)));
  return named ? (named[0] as SourceFormatName) : null;
}

/**
 * Returns the format of a path's extension.
 * @throws PixrnnError 'usage' for an unknown extension
 */
export function formatOfPath(path: string): OutputFormat {
  const lower = path.toLowerCase();
  for (const [format, extensions] of Object.entries(EXTENSIONS)) {
    if (extensions.some((extension) => lower.endsWith(extension))) return format as OutputFormat;
  }
  const list = Object.values(EXTENSIONS).map((extensions) => extensions.join('/'));
  throw new PixrnnError('usage', `${path}: unknown output format. Use ${list.join(', ')}.`);
}
