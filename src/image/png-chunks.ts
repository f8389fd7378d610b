import { concatBytes, latin1Bytes, latin1Text, viewOf } from '../bytes.js';
import { counted } from '../counted.js';
import { crc32 } from '../crc32.js';
import { unreadable, unsupported } from './refusals.js';

/** The eight bytes every PNG file begins with. */
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length, type and checksum: what a chunk has besides its data, in bytes. */
const CHUNK_FRAME = 12;

/** The chunks without which there is no image, and that every reader must know. */
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/** One chunk of a PNG file. Its length and checksum follow from what is here. */
export interface PngChunk {
  /** Four ASCII letters. */
  type: string;
  data: Uint8Array;
}

/** Whether a chunk may be skipped by a reader that does not know it: its first letter is lower case. */
export function isAncillary(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) !== 0;
}

/**
 * The chunks of a PNG file from IHDR to IEND, every checksum verified, and the bytes that follow IEND (seldom any).
 * A chunk that readers ignore is refused like others where its checksum is wrong: it would come back with a right one.
 * @throws PixrnnError 'input-unreadable' for a file that is cut off, damaged or out of order, 'input-unsupported' for a
 * critical chunk that PNG does not define
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

/** Critical chunks are known, IHDR is first and only there, PLTE before the image, and the image data in one piece. */
function checkCritical(chunks: PngChunk[]): void {
  const types = chunks.map(({ type }) => type);
  const unknown = types.find((type) => !isAncillary(type) && !CRITICAL.includes(type));
  if (unknown !== undefined) {
    const what = `it is not a standard PNG file: it has a chunk named ${unknown}, without which it cannot be understood`;
    throw unsupported(what, 'Convert it to a standard PNG file.');
  }
  if (types.lastIndexOf('IHDR') !== 0) throw damaged('it must have one IHDR chunk, at its beginning');
  const first = types.indexOf('IDAT');
  if (first < 0) throw damaged('it has no image data (no IDAT chunk)');
  const between = types.slice(first, types.lastIndexOf('IDAT')).find((type) => type !== 'IDAT');
  if (between !== undefined) throw damaged(`a chunk named ${between} stands between its IDAT chunks`);
  const palette = types.indexOf('PLTE');
  if (palette > first) throw damaged('its PLTE chunk stands after the image data');
  if (palette !== types.lastIndexOf('PLTE')) throw damaged('it has more than one PLTE chunk');
  if (chunks.at(-1)!.data.length > 0) throw damaged('its IEND chunk is not empty');
}

/** A PNG file of these chunks, with lengths and checksums, and then `trailing`. */
export function writeChunks(chunks: readonly PngChunk[], trailing: Uint8Array = new Uint8Array(0)): Uint8Array {
  const parts: Uint8Array[] = [PNG_SIGNATURE];
  for (const { type, data } of chunks) {
    const head = chunkHead(type, data.length);
    const check = new Uint8Array(4);
    viewOf(check).setUint32(0, crc32(head.subarray(4), data));
    parts.push(head, data, check);
  }
  return concatBytes([...parts, trailing]);
}

/** Length and type: what precedes the data of a chunk, 8 bytes. */
export function chunkHead(type: string, length: number): Uint8Array {
  const head = new Uint8Array(8);
  viewOf(head).setUint32(0, length);
  head.set(latin1Bytes(type), 4);
  return head;
}

function cutOff(png: Uint8Array, chunks: PngChunk[]): Error {
  const last = chunks.at(-1)?.type;
  return unreadable(
    `the PNG file is cut off after ${counted(png.length, 'byte')}, ${last ? `behind its ${last} chunk` : 'too early'}`,
  );
}

function damaged(what: string): Error {
  return unreadable(`the PNG file is damaged: ${what}`);
}
