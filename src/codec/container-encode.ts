import { DEFAULT_EFFORT, EFFORTS } from '../engine/effort.js';
import type { ModelReference } from '../model/registry.js';
import { hashedBytes } from '../samples.js';
import { CHECK_BYTES, check16, DIGEST_BYTES } from './check.js';
import {
  COLOURS_SHIFT,
  type Container,
  type ContainerHeader,
  DEFAULT_FORMAT,
  DEPTH_SHIFT,
  EFFORT_SHIFT,
  FORMAT_GRAY_MODEL,
  FORMAT_INDEXED,
  FORMAT_RGB_MODEL,
  HAS_FORMAT,
  HAS_HIDDEN_COLOUR,
  IS_GRAY,
  isPngStream,
  MAGIC,
  MAX_SMALL,
  NO_ALPHA,
  partsOf,
  REPRESENTATIONS,
  SAMPLES_CRC_BYTES,
  STREAM_INTERLACED,
  payloadsOf,
  smallCount,
  TILE_TYPES,
  type TileChunk,
  TYPE_METADATA,
  TYPE_SMALL,
  TYPE_SPLIT_TILE,
  TYPE_STREAM,
  TYPE_VALUES,
  VERSION,
} from './container-layout.js';
import { headerFault, smallerFault, streamFault, tileFault } from './container-rules.js';
import { tileGrid } from './tile-grid.js';
import { encodeVarint } from './varint.js';

/** Returns the bytes of a .prnn file. Throws a RangeError for a container that a decoder would reject. */
export function encodeContainer(container: Container): Uint8Array {
  requireValid(container);
  const { header, metadata, activeAlphabet, image, digest } = container;
  return concat([
    ...withCheck([headerFields(header)]),
    ...metadata.flatMap((payload) => chunk(TYPE_METADATA, [payload])),
    ...(activeAlphabet === null ? [] : chunk(TYPE_VALUES, [activeAlphabet])),
    ...(isPngStream(image)
      ? chunk(TYPE_STREAM, [Uint8Array.of(image.interlaced ? STREAM_INTERLACED : 0), image.zlib])
      : [...smallChunks(image), ...image.flatMap((tile) => tileChunk(tile, header))]),
    digest,
  ]);
}

/** The bytes of a file by purpose; the three counts add up to its length. */
export interface ByteCounts {
  /** Coded samples: payloads of tiles and small images, active alphabet, PNG stream. */
  readonly codedBytes: number;
  /** Metadata chunks, including their framing. */
  readonly metadataBytes: number;
  /** Everything else. */
  readonly overheadBytes: number;
}

export function countBytes({ metadata, activeAlphabet, image }: Container, fileBytes: number): ByteCounts {
  const payloads = isPngStream(image) ? [image.zlib] : image.flatMap(partsOf).flatMap(payloadsOf);
  const codedBytes = sumOf(payloads.map(({ length }) => length)) + (activeAlphabet?.length ?? 0);
  const metadataBytes = metadataLength(metadata);
  return { codedBytes, metadataBytes, overheadBytes: fileBytes - codedBytes - metadataBytes };
}

/** Returns the length of the chunks for these metadata payloads. */
export function metadataLength(metadata: readonly Uint8Array[]): number {
  return sumOf(metadata.flatMap((payload) => chunk(TYPE_METADATA, [payload])).map(({ length }) => length));
}

function headerFields(header: ContainerHeader): Uint8Array {
  const { width, height, effort, rgbModel, grayModel } = header;
  const version = VERSION | ((effort === DEFAULT_EFFORT ? 0 : effort) << EFFORT_SHIFT);
  const format = formatByte(header);
  return Uint8Array.of(
    ...MAGIC,
    ...(format === DEFAULT_FORMAT ? [version] : [version | HAS_FORMAT, format]),
    ...encodeVarint(width),
    ...encodeVarint(height),
    ...referenceFields(rgbModel),
    ...referenceFields(grayModel),
  );
}

function formatByte({ channels, depth, indexed, rgbModel, grayModel }: ContainerHeader): number {
  return (
    (channels - 1) |
    (Math.log2(depth) << DEPTH_SHIFT) |
    (indexed ? FORMAT_INDEXED : 0) |
    (rgbModel === null ? 0 : FORMAT_RGB_MODEL) |
    (grayModel === null ? 0 : FORMAT_GRAY_MODEL)
  );
}

