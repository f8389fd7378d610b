import { concatBytes } from '../bytes.js';
import { countedWith } from '../counted.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import { requirePixels } from '../pixel-limit.js';
import type { Size } from '../subsample.js';
import { ByteReader } from '../byte-reader.js';
import { CHECK_BYTES, SOURCE_CHECK_BYTES } from '../crc32.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from './check.js';
import {
  type FileKind,
  type JpegHeader,
  type PixelsHeader,
  readHeader,
  type StoredHeader,
} from './container-header.js';
import {
  COLOURS_SHIFT,
  type Container,
  type ContainerHeader,
  type EmbeddedPreview,
  HAS_HIDDEN_COLOUR,
  IS_GRAY,
  isByMainModel,
  type JpegFile,
  MAX_SMALL,
  NO_ALPHA,
  type Representation,
  type PrnnFile,
  PLAIN_REPRESENTATIONS,
  REPRESENTATIONS,
  type Restoration,
  SAMPLES_CRC_BYTES,
  smallCount,
  type StoredFile,
  TILE_TYPES,
  type TileChunk,
  TYPE_COEFFICIENTS,
  TYPE_JPEG_RECORD,
  TYPE_METADATA,
  TYPE_RECIPE,
  TYPE_SMALL,
  TYPE_SPLIT_TILE,
  TYPE_VALUES,
} from './container-layout.js';
import { smallerFault, smallImagesFault, smallLengthFault, tileFault } from './container-rules.js';
import { type Tile, tileCount, tileGrid } from './tile-grid.js';

/** Type, length and checksum of the smallest tile chunk. */
const SMALLEST_TILE_CHUNK = 1 + 1 + CHECK_BYTES;

export interface DecodeContainerOptions {
  /** Reject larger images; default 100 million. */
  readonly maxPixels?: number | undefined;
}

/**
 * Parses a .prnn file without a trailer of parity and verifies everything except the samples, which are still coded:
 * the decoder compares the samples CRCs and the digest. Payloads are views of `bytes`, not copies. Nothing is allocated
 * for a size that the file claims until it has been checked against the length of the file.
 * @throws PixrnnError 'input-unsupported' (not a .prnn file), 'unknown-version', 'file-truncated', 'file-corrupt',
 * 'trailing-bytes' or 'limit' (more than `maxPixels` pixels)
 */
export function parseUnprotected(bytes: Uint8Array, options: DecodeContainerOptions = {}): PrnnFile {
  const reader = new ByteReader(bytes);
  const file = readFile(reader, options);
  requireEnd(reader);
  return file;
}

/** Parses a file like `parseUnprotected`, whatever follows it, and returns its length. */
export function unprotectedLength(bytes: Uint8Array, options: DecodeContainerOptions = {}): number {
  const reader = new ByteReader(bytes);
  readFile(reader, options);
  return reader.offset;
}

function readFile(reader: ByteReader, options: DecodeContainerOptions): PrnnFile {
  const start = readHeader(reader);
  if (start.kind === 'stored') return readStored(reader, start, options);
  if (start.kind === 'jpeg') return readJpegFile(reader, start, options);
  const { header, metadata, recipe, activeAlphabet, ...preview } = readStart(reader, start, options);
  const image = readTiles(reader, header);

  reader.begin('the digest');
  const digest = reader.take(DIGEST_BYTES);
  const restoration = recipe && { ...recipe, digest: readSourceDigest(reader) };
  return { header, metadata, restoration, activeAlphabet, image, digest, ...preview };
}

/** A picture that a file may have. */
type WithPreview = Pick<PrnnFile, 'preview'>;

/** Reads the picture after the header. It is not needed to decode the image: damage is reported, not rejected. */
function readPreview(reader: ByteReader, previewBytes: number): WithPreview {
  if (previewBytes === 0) return {};
  reader.begin('the preview');
  const picture = reader.take(previewBytes);
  const preview: EmbeddedPreview = { picture, damaged: !reader.matchesCheck() };
  return { preview };
}

function readSourceDigest(reader: ByteReader): Uint8Array {
  reader.begin('the digest of the source file');
  return reader.take(SOURCE_DIGEST_BYTES);
}

/**
 * Reads the rest of a file that stores its source. The checksum at its end covers the whole file; after a preview, which
 * may be damaged, it covers the source.
 */
function readStored(
  reader: ByteReader,
  { width, height, extension, omitted, previewBytes }: StoredHeader,
  { maxPixels = MAX_PIXELS }: DecodeContainerOptions,
): StoredFile {
  requirePixels({ width, height }, maxPixels);
  const preview = readPreview(reader, previewBytes);
  if (previewBytes > 0) reader.begin('the stored source file');
  else reader.continue('the stored source file');
  reader.need(SOURCE_CHECK_BYTES);
  const rest = reader.take(reader.remaining - SOURCE_CHECK_BYTES);
  reader.verifyCheck(SOURCE_CHECK_BYTES);
  return { width, height, extension, source: concatBytes([omitted, rest]), ...preview };
}

