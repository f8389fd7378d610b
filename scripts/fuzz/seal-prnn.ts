import { bigEndian, concatBytes } from '#pixrnn/bytes.js';
import {
  MAGIC,
  SAMPLES_CRC_BYTES,
  TYPE_JPEG_RECORD,
  TYPE_METADATA,
  VERSION_NUMBER,
} from '#pixrnn/codec/container-layout.js';
import { CHECK_BYTES, checksum, SOURCE_CHECK_BYTES } from '#pixrnn/crc32.js';
import { encodeVarint } from '#pixrnn/varint.js';
import type { Part } from './parts.js';
import { TAG } from './prnn-tags.js';
import { storedBrotli } from './stored-brotli.js';

/**
 * Returns the file of parts, with valid checks.
 * @param isCheap whether a model at effort 2 to 4 becomes effort 1: the mixer clears 8 MB for each tile
 */
export function sealPrnn(parts: readonly Part[], isCheap = false): Uint8Array {
  const sealed: Uint8Array[] = [];
  let unchecked: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  const checked = (...fields: Uint8Array[]): void => {
    sealed.push(...fields, bigEndian(checksum(CHECK_BYTES, ...fields), CHECK_BYTES));
    unchecked = [];
  };
  const chunk = (type: number, length: number, ...fields: Uint8Array[]): void =>
    checked(Uint8Array.of(type, ...encodeVarint(length)), ...fields);
  const closeRecords = (): void => {
    if (records.length === 0) return;
    const payload = storedBrotli(concatBytes(records));
    chunk(TYPE_JPEG_RECORD, payload.length, payload);
    records.length = 0;
  };
  for (const { tag, bytes } of parts) {
    const rest = bytes.subarray(1);
    if (tag !== TAG.structure && tag !== TAG.literals) closeRecords();
    switch (tag) {
      case TAG.header:
        checked(headerOf(bytes, isCheap));
        break;
      case TAG.uncheckedHeader:
        unchecked = [headerOf(bytes, false)];
        sealed.push(...unchecked);
        break;
      case TAG.picture:
      case TAG.small:
        checked(bytes);
        break;
      case TAG.chunk:
        if (bytes.length > 0) chunk(bytes[0]!, rest.length, rest);
        break;
      case TAG.tile:
        if (bytes.length > SAMPLES_CRC_BYTES) chunk(bytes[0]!, rest.length - SAMPLES_CRC_BYTES, rest);
        break;
      case TAG.packed: {
        const payload = storedBrotli(rest);
        if (bytes.length > 0) chunk(bytes[0]!, payload.length, payload);
        break;
      }
      case TAG.metadata: {
        const payload = concatBytes([Uint8Array.of(1), storedBrotli(bytes)]);
        chunk(TYPE_METADATA, payload.length, payload);
        break;
      }
      case TAG.structure:
        records.push(Uint8Array.from(encodeVarint(bytes.length)), bytes);
        break;
      case TAG.literals:
        records.push(bytes);
        break;
      case TAG.source: {
        const check = checksum(SOURCE_CHECK_BYTES, ...unchecked, bytes);
        sealed.push(bytes, bigEndian(check, SOURCE_CHECK_BYTES));
        break;
      }
      default:
        sealed.push(bytes);
    }
  }
  closeRecords();
  return concatBytes(sealed);
}

const VERSION_MASK = 0x1f;
const HAS_FORMAT = 0x80;
const KIND_AND_VERSION = 0x7f;
const EFFORT_MASK = 0x07;
const HAS_MODELS = 0x18;

/** Returns the magic and a header of this version. */
function headerOf(bytes: Uint8Array, isCheap: boolean): Uint8Array {
  const header = concatBytes([Uint8Array.from(MAGIC), bytes]);
  const at = MAGIC.length;
  if (bytes.length === 0) return header;
  header[at] = (header[at]! & ~VERSION_MASK) | VERSION_NUMBER;
  const coding = at + (header[at] & HAS_FORMAT ? 2 : 1);
  const isPixels = (header[at] & KIND_AND_VERSION) === VERSION_NUMBER && coding < header.length;
  const effort = header[coding]! & EFFORT_MASK;
  if (isCheap && isPixels && header[coding]! & HAS_MODELS && effort >= 2 && effort <= 4) {
    header[coding] = (header[coding]! & ~EFFORT_MASK) | 1;
  }
  return header;
}
