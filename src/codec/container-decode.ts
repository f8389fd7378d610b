import { countedWith } from '../counted.js';
import { DEFAULT_EFFORT, type Effort } from '../engine/effort.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import type { ModelReference } from '../model/registry.js';
import type { Channels, Depth } from '../samples.js';
import { ByteReader } from './byte-reader.js';
import { CHECK_BYTES, DIGEST_BYTES } from './check.js';
import {
  COLOURS_SHIFT,
  type Container,
  type ContainerHeader,
  DEFAULT_FORMAT,
  DEPTH_MASK,
  DEPTH_SHIFT,
  DEVELOPMENT_MAGIC,
  EFFORT_MASK,
  EFFORT_SHIFT,
  FORMAT_GRAY_MODEL,
  FORMAT_INDEXED,
  FORMAT_RGB_MODEL,
  HAS_FORMAT,
  HAS_HIDDEN_COLOUR,
  IS_GRAY,
  isByMainModel,
  MAGIC,
  MAX_SMALL,
  MODEL_ID_BYTES,
  NO_ALPHA,
  type PngStream,
  type Representation,
  REPRESENTATIONS,
  SAMPLES_CRC_BYTES,
  smallCount,
  STREAM_INTERLACED,
  TILE_TYPES,
  type TileChunk,
  TYPE_METADATA,
  TYPE_SMALL,
  TYPE_SPLIT_TILE,
  TYPE_STREAM,
  TYPE_VALUES,
  VERSION,
  VERSION_MASK,
} from './container-layout.js';
import {
  headerFault,
  smallerFault,
  smallImagesFault,
  smallLengthFault,
  streamFault,
  tileFault,
} from './container-rules.js';
import { type Tile, tileCount, tileGrid } from './tile-grid.js';

/** Type, length and checksum of the smallest tile chunk. */
const SMALLEST_TILE_CHUNK = 1 + 1 + CHECK_BYTES;

export interface DecodeContainerOptions {
  /** Reject larger images; default 100 million. */
  readonly maxPixels?: number | undefined;
}

/**
 * Parses a .prnn file and verifies everything except the samples, which are still coded: the decoder compares the
 * samples CRCs and the digest. Payloads are views of `bytes`, not copies. Nothing is allocated for a size that the file
 * claims until it has been checked against the length of the file.
 * @throws PixrnnError 'input-unsupported' (not a .prnn file), 'unknown-revision', 'file-truncated', 'file-corrupt',
 * 'trailing-bytes' or 'limit' (more than `maxPixels` pixels)
 */
export function decodeContainer(bytes: Uint8Array, options: DecodeContainerOptions = {}): Container {
  const reader = new ByteReader(bytes);
  const start = readStart(reader, options);
  const image = reader.peek() === TYPE_STREAM ? readStream(reader, start) : readTiles(reader, start.header);

  reader.begin('the digest');
  const digest = reader.take(DIGEST_BYTES);
  requireEnd(reader);
  return { ...start, image, digest };
}

/** The start of a file, up to the smallest image of each tile. */
export interface ContainerStart extends Pick<Container, 'header' | 'metadata'> {
  /** In grid order, empty for tiles without small images; null for files without small images. */
  readonly smallest: readonly Uint8Array[] | null;
}

/**
 * Parses the start of a file like `decodeContainer`. Ignores everything after the chunk of the smallest images, which
 * may be missing.
 */
export function decodeContainerStart(bytes: Uint8Array, options: DecodeContainerOptions = {}): ContainerStart {
  const reader = new ByteReader(bytes);
  const { header, metadata } = readStart(reader, options);
  if (reader.peek() !== TYPE_SMALL) {
    reader.begin('the tiles');
    reader.need(1);
    return { header, metadata, smallest: null };
  }
  return { header, metadata, smallest: readSmallImages(reader, header, 'the chunk of the smallest images') };
}

/** Reads the header, the metadata and the active alphabet. */
function readStart(
  reader: ByteReader,
  { maxPixels = MAX_PIXELS }: DecodeContainerOptions,
): Pick<Container, 'header' | 'metadata' | 'activeAlphabet'> {
  const header = readHeader(reader);
  requirePixels(header, maxPixels);
  const metadata: Uint8Array[] = [];
  while (reader.peek() === TYPE_METADATA) metadata.push(readChunk(reader, `metadata chunk ${metadata.length + 1}`));
  const activeAlphabet = reader.peek() === TYPE_VALUES ? readChunk(reader, 'the active alphabet') : null;
  return { header, metadata, activeAlphabet };
}