/** Reads the chunks of a file of kind `jpeg`: the record, then coefficients up to the digest. */
function readJpegFile(
  reader: ByteReader,
  { width, height, extension, effort, previewBytes }: JpegHeader,
  { maxPixels = MAX_PIXELS }: DecodeContainerOptions,
): JpegFile {
  requirePixels({ width, height }, maxPixels);
  const preview = readPreview(reader, previewBytes);
  requireType(reader, TYPE_JPEG_RECORD, 'the JPEG record');
  const record = readChunk(reader, 'the JPEG record');
  const coefficients: Uint8Array[] = [];
  requireType(reader, TYPE_COEFFICIENTS, 'the coefficients');
  do {
    coefficients.push(readChunk(reader, `chunk ${coefficients.length + 1} of coefficients`));
  } while (reader.remaining > SOURCE_DIGEST_BYTES && reader.peek() === TYPE_COEFFICIENTS);
  const digest = readSourceDigest(reader);
  return { width, height, extension, effort, record, coefficients, digest, ...preview };
}

/** The start of a file, up to the smallest image of each tile. */
export interface ContainerStart extends Pick<Container, 'header' | 'metadata'> {
  /** In grid order, empty for tiles without small images; null for files without small images. */
  readonly smallest: readonly Uint8Array[] | null;
}

/**
 * Parses the start of a file like `parseFile`. Ignores everything after the chunk of the smallest images, which may be
 * missing. Returns null for files of other kinds.
 */
export function decodeContainerStart(bytes: Uint8Array, options: DecodeContainerOptions = {}): ContainerStart | null {
  const reader = new ByteReader(bytes);
  const start = readHeader(reader);
  if (start.kind !== 'pixels') return null;
  const { header, metadata } = readStart(reader, start, options);
  if (reader.peek() !== TYPE_SMALL) {
    reader.begin('the tiles');
    reader.need(1);
    return { header, metadata, smallest: null };
  }
  return { header, metadata, smallest: readSmallImages(reader, header, 'the chunk of the smallest images') };
}

/** Reads the preview, the metadata, the recipe and the active alphabet. */
function readStart(
  reader: ByteReader,
  { header, extension, previewBytes }: PixelsHeader,
  { maxPixels = MAX_PIXELS }: DecodeContainerOptions,
): Pick<Container, 'header' | 'metadata' | 'activeAlphabet' | 'preview'> & {
  recipe: Omit<Restoration, 'digest'> | null;
} {
  requirePixels(header, maxPixels);
  const preview = readPreview(reader, previewBytes);
  const metadata: Uint8Array[] = [];
  while (reader.peek() === TYPE_METADATA) metadata.push(readChunk(reader, `metadata chunk ${metadata.length + 1}`));
  const recipe = extension === null ? null : { extension, recipe: readRecipe(reader) };
  const activeAlphabet = reader.peek() === TYPE_VALUES ? readChunk(reader, 'the active alphabet') : null;
  return { header, metadata, recipe, activeAlphabet, ...preview };
}

function readRecipe(reader: ByteReader): Uint8Array {
  requireType(reader, TYPE_RECIPE, 'the recipe');
  return readChunk(reader, 'the recipe');
}

/** Rejects a file whose next chunk, which must be of this type, is another one. */
function requireType(reader: ByteReader, type: number, name: string): void {
  if (reader.remaining === 0 || reader.peek() === type) return;
  reader.begin(name);
  throw reader.corruptPart('is missing');
}

/** Parses the header alone. The first 40 bytes of a file contain any header. */
export function decodeHeader(bytes: Uint8Array): PixelsHeader | JpegHeader | StoredHeader {
  return readHeader(new ByteReader(bytes));
}

/** Parses the header and the preview, and nothing after them. Throws as `parseFile`. */
export function decodePreview(bytes: Uint8Array): Size & WithPreview & { readonly kind: FileKind } {
  const reader = new ByteReader(bytes);
  const start = readHeader(reader);
  const { width, height } = start.kind === 'pixels' ? start.header : start;
  return { kind: start.kind, width, height, ...readPreview(reader, start.previewBytes) };
}

/** Returns the payload of a chunk that has no fields before the payload. */
function readChunk(reader: ByteReader, name: string): Uint8Array {
  reader.begin(name);
  reader.take(1);
  const payload = reader.take(reader.varint());
  reader.verifyCheck();
  return payload;
}

/** Reads the payloads of one scale, one for each tile. */
export function readSmallImages(reader: ByteReader, header: ContainerHeader, name: string): Uint8Array[] {
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
export interface TileContext {
  readonly header: ContainerHeader;
  readonly tile: Tile;
  /** The tile's payload in each chunk of small images. */
  readonly smaller: readonly Uint8Array[];
  readonly hasCrc: boolean;
}

/**
 * Parses the chunk of a tile by itself.
 * @throws PixrnnError 'file-corrupt', 'file-truncated'
 */
export function decodeTileChunk(bytes: Uint8Array, context: TileContext): TileChunk {
  return readTile(new ByteReader(bytes), 'a tile', context);
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
  const alphaKind = PLAIN_REPRESENTATIONS[kinds & 3];
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

function requireEnd(reader: ByteReader): void {
  if (reader.remaining === 0) return;
  const what = `the .prnn file ends at byte ${reader.offset}, but ${countedWith(reader.remaining, 'more byte', 'follow')}`;
  throw new PixrnnError('trailing-bytes', `${what}. Remove trailing bytes or get the file again.`);
}
