import { DEFAULT_EFFORT, type Effort } from '../engine/effort.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import { ByteReader } from './byte-reader.js';
import { CHECK_BYTES, DIGEST_BYTES } from './check.js';
import {
  type Container,
  type ContainerHeader,
  EFFORT_MASK,
  EFFORT_SHIFT,
  FIRST_REVISION_WITH_EFFORT,
  FLAG_GRAY,
  FLAG_NO_MODEL,
  HAS_FLAGS,
  MAGIC,
  MAX_SIDE,
  MODEL_ID_BYTES,
  payloadLengthFault,
  REVISION,
  REVISION_MASK,
  SAMPLES_CRC_BYTES,
  type TileChunk,
  TYPE_METADATA,
  TYPE_MODEL_TILE,
  TYPE_RAW_TILE,
} from './container-layout.js';
import { type Tile, tileCount, tileGrid } from './tile-grid.js';

/** Type, length, one byte of payload, check. */
const SMALLEST_TILE_CHUNK = 1 + 1 + 1 + CHECK_BYTES;

/**
 * Takes a .prnn file apart and verifies everything but the samples, which are still coded: whoever decodes them compares
 * the samples CRCs and the digest. Payloads are views of `bytes`, not copies, and nothing that the file claims is
 * allocated before it has been checked against the bytes that are there.
 *
 * Throws a PixrnnError: 'input-unsupported' (not a .prnn file), 'unknown-revision', 'file-truncated', 'file-corrupt',
 * 'trailing-bytes' or 'limit' (more than `maxPixels` pixels).
 */
export function decodeContainer(bytes: Uint8Array, options: { maxPixels?: number } = {}): Container {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  requirePixels(header, options.maxPixels ?? MAX_PIXELS);

  reader.begin('the tiles');
  reader.need(tileCount(header.width, header.height) * SMALLEST_TILE_CHUNK);
  const grid = tileGrid(header.width, header.height);

  const metadata: Uint8Array[] = [];
  while (reader.peek() === TYPE_METADATA) metadata.push(readMetadata(reader, metadata.length + 1));
  const tiles = grid.map((tile, i) =>
    readTile(reader, `tile ${i + 1} of ${grid.length}`, header, tile, grid.length > 1),
  );

  reader.begin('the digest');
  const digest = reader.take(DIGEST_BYTES);
  requireEnd(reader);
  return { header, metadata, tiles, digest };
}

function readHeader(reader: ByteReader): ContainerHeader {
  reader.begin('the header');
  requireMagic(reader);
  const revisionByte = reader.uint(1);
  const revision = revisionByte & REVISION_MASK;
  if (revision < 1 || revision > REVISION) {
    const which = `the .prnn file has revision ${revision} of the format, and this pixrnn reads revisions 1 to ${REVISION}`;
    throw new PixrnnError('unknown-revision', `${which}. Use the version of pixrnn that wrote it.`);
  }
  const hasFlags = (revisionByte & HAS_FLAGS) !== 0;
  const flags = hasFlags ? reader.uint(1) : 0;
  const width = reader.varint();
  const height = reader.varint();
  const modelId = flags & FLAG_NO_MODEL ? null : reader.take(MODEL_ID_BYTES);
  reader.verifyCheck();

  if (hasFlags && flags === 0) throw reader.corruptPart('has a flags byte without a flag');
  if (flags & ~(FLAG_GRAY | FLAG_NO_MODEL)) throw reader.corruptPart(`has the unknown flags 0x${flags.toString(16)}`);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
    throw reader.corruptPart(`gives ${width} x ${height} as the size of the image`);
  }
  const effort = readEffort(reader, revisionByte, modelId !== null);
  return { width, height, channels: flags & FLAG_GRAY ? 1 : 3, modelId, effort };
}

function readEffort(reader: ByteReader, revisionByte: number, hasModel: boolean): Effort {
  const effort = (revisionByte & EFFORT_MASK) >> EFFORT_SHIFT;
  const known = (revisionByte & REVISION_MASK) >= FIRST_REVISION_WITH_EFFORT && hasModel;
  // The default effort has one way of being written: 0.
  if (effort === DEFAULT_EFFORT || (effort !== 0 && !known)) {
    throw reader.corruptPart(`gives the effort ${effort}, which cannot be`);
  }
  if (effort !== 0) return effort as Effort;
  return known || !hasModel ? DEFAULT_EFFORT : 1;
}

function readMetadata(reader: ByteReader, number: number): Uint8Array {
  reader.begin(`metadata chunk ${number}`);
  reader.take(1);
  const payload = reader.take(reader.varint());
  reader.verifyCheck();
  return payload;
}

function readTile(reader: ByteReader, name: string, header: ContainerHeader, tile: Tile, hasCrc: boolean): TileChunk {
  reader.begin(name);
  const representation = readRepresentation(reader);
  const length = reader.varint();
  const samplesCrc = hasCrc ? reader.uint(SAMPLES_CRC_BYTES) : null;
  const payload = reader.take(length);
  reader.verifyCheck();

  const fault = payloadLengthFault(representation, length, tile.width * tile.height * header.channels);
  if (fault !== null) throw reader.corruptPart(fault);
  if (representation === 'model' && header.modelId === null) {
    throw reader.corruptPart('is coded with a model, but the header names none');
  }
  return { representation, payload, samplesCrc };
}

function readRepresentation(reader: ByteReader): TileChunk['representation'] {
  const type = reader.uint(1);
  if (type === TYPE_MODEL_TILE) return 'model';
  if (type === TYPE_RAW_TILE) return 'raw';
  throw reader.corruptPart(`begins with 0x${type.toString(16)}, which is not a tile's type`);
}

function requireMagic(reader: ByteReader): void {
  const start = [...reader.bytes.subarray(0, MAGIC.length)];
  if (start.some((byte, i) => byte !== MAGIC[i])) {
    const what = `it is not a .prnn file: it begins with ${hex(start)}, where a .prnn file has ${hex(MAGIC)}`;
    throw new PixrnnError('input-unsupported', `${what}. Give a file that pixrnn compress wrote.`);
  }
  reader.take(MAGIC.length);
}

function requirePixels({ width, height }: ContainerHeader, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  const what = `the image has ${width} x ${height} pixels, more than the limit of ${maxPixels}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise the limit with --max-pixels.`);
}

function requireEnd(reader: ByteReader): void {
  if (reader.remaining === 0) return;
  const what = `the .prnn file ends at byte ${reader.offset}, but ${reader.remaining} more follow`;
  throw new PixrnnError('trailing-bytes', `${what}. Cut them off or get the file again.`);
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