/** Parses the header alone. The first 32 bytes of a file contain any header. */
export function decodeHeader(bytes: Uint8Array): ContainerHeader {
  return readHeader(new ByteReader(bytes));
}

function readHeader(reader: ByteReader): ContainerHeader {
  reader.begin('the header');
  requireMagic(reader);
  const versionByte = reader.uint(1);
  const version = versionByte & VERSION_MASK;
  if (version !== VERSION) {
    const which = `the .prnn file has format version ${version}, but this pixrnn reads version ${VERSION}`;
    throw new PixrnnError('unknown-revision', `${which}. Use the pixrnn that wrote the file, or a newer one.`);
  }
  const hasFormat = (versionByte & HAS_FORMAT) !== 0;
  const format = hasFormat ? reader.uint(1) : DEFAULT_FORMAT;
  const width = reader.varint();
  const height = reader.varint();
  const rgbModel = format & FORMAT_RGB_MODEL ? readReference(reader) : null;
  const grayModel = format & FORMAT_GRAY_MODEL ? readReference(reader) : null;
  reader.verifyCheck();

  if (hasFormat && format === DEFAULT_FORMAT) throw reader.corruptPart('has a redundant format byte');
  const channels = ((format & 3) + 1) as Channels;
  const depth = (2 ** ((format & DEPTH_MASK) >> DEPTH_SHIFT)) as Depth;
  const indexed = (format & FORMAT_INDEXED) !== 0;
  const effort = readEffort(reader, versionByte);
  const header = { width, height, channels, depth, indexed, rgbModel, grayModel, effort };
  const fault = headerFault(header);
  if (fault !== null) throw reader.corruptPart(fault);
  return header;
}

/** The default effort must be written as 0. */
function readEffort(reader: ByteReader, versionByte: number): Effort {
  const effort = (versionByte & EFFORT_MASK) >> EFFORT_SHIFT;
  if (effort === DEFAULT_EFFORT) throw reader.corruptPart(`has the invalid effort ${effort}`);
  return effort === 0 ? DEFAULT_EFFORT : (effort as Effort);
}

function readReference(reader: ByteReader): ModelReference {
  const number = reader.uint(1);
  return number === 0 ? reader.take(MODEL_ID_BYTES) : number;
}

/** Returns the payload of a chunk that has no fields before the payload. */
function readChunk(reader: ByteReader, name: string): Uint8Array {
  reader.begin(name);
  reader.take(1);
  const payload = reader.take(reader.varint());
  reader.verifyCheck();
  return payload;
}

function readStream(reader: ByteReader, start: Pick<Container, 'header' | 'activeAlphabet'>): PngStream {
  const payload = readChunk(reader, 'the PNG stream');
  const flags = payload[0];
  if (flags === undefined || (flags & ~STREAM_INTERLACED) !== 0) throw reader.corruptPart('is malformed');
  const fault = streamFault(start);
  if (fault !== null) throw reader.corruptPart(fault);
  return { interlaced: flags === STREAM_INTERLACED, zlib: payload.subarray(1) };
}

/** Reads the payloads of one scale, one for each tile. */
function readSmallImages(reader: ByteReader, header: ContainerHeader, name: string): Uint8Array[] {
  const { width, height } = header;
  reader.begin(name);
  reader.take(1);
  reader.need(tileCount(width, height) + CHECK_BYTES);
  const payloads = tileGrid(width, height).map((tile) => {
    const payload = reader.take(reader.varint());
    const fault = smallLengthFault(payload, header, tile, 1);
    if (fault !== null) throw reader.corruptPart(fault);
    return payload;
  });
  reader.verifyCheck();
  const fault = smallImagesFault(header);
  if (fault !== null) throw reader.corruptPart(fault);
  return payloads;
}

function readTiles(reader: ByteReader, header: ContainerHeader): TileChunk[] {
  const small: Uint8Array[][] = [];
  while (reader.peek() === TYPE_SMALL && small.length < MAX_SMALL) {
    small.push(readSmallImages(reader, header, `chunk ${small.length + 1} of small images`));
  }
  reader.begin('the tiles');
  reader.need(tileCount(header.width, header.height) * SMALLEST_TILE_CHUNK);
  const grid = tileGrid(header.width, header.height);
  const tiles = grid.map((tile, i) => {
    const smaller = small.map((payloads) => payloads[i] as Uint8Array);
    return readTile(reader, `tile ${i + 1} of ${grid.length}`, { header, tile, smaller, hasCrc: grid.length > 1 });
  });
  if (smallCount(tiles) !== small.length) throw reader.corruptPart('does not need the small images');
  return tiles;
}