/** A shipped model is written as its number, any other model as a zero followed by its id. */
function referenceFields(reference: ModelReference | null): number[] {
  if (reference === null) return [];
  return typeof reference === 'number' ? [reference] : [0, ...reference];
}

/** Returns one chunk per smaller scale, from the smallest: the length and the payload of each tile. */
function smallChunks(image: readonly TileChunk[]): Uint8Array[] {
  return Array.from({ length: smallCount(image) }, (_, scale) => {
    const payloads = image.map(({ colours }) => colours.smaller?.[scale] ?? new Uint8Array(0));
    const fields = payloads.flatMap((payload) => [Uint8Array.from(encodeVarint(payload.length)), payload]);
    return withCheck([Uint8Array.of(TYPE_SMALL), ...fields]);
  }).flat();
}

function tileChunk(
  { alpha, colours, isGray, hiddenColour, samplesCrc }: TileChunk,
  { depth }: ContainerHeader,
): Uint8Array[] {
  const crc = samplesCrc === null ? [] : [bigEndian(samplesCrc, SAMPLES_CRC_BYTES)];
  if (alpha === null && !isGray) return chunk(TILE_TYPES[colours.representation], [colours.payload], crc);
  const kinds =
    (alpha === null ? NO_ALPHA : REPRESENTATIONS.indexOf(alpha.representation)) |
    (REPRESENTATIONS.indexOf(colours.representation) << COLOURS_SHIFT) |
    (hiddenColour === null ? 0 : HAS_HIDDEN_COLOUR) |
    (isGray ? IS_GRAY : 0);
  const fields = [
    kinds,
    ...(hiddenColour === null
      ? []
      : hashedBytes(depth === 16 ? Uint16Array.from(hiddenColour) : Uint8Array.from(hiddenColour))),
    ...(alpha === null ? [] : encodeVarint(alpha.payload.length)),
  ];
  const payloads = alpha === null ? [colours.payload] : [alpha.payload, colours.payload];
  return chunk(TYPE_SPLIT_TILE, [Uint8Array.from(fields), ...payloads], crc);
}

/** Returns a chunk: type, payload length, preceding fields, payload, checksum. */
function chunk(type: number, payload: Uint8Array[], before: Uint8Array[] = []): Uint8Array[] {
  const length = sumOf(payload.map((part) => part.length));
  return withCheck([Uint8Array.of(type, ...encodeVarint(length)), ...before, ...payload]);
}

function withCheck(parts: Uint8Array[]): Uint8Array[] {
  return [...parts, bigEndian(check16(...parts), CHECK_BYTES)];
}

function bigEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => value >>> (8 * (bytes - 1 - i)));
}

function concat(parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(sumOf(parts.map(({ length }) => length)));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Throws a RangeError, since an invalid container is a bug in the calling program, not a user's error. */
function requireValid({ header, activeAlphabet, image, digest }: Container): void {
  requireNoFault('The header', headerFault(header));
  if (!EFFORTS.includes(header.effort)) throw new RangeError(`${String(header.effort)} is not an effort`);
  if (digest.length !== DIGEST_BYTES) throw new RangeError(`A digest has ${DIGEST_BYTES} bytes, not ${digest.length}`);
  if (isPngStream(image)) {
    requireNoFault('The PNG stream', streamFault({ header, activeAlphabet }));
    return;
  }
  const grid = tileGrid(header.width, header.height);
  if (image.length !== grid.length) throw new RangeError(`The image has ${grid.length} tiles, not ${image.length}`);
  const scales = smallCount(image);
  if (scales > MAX_SMALL) throw new RangeError(`A file holds at most ${MAX_SMALL} small images, not ${scales}`);
  image.forEach((tile, i) => {
    const name = `Tile ${i + 1} of ${image.length}`;
    requireNoFault(name, tileFault(tile, header, grid[i]!) ?? smallerFault(tile, header, grid[i]!, scales));
    if ((tile.samplesCrc === null) !== (image.length === 1)) {
      throw new RangeError(`${name}: a samples CRC is only for images of several tiles`);
    }
  });
}

function requireNoFault(what: string, fault: string | null): void {
  if (fault !== null) throw new RangeError(`${what} ${fault}`);
}
