import { DEFAULT_EFFORT, EFFORTS } from '../engine/effort.js';
import { CHECK_BYTES, check16, DIGEST_BYTES } from './check.js';
import {
  type Container,
  type ContainerHeader,
  EFFORT_SHIFT,
  FLAG_GRAY,
  FLAG_NO_MODEL,
  HAS_FLAGS,
  MAGIC,
  MAX_SIDE,
  MODEL_ID_BYTES,
  payloadLengthFault,
  REVISION,
  SAMPLES_CRC_BYTES,
  type TileChunk,
  TYPE_METADATA,
  TYPE_MODEL_TILE,
  TYPE_RAW_TILE,
} from './container-layout.js';
import { type Tile, tileGrid } from './tile-grid.js';
import { encodeVarint, varintLength } from './varint.js';

/** The bytes of a .prnn file. Throws a RangeError for a container that no decoder would accept. */
export function encodeContainer(container: Container): Uint8Array {
  const { header, metadata, tiles, digest } = container;
  requireHeader(header);
  const grid = tileGrid(header.width, header.height);
  requireThat(tiles.length === grid.length, `The image has ${grid.length} tiles, not ${tiles.length}`);
  requireThat(digest.length === DIGEST_BYTES, `A digest has ${DIGEST_BYTES} bytes, not ${digest.length}`);
  grid.forEach((tile, i) => requireTile(container, i, tile));

  return concat([
    ...withCheck([headerFields(header)]),
    ...metadata.flatMap((payload) => withCheck([chunkStart(TYPE_METADATA, payload), payload])),
    ...tiles.flatMap((tile) => withCheck([tileStart(tile), tile.payload])),
    digest,
  ]);
}

/**
 * Bytes of the file that are neither a tile's payload nor a metadata chunk (which counts as metadata as a whole):
 * at most 40 for an image of one tile.
 */
export function containerOverhead({ header, tiles }: Container): number {
  const frames = tiles.map(
    ({ payload, samplesCrc }) =>
      1 + varintLength(payload.length) + (samplesCrc === null ? 0 : SAMPLES_CRC_BYTES) + CHECK_BYTES,
  );
  return headerFields(header).length + CHECK_BYTES + frames.reduce((sum, bytes) => sum + bytes, 0) + DIGEST_BYTES;
}

function headerFields({ width, height, channels, modelId, effort }: ContainerHeader): Uint8Array {
  const revision = REVISION | ((effort === DEFAULT_EFFORT ? 0 : effort) << EFFORT_SHIFT);
  const flags = (channels === 1 ? FLAG_GRAY : 0) | (modelId === null ? FLAG_NO_MODEL : 0);
  return Uint8Array.of(
    ...MAGIC,
    ...(flags === 0 ? [revision] : [revision | HAS_FLAGS, flags]),
    ...encodeVarint(width),
    ...encodeVarint(height),
    ...(modelId ?? []),
  );
}

function chunkStart(type: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(type, ...encodeVarint(payload.length));
}

function tileStart({ representation, payload, samplesCrc }: TileChunk): Uint8Array {
  const start = chunkStart(representation === 'raw' ? TYPE_RAW_TILE : TYPE_MODEL_TILE, payload);
  return samplesCrc === null ? start : concat([start, bigEndian(samplesCrc, SAMPLES_CRC_BYTES)]);
}

function withCheck(parts: Uint8Array[]): Uint8Array[] {
  return [...parts, bigEndian(check16(...parts), CHECK_BYTES)];
}

function bigEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => value >>> (8 * (bytes - 1 - i)));
}

function concat(parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function requireHeader({ width, height, modelId, effort }: ContainerHeader): void {
  for (const side of [width, height]) {
    requireThat(Number.isInteger(side) && side >= 1 && side <= MAX_SIDE, `${width}x${height} is not an image size`);
  }
  requireThat(modelId === null || modelId.length === MODEL_ID_BYTES, `A model id has ${MODEL_ID_BYTES} bytes`);
  requireThat(EFFORTS.includes(effort), `${String(effort)} is not an effort`);
  requireThat(modelId !== null || effort === DEFAULT_EFFORT, 'Without a model there is only the default effort');
}

function requireTile({ header, tiles }: Container, index: number, { width, height }: Tile): void {
  const { representation, payload, samplesCrc } = tiles[index]!;
  const name = `Tile ${index + 1} of ${tiles.length}`;
  const fault = payloadLengthFault(representation, payload.length, width * height * header.channels);
  requireThat(fault === null, `${name} ${fault}`);
  requireThat(representation === 'raw' || header.modelId !== null, `${name} is model-coded, but there is no model id`);
  requireThat(
    (samplesCrc === null) === (tiles.length === 1),
    `${name}: a samples CRC goes with several tiles, not with one`,
  );
}

/** Faults here are the calling program's, not its user's. */
function requireThat(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