/** What is known about a tile before its chunk is read. */
interface TileContext {
  readonly header: ContainerHeader;
  readonly tile: Tile;
  /** The tile's payload in each chunk of small images. */
  readonly smaller: readonly Uint8Array[];
  readonly hasCrc: boolean;
}

function readTile(reader: ByteReader, name: string, { header, tile, smaller, hasCrc }: TileContext): TileChunk {
  reader.begin(name);
  const type = readTileType(reader);
  const length = reader.varint();
  const samplesCrc = hasCrc ? reader.uint(SAMPLES_CRC_BYTES) : null;
  const payload = reader.take(length);
  reader.verifyCheck();
  const parts =
    type === 'split'
      ? readSplit(reader, payload, header)
      : { alpha: null, colours: { representation: type, payload }, isGray: false, hiddenColour: null };
  const chunk = withSmaller({ ...parts, samplesCrc }, smaller);
  const fault = tileFault(chunk, header, tile) ?? smallerFault(chunk, header, tile, smaller.length);
  if (fault !== null) throw reader.corruptPart(fault);
  return chunk;
}

/**
 * Returns the tile with its payloads from the chunks of small images, which must all be empty if the tile needs none.
 */
function withSmaller(chunk: TileChunk, smaller: readonly Uint8Array[]): TileChunk {
  const needsNone = smaller.length === 0 || (!isByMainModel(chunk) && smaller.every(({ length }) => length === 0));
  return needsNone ? chunk : { ...chunk, colours: { ...chunk.colours, smaller } };
}

function readTileType(reader: ByteReader): Representation | 'split' {
  const type = reader.uint(1);
  if (type === TYPE_SPLIT_TILE) return 'split';
  const representation = REPRESENTATIONS.find((name) => TILE_TYPES[name] === type);
  if (representation !== undefined) return representation;
  throw reader.corruptPart(`begins with 0x${type.toString(16)}, which is not a tile type`);
}

/** Reads a split tile: representations of its parts, hidden colour, length of the alpha part, the parts. */
function readSplit(
  reader: ByteReader,
  payload: Uint8Array,
  { channels, depth }: ContainerHeader,
): Omit<TileChunk, 'samplesCrc'> {
  const inner = reader.within(payload);
  const kinds = inner.uint(1);
  const isAlphaApart = (kinds & 3) !== NO_ALPHA;
  const alphaKind = REPRESENTATIONS[kinds & 3];
  const colourKind = REPRESENTATIONS[(kinds >> COLOURS_SHIFT) & 3];
  const isGray = (kinds & IS_GRAY) !== 0;
  // A tile that needs no split must use its ordinary type.
  if (!colourKind || kinds >= 2 * IS_GRAY || !(isAlphaApart || isGray)) throw reader.corruptPart('is malformed');
  const count = isGray ? 1 : channels - 1;
  const hiddenColour =
    kinds & HAS_HIDDEN_COLOUR ? Array.from({ length: count }, () => inner.uint(depth === 16 ? 2 : 1)) : null;
  const alpha = alphaKind ? { representation: alphaKind, payload: inner.take(inner.varint()) } : null;
  return {
    alpha,
    colours: { representation: colourKind, payload: inner.take(inner.remaining) },
    isGray,
    hiddenColour,
  };
}

function requireMagic(reader: ByteReader): void {
  const start = [...reader.bytes.subarray(0, MAGIC.length)];
  const isPartOf = (magic: readonly number[]): boolean => start.every((byte, i) => byte === magic[i]);
  if (!isPartOf(MAGIC) && isPartOf(DEVELOPMENT_MAGIC)) {
    const what = 'it was written by a pre-release of pixrnn, in a format that is no longer supported';
    throw new PixrnnError('unknown-revision', `${what}. Decompress it with that version and compress it again.`);
  }
  if (!isPartOf(MAGIC)) {
    const what = `it is not a .prnn file: it starts with ${hex(start)} instead of ${hex(MAGIC)}`;
    throw new PixrnnError('input-unsupported', `${what}. Use a file written by pixrnn compress.`);
  }
  reader.take(MAGIC.length);
}

function requirePixels({ width, height }: ContainerHeader, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  const what = `the image has ${width} x ${height} pixels, more than the limit of ${maxPixels}`;
  throw new PixrnnError('limit', `${what}. If you trust the file, raise maxPixels.`, { option: 'maxPixels' });
}

function requireEnd(reader: ByteReader): void {
  if (reader.remaining === 0) return;
  const what = `the .prnn file ends at byte ${reader.offset}, but ${countedWith(reader.remaining, 'more byte', 'follow')}`;
  throw new PixrnnError('trailing-bytes', `${what}. Remove trailing bytes or get the file again.`);
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
