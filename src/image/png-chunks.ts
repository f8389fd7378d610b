import { concatBytes, latin1Bytes, latin1Text, viewOf } from '../bytes.js';
import { counted } from '../counted.js';
import { crc32 } from '../crc32.js';
import { unreadable, unsupported } from './refusals.js';

/** The eight bytes at the start of every PNG file. */
export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Size of a chunk's length, type and checksum in bytes. */
const CHUNK_FRAME = 12;

/** The critical chunks of the PNG standard. */
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/** A chunk of a PNG file. Length and checksum follow from its data. */
export interface PngChunk {
  /** Four ASCII letters. */
  type: string;
  data: Uint8Array;
}

/** Returns whether a reader may ignore a chunk: the first letter of its type is lower case. */
export function isAncillary(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) !== 0;
}

/**
 * Returns the chunks of a PNG file from IHDR to IEND, with every checksum verified, and the bytes after IEND (rarely
 * any). A wrong checksum is an error in ancillary chunks too: the restored file would have a correct one.
 * @throws PixrnnError 'input-unreadable' for a file that is truncated, damaged or out of order, 'input-unsupported' for
 * an unknown critical chunk
 */
export function readChunks(png: Uint8Array): { chunks: PngChunk[]; trailing: Uint8Array } {
  const view = viewOf(png);
  const chunks: PngChunk[] = [];
  let offset = PNG_SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (png.length - offset < CHUNK_FRAME) throw cutOff(png, chunks);
    const length = view.getUint32(offset);
    const type = latin1Text(png.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged(`no chunk begins at byte ${offset}`);
    if (length > png.length - offset - CHUNK_FRAME) throw cutOff(png, chunks);
    const end = offset + 8 + length;
    if (view.getUint32(end) !== crc32(png.subarray(offset + 4, end))) {
      throw damaged(`the checksum of its ${type} chunk at byte ${offset} does not match`);
    }
    chunks.push({ type, data: png.subarray(offset + 8, end) });
    offset = end + 4;
  }
  checkCritical(chunks);
  return { chunks, trailing: png.subarray(offset) };
}

/**
 * Checks the critical chunks: all known, IHDR first and only once, PLTE before the image data, the image data
 * contiguous.
 */
function checkCritical(chunks: PngChunk[]): void {
  const types = chunks.map(({ type }) => type);
  const unknown = types.find((type) => !isAncillary(type) && !CRITICAL.includes(type));
  if (unknown !== undefined) {
    const what = `it is not a standard PNG file: it has an unknown critical chunk, ${unknown}`;
    throw unsupported(what, 'Convert it to a standard PNG file.');
  }
  if (types.lastIndexOf('IHDR') !== 0) throw damaged('it must have one IHDR chunk, at the start');
  const first = types.indexOf('IDAT');
  if (first < 0) throw damaged('it has no image data (no IDAT chunk)');
  const between = types.slice(first, types.lastIndexOf('IDAT')).find((type) => type !== 'IDAT');
  if (between !== undefined) throw damaged(`its IDAT chunks are separated by a ${between} chunk`);
  const palette = types.indexOf('PLTE');
  if (palette > first) throw damaged('its PLTE chunk follows the image data');
  if (palette !== types.lastIndexOf('PLTE')) throw damaged('it has more than one PLTE chunk');
  if (chunks.at(-1)!.data.length > 0) throw damaged('its IEND chunk is not empty');
}

/** Returns a PNG file of these chunks, with lengths and checksums, followed by `trailing`. */
export function writeChunks(chunks: readonly PngChunk[], trailing: Uint8Array = new Uint8Array(0)): Uint8Array {
  const parts: Uint8Array[] = [PNG_SIGNATURE];
  for (const chunk of chunks) {
    const { head, check } = chunkFrame(chunk);
    parts.push(head, chunk.data, check);
  }
  return concatBytes([...parts, trailing]);
}

/** Returns what a file has before and after the data of a chunk: length and type, checksum. */
export function chunkFrame({ type, data }: PngChunk): { head: Uint8Array; check: Uint8Array } {
  const head = chunkHead(type, data.length);
  const check = new Uint8Array(4);
  viewOf(check).setUint32(0, crc32(head.subarray(4), data));
  return { head, check };
}

/** Returns the 8 bytes before a chunk's data: length and type. */
export function chunkHead(type: string, length: number): Uint8Array {
  const head = new Uint8Array(8);
  viewOf(head).setUint32(0, length);
  head.set(latin1Bytes(type), 4);
  return head;
}

function cutOff(png: Uint8Array, chunks: PngChunk[]): Error {
  const last = chunks.at(-1)?.type;
  return unreadable(
    `the PNG file is cut off after ${counted(png.length, 'byte')}, ${last ? `after its ${last} chunk` : 'before the end of its first chunk'}`,
  );
}

function damaged(what: string): Error {
  return unreadable(`the PNG file is damaged: ${what}`);
}
