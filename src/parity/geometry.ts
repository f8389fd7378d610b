import { viewOf } from '../bytes.js';
import { MAX_BLOCKS } from './cauchy.js';

/*
 * How a trailer of parity is laid out, as specified in docs/format/parity.md. All of it follows from the record at the end
 * of each packet.
 */

/** Share of a file's bytes that its parity has, in percent. */
export const MIN_PERCENT = 1;
export const MAX_PERCENT = 50;

const MAGIC = 0x8f705253;
/** Bytes of the record of a packet, and of the CRC-32 after it. */
export const RECORD_BYTES = 18;
export const CRC_BYTES = 4;
export const END_BYTES = RECORD_BYTES + CRC_BYTES;
/** First bytes of the magic number, to search for it. */
export const FIRST_OF_MAGIC = MAGIC >>> 24;

/** Blocks are about twice the square root of the file long, so that checks and parity need similar space. */
const MIN_BLOCK = 16;
const MAX_BLOCK = 4096;
/** Blocks of at least a sector are powers of 2, so that a lost sector is in one block. */
const SECTOR = 512;
/** Maximum number of packets that share the checks of the same blocks. */
const MAX_SHARES = 192;
/** One of this many packets restores the checks. */
const CHECKS_REDUNDANCY = 3;
/** Minimum number of parity blocks of a stripe: a lost packet must not lose all. */
const MIN_PARITY = 2;

/** What a trailer's record says. */
export interface ParityRecord {
  /** Bytes of the file without the trailer. */
  readonly fileBytes: number;
  /** CRC-32 of these. */
  readonly fileCrc: number;
  readonly blockBytes: number;
  readonly stripes: number;
  /** Parity blocks of each stripe. */
  readonly parityBlocks: number;
}

/** The layout that follows from a record. */
export interface Geometry extends ParityRecord {
  /** Number of data blocks. */
  readonly blocks: number;
  readonly packets: number;
  readonly packetBytes: number;
  /** Groups of packets and of data blocks: the packets of a group share the checks of its blocks. */
  readonly groups: number;
  /** Blocks of a group; the last groups may have fewer, or none. */
  readonly blocksOfGroup: number;
  /** Number of packets that restore the checks of a group, and the bytes that each has of them. */
  readonly shares: number;
  readonly shareBytes: number;
}

/** Returns the record of a new trailer. */
export function planParity(fileBytes: number, fileCrc: number, percent: number): ParityRecord {
  const blockBytes = blockBytesFor(fileBytes);
  const blocks = Math.ceil(fileBytes / blockBytes);
  const stripes = Math.ceil(blocks / maxColumns(percent));
  const parityBlocks = rowsFor(Math.ceil(blocks / stripes), percent);
  return { fileBytes, fileCrc, blockBytes, stripes, parityBlocks };
}

function blockBytesFor(fileBytes: number): number {
  const wanted = 2 * Math.sqrt(fileBytes);
  if (wanted < SECTOR) return Math.max(MIN_BLOCK, 4 * Math.ceil(wanted / 4));
  return Math.min(MAX_BLOCK, 2 ** Math.floor(Math.log2(wanted)));
}

function rowsFor(columns: number, percent: number): number {
  return Math.max(MIN_PARITY, Math.ceil((columns * percent) / 100));
}

function maxColumns(percent: number): number {
  let columns = MAX_BLOCKS - MIN_PARITY;
  while (columns + rowsFor(columns, percent) > MAX_BLOCKS) columns--;
  return columns;
}

/** Returns the layout of a trailer; null for a record that no trailer has. */
export function geometryOf(record: ParityRecord): Geometry | null {
  const { fileBytes, blockBytes, stripes, parityBlocks } = record;
  if (fileBytes === 0 || blockBytes < MIN_BLOCK || parityBlocks === 0) return null;
  const blocks = Math.ceil(fileBytes / blockBytes);
  if (stripes === 0 || stripes > blocks) return null;
  const columns = Math.ceil(blocks / stripes);
  if (columns + parityBlocks > MAX_BLOCKS || parityBlocks > Math.max(MIN_PARITY, columns)) return null;
  const packets = stripes * parityBlocks;
  const groups = Math.ceil(packets / MAX_SHARES);
  const blocksOfGroup = Math.ceil(blocks / groups);
  const shares = Math.max(1, Math.floor(Math.floor(packets / groups) / CHECKS_REDUNDANCY));
  const shareBytes = Math.ceil((CRC_BYTES * blocksOfGroup) / shares);
  const packetBytes = blockBytes + shareBytes + END_BYTES;
  return { ...record, blocks, packets, packetBytes, groups, blocksOfGroup, shares, shareBytes };
}

/** Returns the number of blocks of a stripe: block i is column floor(i / stripes) of stripe i mod stripes. */
export function columnsOf({ blocks, stripes }: Geometry, stripe: number): number {
  return Math.ceil((blocks - stripe) / stripes);
}

/** Returns the blocks of a group: the first one, and the first one after them. */
export function blocksOf({ blocks, blocksOfGroup }: Geometry, group: number): readonly [first: number, end: number] {
  const first = Math.min(blocks, group * blocksOfGroup);
  return [first, Math.min(blocks, first + blocksOfGroup)];
}

export function encodeRecord({ fileBytes, fileCrc, blockBytes, stripes, parityBlocks }: ParityRecord): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC);
  view.setUint32(4, fileBytes);
  view.setUint32(8, fileCrc);
  view.setUint16(12, blockBytes);
  view.setUint32(14, parityBlocks * 2 ** 24 + stripes);
  return bytes;
}

/** Returns the layout that a record describes; null if these bytes are none. */
export function decodeRecord(bytes: Uint8Array): Geometry | null {
  if (bytes.length !== RECORD_BYTES) return null;
  const view = viewOf(bytes);
  if (view.getUint32(0) !== MAGIC) return null;
  return geometryOf({
    fileBytes: view.getUint32(4),
    fileCrc: view.getUint32(8),
    blockBytes: view.getUint16(12),
    parityBlocks: view.getUint8(14),
    stripes: view.getUint32(14) % 2 ** 24,
  });
}
