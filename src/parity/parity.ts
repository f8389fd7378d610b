import { concatBytes, viewOf } from '../bytes.js';
import { crc32 } from '../crc32.js';
import { PixrnnError } from '../errors.js';
import { restoreColumns, type Row } from './cauchy.js';
import {
  blocksOf,
  columnsOf,
  CRC_BYTES,
  type Geometry,
  geometryOf,
  MAX_PERCENT,
  MIN_PERCENT,
  planParity,
} from './geometry.js';
import { checkOf, dataBlocks, encodePackets, findGeometry, type Packet, readPackets } from './packets.js';

/** Maximum length of a file with parity: its record has 32 bits for it. */
const MAX_FILE_BYTES = 2 ** 32 - 1;

/** What is damaged of a file with parity. */
export interface ParityDamage {
  /** Numbers of the data blocks that do not match their check. */
  readonly damaged: readonly number[];
  /** Those that parity could not restore. */
  readonly lost: readonly number[];
  /** Number of packets of the trailer that are damaged or missing. */
  readonly damagedPackets: number;
  /** Number of bytes after the trailer. */
  readonly extraBytes: number;
  /** Whether the checks of some blocks could not be restored, so that damage may be unknown. */
  readonly lacksChecks: boolean;
}

/** A file with parity, as far as it could be restored. */
export interface ProtectedFile {
  /** The file without its trailer: a view of the given bytes if no block is damaged. */
  readonly file: Uint8Array;
  /** Whether this is the file that was protected, by the CRC-32 of all of its bytes. */
  readonly isWhole: boolean;
  readonly geometry: Geometry;
  readonly damage: ParityDamage;
}

/**
 * Returns the bytes of a file with a trailer of parity.
 * @param percent size of the parity, in percent of the file
 * @throws PixrnnError 'usage', 'limit'
 */
export function protect(file: Uint8Array, percent: number): Uint8Array<ArrayBuffer> {
  requirePercent(percent);
  if (file.length > MAX_FILE_BYTES) {
    const what = `parity is limited to files of ${MAX_FILE_BYTES} bytes, and this one has ${file.length}`;
    throw new PixrnnError('limit', `${what}. Compress it without parity.`);
  }
  const geometry = geometryOf(planParity(file.length, crc32(file), percent));
  if (!geometry) throw new RangeError('an empty file has no parity');
  return concatBytes([file, encodePackets(file, geometry)]);
}

/** Throws 'usage' unless this is a valid size of parity. */
export function requirePercent(percent: number): void {
  if (Number.isInteger(percent) && percent >= MIN_PERCENT && percent <= MAX_PERCENT) return;
  const what = `parity must be an integer from ${MIN_PERCENT} to ${MAX_PERCENT}, in percent of the file`;
  throw new PixrnnError('usage', `${what}, not ${percent}. Change it.`);
}

/** Returns whether a file has a trailer of parity, or looks as if it had one. */
export function hasParity(bytes: Uint8Array): boolean {
  return findGeometry(bytes) !== null;
}

/** Restores what is damaged of a file with parity, as far as possible; null if no sound packet of a trailer is found. */
export function readProtected(bytes: Uint8Array): ProtectedFile | null {
  const geometry = findGeometry(bytes);
  if (!geometry) return null;
  const { fileBytes, fileCrc, packets: count, packetBytes } = geometry;
  const packets = readPackets(bytes, geometry);
  const damagedPackets = packets.filter((packet) => packet === null).length;
  const extraBytes = Math.max(0, bytes.length - fileBytes - count * packetBytes);
  const given = bytes.subarray(0, fileBytes);
  if (crc32(given) === fileCrc) {
    const damage = { damaged: [], lost: [], damagedPackets, extraBytes, lacksChecks: false };
    return { file: given, isWhole: true, geometry, damage };
  }
  const checks = readChecks(packets, geometry);
  const { file, ...blocks } = restoreBlocks(given, checks, packets, geometry);
  const damage = { ...blocks, damagedPackets, extraBytes, lacksChecks: checks.includes(null) };
  return { file, isWhole: crc32(file) === fileCrc, geometry, damage };
}

/** Returns the checks of all blocks; null for those that too few packets are left for. */
function readChecks(packets: readonly (Packet | null)[], geometry: Geometry): (number | null)[] {
  const { groups, shares, shareBytes, blocks } = geometry;
  const checks = new Array<number | null>(blocks).fill(null);
  for (let group = 0; group < groups; group++) {
    const rows = rowsOf(packets, groups, group, ({ share }) => share);
    const restored = restoreColumns(new Array<null>(shares).fill(null), rows, shareBytes);
    if (!restored) continue;
    const view = viewOf(concatBytes(restored));
    const [first, end] = blocksOf(geometry, group);
    for (let i = first; i < end; i++) checks[i] = view.getUint32(CRC_BYTES * (i - first));
  }
  return checks;
}

/** Returns the parity rows of the packets whose number is `remainder` modulo `divisor`. */
function rowsOf(
  packets: readonly (Packet | null)[],
  divisor: number,
  remainder: number,
  bytesOf: (packet: Packet) => Uint8Array,
): Row[] {
  const rows: Row[] = [];
  for (let index = 0, i = remainder; i < packets.length; index++, i += divisor) {
    const packet = packets[i];
    if (packet) rows.push({ index, bytes: bytesOf(packet) });
  }
  return rows;
}

function restoreBlocks(
  given: Uint8Array,
  checks: readonly (number | null)[],
  packets: readonly (Packet | null)[],
  geometry: Geometry,
): Pick<ProtectedFile, 'file'> & Pick<ParityDamage, 'damaged' | 'lost'> {
  const { stripes, blockBytes } = geometry;
  const file = Uint8Array.from(given); // the slice of a Buffer is no copy
  const blocks = dataBlocks(file, geometry);
  const matches = (i: number, block: Uint8Array): boolean => checks[i] === null || checks[i] === checkOf(i, block);
  const damaged: number[] = [];
  const lost: number[] = [];
  for (let stripe = 0; stripe < stripes; stripe++) {
    const numbers = Array.from({ length: columnsOf(geometry, stripe) }, (_, i) => i * stripes + stripe);
    const bad = numbers.filter((i) => !matches(i, blocks[i] as Uint8Array));
    if (bad.length === 0) continue;
    damaged.push(...bad);
    const rows = rowsOf(packets, stripes, stripe, ({ parity }) => parity);
    const columns = numbers.map((i) => (bad.includes(i) ? null : (blocks[i] as Uint8Array)));
    const restored = restoreColumns(columns, rows, blockBytes)?.map((block, i) => {
      const { length } = blocks[bad[i] as number] as Uint8Array;
      return block.subarray(0, length);
    });
    if (restored?.every((block, i) => matches(bad[i] as number, block))) {
      restored.forEach((block, i) => blocks[bad[i] as number]?.set(block));
    } else lost.push(...bad);
  }
  const ascending = (a: number, b: number): number => a - b;
  return { file, damaged: damaged.sort(ascending), lost: lost.sort(ascending) };
}

/** Returns the trailer that a sound file has. */
export function trailerOf({ file, geometry }: ProtectedFile): Uint8Array {
  return encodePackets(file, geometry);
}
