import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { decodeHeader } from '../codec/container.js';
import { formatOf } from '../image/formats.js';
import { parseHeader } from '../image/png-header.js';
import type { RasterShape } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';

/** The size of a file and of its image, from the header. */
export interface FileSize {
  /** Size of the file. */
  readonly bytes: number;
  /** Shape of the image; null if it cannot be read from the header. */
  readonly shape: Pick<RasterShape, 'width' | 'height' | 'channels' | 'depth'> | null;
  /** Whether it is a .prnn file that needs no model, and so little time. */
  readonly isQuick: boolean;
}

const UNKNOWN: FileSize = { bytes: 0, shape: null, isQuick: false };

/** Number of bytes to read: enough for the IHDR chunk of a PNG file and for the header of a .prnn file. */
const HEADER_BYTES = 64;

/** Reads the header of a file. Never throws: errors are reported when the file is read. */
export async function fileSize(path: string): Promise<FileSize> {
  try {
    const stats = await stat(fsPath(path));
    if (!stats.isFile()) return UNKNOWN; // opening a pipe would block until there is a writer
    const known = await shapeOf(path).catch(() => ({ shape: null, isQuick: false }));
    return { bytes: stats.size, ...known };
  } catch {
    return UNKNOWN;
  }
}

async function shapeOf(path: string): Promise<Pick<FileSize, 'shape' | 'isQuick'>> {
  const start = await readStart(path);
  const format = formatOf(start);
  if (format === 'PNG') return { shape: parseHeader(start.subarray(16, 29)), isQuick: false };
  if (format === '.prnn') {
    const found = decodeHeader(start);
    if (found.kind !== 'pixels') {
      return { shape: { ...found, channels: 4, depth: 16 }, isQuick: found.kind === 'stored' };
    }
    const { header } = found;
    return { shape: header, isQuick: header.rgbModel === null && header.grayModel === null };
  }
  if (format === 'BMP') return { shape: bmpShape(start), isQuick: false };
  if (format === 'PNM') return { shape: pnmShape(start), isQuick: false };
  const { width, height, channels, depth } = await sharp(await sharpInput(path), {
    limitInputPixels: false,
  }).metadata();
  return { shape: { width, height, channels, depth: depth === 'ushort' ? 16 : 8 }, isQuick: false };
}

/** Returns the extension of the source file that a .prnn file restores; null if it restores none, or cannot be read. */
export function restoredExtension(path: string): string | null {
  try {
    if (!statSync(fsPath(path)).isFile()) return null; // opening a pipe would block until there is a writer
    const start = Buffer.alloc(HEADER_BYTES);
    const file = openSync(fsPath(path), 'r');
    try {
      return decodeHeader(start.subarray(0, readSync(file, start, 0, HEADER_BYTES, 0))).extension;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
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
