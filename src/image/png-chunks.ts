import { crc32 } from '../crc32.js';
import { PixrnnError } from '../errors.js';

/** The eight bytes every PNG file begins with. */
export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length, type and checksum: what a chunk has besides its data, in bytes. */
const CHUNK_FRAME = 12;

/** One chunk of a PNG file. Its length and checksum follow from what is here. */
export interface PngChunk {
  /** Four ASCII letters. */
  type: string;
  data: Uint8Array;
}

/** The fields of IHDR that a reader needs to choose what to do. */
export interface PngHeader {
  width: number;
  height: number;
  bitDepth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha. */
  colourType: number;
}

export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/** Whether a chunk may be skipped by a reader that does not know it: its first letter is lower case. */
export function isAncillary(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) !== 0;
}

/**
 * The chunks of a PNG file from IHDR to IEND, every checksum verified, and the bytes that follow IEND (seldom any).
 * @throws PixrnnError 'input-unreadable' for a file that is cut off, damaged or out of order
 */
export function readChunks(png: Uint8Array): { chunks: PngChunk[]; trailing: Uint8Array } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: PngChunk[] = [];
  let offset = PNG_SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (png.length - offset < CHUNK_FRAME) throw cutOff(png);
    const length = view.getUint32(offset);
    if (length > png.length - offset - CHUNK_FRAME) throw cutOff(png);
    const type = String.fromCharCode(...png.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw unreadable(`is damaged at byte ${offset}: no chunk begins there`);
    const end = offset + 8 + length;
    if (view.getUint32(end) !== crc32(png.subarray(offset + 4, end))) {
      throw unreadable(`is damaged: the checksum of its ${type} chunk at byte ${offset} does not match`);
    }
    chunks.push({ type, data: png.subarray(offset + 8, end) });
    offset = end + 4;
  }
  checkOrder(chunks);
  return { chunks, trailing: png.subarray(offset) };
}

/** IHDR is first and only there, and the image data is in one piece. */
function checkOrder(chunks: PngChunk[]): void {
  const types = chunks.map(({ type }) => type);
  if (types.lastIndexOf('IHDR') !== 0) throw unreadable('is damaged: it must have one IHDR chunk, at its beginning');
  const first = types.indexOf('IDAT');
  if (first < 0) throw unreadable('holds no image data');
  if (types.slice(first, types.lastIndexOf('IDAT')).some((type) => type !== 'IDAT')) {
    throw unreadable('is damaged: other chunks stand between its image data');
  }
}

/** A PNG file of these chunks, with lengths and checksums, and then `trailing`. */
export function writeChunks(chunks: PngChunk[], trailing: Uint8Array = new Uint8Array(0)): Buffer {
  const parts: Uint8Array[] = [PNG_SIGNATURE];
  for (const { type, data } of chunks) {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(head.subarray(4), data));
    parts.push(head, data, check);
  }
  return Buffer.concat([...parts, trailing]);
}

/**
 * The fields of an IHDR chunk.
 * @throws PixrnnError 'input-unreadable' for values that PNG does not define
 */
export function parseHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw unreadable('is damaged: its IHDR chunk has the wrong length');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth, colourType] = [view.getUint8(8), view.getUint8(9)];
  if (width === 0 || height === 0) throw unreadable(`is damaged: it says it is ${width} x ${height} pixels`);
  if (width > 0x7fffffff || height > 0x7fffffff) throw unreadable('is damaged: its size is out of range');
  if (view.getUint8(10) !== 0 || view.getUint8(11) !== 0 || view.getUint8(12) > 1) {
    throw unreadable('uses a compression, filter or interlace method that PNG does not define');
  }
  return { width, height, bitDepth, colourType };
}

function cutOff(png: Uint8Array): PixrnnError {
  return unreadable(`is cut off after ${png.length} bytes`);
}

function unreadable(what: string): PixrnnError {
  return new PixrnnError('input-unreadable', `the PNG file ${what}. Get or make the file again.`);
}
