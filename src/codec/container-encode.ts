import { bigEndian, concatBytes } from '../bytes.js';
import { EFFORTS } from '../effort.js';
import { hashedBytes } from '../samples.js';
import { CHECK_BYTES, checksum, SOURCE_CHECK_BYTES } from '../crc32.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from './check.js';
import { encodeHeader, encodeJpegHeader, encodeStoredHeader } from './container-header.js';
import {
  COLOURS_SHIFT,
  type Container,
  type ContainerHeader,
  HAS_HIDDEN_COLOUR,
  IS_GRAY,
  isStored,
  type EmbeddedPreview,
  type JpegFile,
  MAX_PREVIEW_BYTES,
  MAX_SMALL,
  NO_ALPHA,
  partsOf,
  payloadsOf,
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
import { headerFault, sizeFault, smallerFault, tileFault } from './container-rules.js';
import { tileGrid } from './tile-grid.js';
import { encodeVarint } from '../varint.js';

/** Returns the bytes of a .prnn file. Throws a RangeError for a container that a decoder would reject. */
export function encodeContainer(container: Container): Uint8Array {
  const { header, metadata, restoration, activeAlphabet, image, digest, preview } = container;
  if (isStored(image)) return encodeStored({ ...header, ...image, preview });
  requireValid(header, container, image);
  return concatBytes([
    ...withCheck([encodeHeader(header, restoration === null ? null : restoration.extension, pictureBytes(preview))]),
    ...previewPart(preview),
    ...metadata.flatMap((payload) => chunk(TYPE_METADATA, [payload])),
    ...(restoration === null ? [] : chunk(TYPE_RECIPE, [restoration.recipe])),
    ...(activeAlphabet === null ? [] : chunk(TYPE_VALUES, [activeAlphabet])),
    ...smallChunks(image),
    ...image.flatMap((tile) => tileChunk(tile, header)),
    digest,
    ...(restoration === null ? [] : [restoration.digest]),
  ]);
}

/** Returns the bytes of a .prnn file that stores its source. Throws a RangeError like `encodeContainer`. */
export function encodeStored(file: StoredFile): Uint8Array {
  requireNoFault('The header', sizeFault(file));
  const { source, preview } = file;
  const { fields, omitted } = encodeStoredHeader(file, source, pictureBytes(preview));
  const kept = source.subarray(omitted);
  if (!preview) return concatBytes(withCheck([fields, kept], SOURCE_CHECK_BYTES));
  return concatBytes([...withCheck([fields]), ...previewPart(preview), ...withCheck([kept], SOURCE_CHECK_BYTES)]);
}

/** Returns the bytes of a .prnn file that codes the coefficients of a JPEG file. */
export function encodeJpegFile(file: JpegFile): Uint8Array {
  requireLength('The digest of a source', file.digest, SOURCE_DIGEST_BYTES);
  return concatBytes([
    ...withCheck([encodeJpegHeader(file, pictureBytes(file.preview))]),
    ...previewPart(file.preview),
    ...chunk(TYPE_JPEG_RECORD, [file.record]),
    ...file.coefficients.flatMap((payload) => chunk(TYPE_COEFFICIENTS, [payload])),
    file.digest,
  ]);
}

function pictureBytes(preview: EmbeddedPreview | undefined): number {
  const length = preview?.picture.length ?? 0;
  if (preview && (length === 0 || length > MAX_PREVIEW_BYTES)) {
    throw new RangeError(`A preview has 1 to ${MAX_PREVIEW_BYTES} bytes, not ${length}`);
  }
  return length;
}

function previewPart(preview: EmbeddedPreview | undefined): Uint8Array[] {
  return preview ? withCheck([preview.picture]) : [];
}

/** Returns the bytes that a preview adds to a file, apart from its length in the header. */
function previewLength(preview: EmbeddedPreview | undefined): number {
  return preview ? preview.picture.length + CHECK_BYTES : 0;
}

/** Returns the length of a file that stores its source, without a preview. */
export function storedLength(file: StoredFile): number {
  const { fields, omitted } = encodeStoredHeader(file, file.source);
  return fields.length + file.source.length - omitted + SOURCE_CHECK_BYTES;
}

/** Returns the bytes that a restoration adds to a file: extension, recipe chunk and digest. */
export function restorationLength({ recipe }: Restoration): number {
  return 1 + sumOf(chunk(TYPE_RECIPE, [recipe]).map(({ length }) => length)) + SOURCE_DIGEST_BYTES;
}

/** The bytes of a file by purpose; the counts add up to its length. */
export interface ByteCounts {
  /** Coded samples: payloads of tiles and small images, active alphabet; or the stored source. */
  readonly codedBytes: number;
  /** Metadata chunks, including their framing; or everything of a JPEG file but its coefficients. */
  readonly metadataBytes: number;
  /** What restores the bytes of the source in addition to samples and metadata: recipe and hash. */
  readonly recipeBytes: number;
  /** The embedded picture with its check. */
  readonly previewBytes: number;
  /** The trailer of parity; 0 without one. */
  readonly parityBytes: number;
  /** Everything else. */
  readonly overheadBytes: number;
}

/** Returns what the bytes of a file that codes the coefficients of a JPEG file are used for. */
export function countJpegBytes({ record, coefficients, preview, parity }: JpegFile, fileBytes: number): ByteCounts {
  const parityBytes = parity?.bytes ?? 0;
  const codedBytes = sumOf(coefficients.map(({ length }) => length));
  const metadataBytes = record.length;
  const previewBytes = previewLength(preview);
  const overheadBytes = fileBytes - codedBytes - metadataBytes - previewBytes - parityBytes;
  return { codedBytes, metadataBytes, recipeBytes: 0, previewBytes, parityBytes, overheadBytes };
}

/** Returns what the bytes of a file that stores its source are used for. */
export function countStoredBytes(
  { source, preview, parity }: Pick<StoredFile, 'source' | 'preview' | 'parity'>,
  fileBytes: number,
): ByteCounts {
  const previewBytes = previewLength(preview);
  const parityBytes = parity?.bytes ?? 0;
  const codedBytes = Math.min(fileBytes - previewBytes - parityBytes, source.length);
  const overheadBytes = fileBytes - codedBytes - previewBytes - parityBytes;
  return { codedBytes, metadataBytes: 0, recipeBytes: 0, previewBytes, parityBytes, overheadBytes };
}

export function countBytes(container: Container, fileBytes: number): ByteCounts {
  const { metadata, restoration, activeAlphabet, image, preview, parity } = container;
  if (isStored(image)) return countStoredBytes({ ...image, preview, parity }, fileBytes);
  const payloads = image.flatMap(partsOf).flatMap(payloadsOf);
  const codedBytes = sumOf(payloads.map(({ length }) => length)) + (activeAlphabet?.length ?? 0);
  const metadataBytes = metadataLength(metadata);
  const recipeBytes = restoration === null ? 0 : restorationLength(restoration);
  const previewBytes = previewLength(preview);
  const parityBytes = parity?.bytes ?? 0;
  const overheadBytes = fileBytes - codedBytes - metadataBytes - recipeBytes - previewBytes - parityBytes;
  return { codedBytes, metadataBytes, recipeBytes, previewBytes, parityBytes, overheadBytes };
}

/** Returns the length of the chunks for these metadata payloads. */
export function metadataLength(metadata: readonly Uint8Array[]): number {
  return sumOf(metadata.flatMap((payload) => chunk(TYPE_METADATA, [payload])).map(({ length }) => length));
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

function withCheck(parts: Uint8Array[], size = CHECK_BYTES): Uint8Array[] {
  return [...parts, bigEndian(checksum(size, ...parts), size)];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Throws a RangeError, since an invalid container is a bug in the calling program, not a user's error. */
function requireValid(header: ContainerHeader, { restoration, digest }: Container, image: readonly TileChunk[]): void {
  requireNoFault('The header', headerFault(header));
  if (!EFFORTS.includes(header.effort)) throw new RangeError(`${String(header.effort)} is not an effort`);
  requireLength('A digest', digest, DIGEST_BYTES);
  if (restoration !== null) requireLength('The digest of a source', restoration.digest, SOURCE_DIGEST_BYTES);
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

function requireLength(what: string, { length }: Uint8Array, bytes: number): void {
  if (length !== bytes) throw new RangeError(`${what} has ${bytes} bytes, not ${length}`);
}

function requireNoFault(what: string, fault: string | null): void {
  if (fault !== null) throw new RangeError(`${what} ${fault}`);
}
