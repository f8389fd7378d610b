import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { decodeHeader } from '../codec/container.js';
import { formatOf } from '../image/formats.js';
import { parseHeader } from '../image/png-header.js';
import type { RasterShape } from '../image/raster.js';
import { readProtected } from '../parity/parity.js';
import type { Metadata } from 'sharp';
import { sharp } from '../node/image/sharp.js';

/** The size of a file and of its image, from the header. */
export interface FileSize {
  /** Size of the file. */
  readonly bytes: number;
  /** Shape of the image; null if it cannot be read from the header. */
  readonly shape: Pick<RasterShape, 'width' | 'height' | 'channels' | 'depth'> | null;
  /** Whether it is a .prnn file that needs no model, and so little time. */
  readonly isQuick: boolean;
  /** Maximum number of coefficients of a JPEG file, or of a .prnn file that codes one; null for others. */
  readonly coefficients: number | null;
}

/** What the header of a file says. */
type Header = Omit<FileSize, 'bytes'>;

const NOTHING: Header = { shape: null, isQuick: false, coefficients: null };
/** The size of an unreadable file. */
export const UNKNOWN_SIZE: FileSize = { bytes: 0, ...NOTHING };

/** Number of bytes to read: enough for the IHDR chunk of a PNG file and for the header of a .prnn file. */
const HEADER_BYTES = 64;

/** Components of a JPEG image whose header does not say how many it has, all of the full size; CMYK is rare. */
const MAX_COMPONENTS = 3;
/** Components of the full size that 4:2:2 is as large as. */
const SUBSAMPLED_COMPONENTS = 2;

/** Reads the header of a file. Never throws: errors are reported when the file is read. */
export async function fileSize(path: string): Promise<FileSize> {
  try {
    const stats = await stat(fsPath(path));
    if (!stats.isFile()) return UNKNOWN_SIZE; // opening a pipe would block until there is a writer
    return { bytes: stats.size, ...(await headerOf(path).catch(() => NOTHING)) };
  } catch {
    return UNKNOWN_SIZE;
  }
}

async function headerOf(path: string): Promise<Header> {
  const start = await readStart(path);
  const format = formatOf(start);
  if (format === 'PNG') return { ...NOTHING, shape: parseHeader(start.subarray(16, 29)) };
  if (format === '.prnn') {
    const found = decodeHeader(start);
    if (found.kind === 'stored') return { ...NOTHING, shape: { ...found, channels: 4, depth: 16 }, isQuick: true };
    if (found.kind === 'jpeg') {
      const coefficients = MAX_COMPONENTS * found.width * found.height;
      return { ...NOTHING, shape: { ...found, channels: MAX_COMPONENTS, depth: 8 }, coefficients };
    }
    const { header } = found;
    return { ...NOTHING, shape: header, isQuick: header.rgbModel === null && header.grayModel === null };
  }
  if (format === 'BMP') return { ...NOTHING, shape: bmpShape(start) };
  if (format === 'PNM') return { ...NOTHING, shape: pnmShape(start) };
  const metadata = await sharp(await sharpInput(path), { limitInputPixels: false }).metadata();
  const { width, height, channels, depth } = metadata;
  const shape = { width, height, channels, depth: depth === 'ushort' ? 16 : 8 } as const;
  return { ...NOTHING, shape, coefficients: format === 'JPEG' ? jpegCoefficients(metadata) : null };
}

/** Returns the maximum number of coefficients, apart from padding. sharp does not tell 4:2:2 from 4:2:0. */
function jpegCoefficients({ width, height, channels, chromaSubsampling }: Metadata): number {
  return width * height * (channels === 3 && chromaSubsampling === '4:2:0' ? SUBSAMPLED_COMPONENTS : channels);
}

/** Returns the extension of the source file that a .prnn file restores; null if it restores none, or cannot be read. */
export function restoredExtension(path: string): string | null {
  return prnnHeader(path)?.extension ?? null;
}

/** Returns the extension of a source file that is restored from something else than samples: a JPEG or stored file. */
export function wholeExtension(path: string): string | null {
  const header = prnnHeader(path);
  return header && header.kind !== 'pixels' ? header.extension : null;
}

/** Returns the header of a .prnn file, restored from its parity if it is damaged; null if it cannot be read. */
function prnnHeader(path: string): ReturnType<typeof decodeHeader> | null {
  try {
    if (!statSync(fsPath(path)).isFile()) return null; // opening a pipe would block until there is a writer
    const header = headerAtStart(path);
    if (header && header.kind !== 'stored') return header; // that of a stored file has no check
    const found = readProtected(readFileSync(fsPath(path)));
    return found ? decodeHeader(found.file) : header;
  } catch {
    return null;
  }
}

function headerAtStart(path: string): ReturnType<typeof decodeHeader> | null {
  const start = Buffer.alloc(HEADER_BYTES);
  const file = openSync(fsPath(path), 'r');
  try {
    return decodeHeader(start.subarray(0, readSync(file, start, 0, HEADER_BYTES, 0)));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** sharp accepts only names in UTF-8. */
async function sharpInput(path: string): Promise<string | Buffer> {
  const input = fsPath(path);
  return typeof input === 'string' ? input : await readFile(input);
}

async function readStart(path: string): Promise<Buffer> {
  const handle = await open(fsPath(path));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Returns the shape of a BMP file, with four channels, the maximum. */
function bmpShape(start: Buffer): FileSize['shape'] {
  return { width: start.readInt32LE(18), height: Math.abs(start.readInt32LE(22)), channels: 4, depth: 8 };
}

/** Parses "P6 640 480 255" with comments and line breaks, or a PAM header ("WIDTH 640"). */
function pnmShape(start: Buffer): FileSize['shape'] {
  const text = start.toString('latin1').replace(/#[^\n]*\n/g, '');
  const [, kind, width, height, maxValue] =
    /^P([1-6])\s+(\d+)\s+(\d+)(?:\s+(\d+))?/.exec(text) ?? /^P(7)\s+WIDTH (\d+)\s+HEIGHT (\d+)/.exec(text) ?? [];
  if (kind === undefined) return null;
  const channels = kind === '7' ? 4 : kind === '3' || kind === '6' ? 3 : 1;
  return {
    width: Number(width),
    height: Number(height),
    channels,
    depth: kind === '7' || Number(maxValue) > 255 ? 16 : 8,
  };
}

/** Returns the number of pixels of an image; if the shape is unknown, an estimate from the file size. */
export function pixelsOf({ shape, bytes }: FileSize): number {
  return shape ? shape.width * shape.height : bytes;
}
