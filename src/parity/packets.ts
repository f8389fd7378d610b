import { bigEndian, concatBytes, viewOf } from '../bytes.js';
import { crc32 } from '../crc32.js';
import { parityRows } from './cauchy.js';
import {
  blocksOf,
  columnsOf,
  CRC_BYTES,
  decodeRecord,
  encodeRecord,
  END_BYTES,
  FIRST_OF_MAGIC,
  type Geometry,
  RECORD_BYTES,
} from './geometry.js';

/* The packets of a trailer: a parity block, a share of the checks, the record, and a CRC-32 over the packet's number and these. */

/** A packet that matches its CRC-32. */
export interface Packet {
  readonly parity: Uint8Array;
  readonly share: Uint8Array;
}

/** Returns the data blocks of a file without its trailer. The last one may be shorter. */
export function dataBlocks(file: Uint8Array, { blocks, blockBytes }: Geometry): Uint8Array[] {
  return Array.from({ length: blocks }, (_, i) => file.subarray(i * blockBytes, (i + 1) * blockBytes));
}

/** Returns the CRC-32 of a block and of its number: a block in the place of another one does not match. */
export function checkOf(number: number, ...parts: readonly Uint8Array[]): number {
  return crc32(bigEndian(number, CRC_BYTES), ...parts);
}

/** Returns all packets of a file, in order. */
export function encodePackets(file: Uint8Array, geometry: Geometry): Uint8Array {
  const { packets, stripes, parityBlocks, blockBytes, groups, shareBytes, packetBytes } = geometry;
  const blocks = dataBlocks(file, geometry);
  const parityOf = Array.from({ length: stripes }, (_, stripe) => {
    const columns = Array.from({ length: columnsOf(geometry, stripe) }, (_, i) => blocks[i * stripes + stripe]!);
    return parityRows(columns, parityBlocks, blockBytes);
  });
  const sharesOf = Array.from({ length: groups }, (_, group) =>
    parityRows(checksOf(blocks, geometry, group), Math.ceil((packets - group) / groups), shareBytes),
  );
  const record = encodeRecord(geometry);
  const all = new Uint8Array(packets * packetBytes);
  for (let i = 0; i < packets; i++) {
    const parity = parityOf[i % stripes]![Math.floor(i / stripes)]!;
    const share = sharesOf[i % groups]![Math.floor(i / groups)]!;
    all.set(
      concatBytes([parity, share, record, bigEndian(checkOf(i, parity, share, record), CRC_BYTES)]),
      i * packetBytes,
    );
  }
  return all;
}

/** Returns the checks of the blocks of a group, cut into columns. */
function checksOf(blocks: readonly Uint8Array[], geometry: Geometry, group: number): Uint8Array[] {
  const { shares, shareBytes } = geometry;
  const [first, end] = blocksOf(geometry, group);
  const checks = new Uint8Array(shares * shareBytes);
  for (let i = first; i < end; i++) {
    viewOf(checks).setUint32(CRC_BYTES * (i - first), checkOf(i, blocks[i] as Uint8Array));
  }
  return Array.from({ length: shares }, (_, i) => checks.subarray(i * shareBytes, (i + 1) * shareBytes));
}

/** Returns the packets of a damaged file by their number; null for those that are damaged or missing. */
export function readPackets(bytes: Uint8Array, geometry: Geometry): (Packet | null)[] {
  const record = encodeRecord(geometry);
  return Array.from({ length: geometry.packets }, (_, i) => readPacket(bytes, geometry, i, record));
}

function readPacket(bytes: Uint8Array, geometry: Geometry, number: number, record: Uint8Array): Packet | null {
  const { fileBytes, blockBytes, packetBytes } = geometry;
  const start = fileBytes + number * packetBytes;
  const end = start + packetBytes;
  if (end > bytes.length) return null;
  const recordStart = end - END_BYTES;
  if (record.some((byte, i) => byte !== bytes[recordStart + i])) return null;
  const content = bytes.subarray(start, end - CRC_BYTES);
  if (checkOf(number, content) !== viewOf(bytes).getUint32(end - CRC_BYTES)) return null;
  return {
    parity: content.subarray(0, blockBytes),
    share: content.subarray(blockBytes, content.length - RECORD_BYTES),
  };
}

/**
 * Finds the last sound packet of a file and returns the layout that it describes; null if there is none. The packets that
 * are checked have no more bytes than the file, whatever it contains.
 */
export function findGeometry(bytes: Uint8Array): Geometry | null {
  let budget = bytes.length;
  let at = bytes.length - END_BYTES;
  while (at > 0 && (at = bytes.lastIndexOf(FIRST_OF_MAGIC, at)) > 0) {
    const geometry = decodeRecord(bytes.subarray(at, at + RECORD_BYTES));
    const number = geometry && numberOf(geometry, at + END_BYTES);
    if (geometry && number !== null) {
      budget -= geometry.packetBytes;
      if (budget < 0) return null;
      if (readPacket(bytes, geometry, number, bytes.subarray(at, at + RECORD_BYTES))) return geometry;
    }
    at--;
  }
  return null;
}

/** Returns the number of the packet that ends at a position; null if none does. */
function numberOf({ fileBytes, packetBytes, packets }: Geometry, end: number): number | null {
  const number = (end - fileBytes) / packetBytes - 1;
  return Number.isInteger(number) && number >= 0 && number < packets ? number : null;
}
