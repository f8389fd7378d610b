import { DEFAULT_EFFORT, EFFORTS, type Effort, JPEG_EFFORTS, type JpegEffort } from '../effort.js';
import { PixrnnError } from '../errors.js';
import type { ModelReference } from '../model/registry.js';
import type { Channels, Depth } from '../samples.js';
import type { ByteReader } from '../byte-reader.js';
import {
  type ContainerHeader,
  DEVELOPMENT_MAGIC,
  FORMAT_VERSION,
  LAST_DRAFT,
  MAGIC,
  MAX_PREVIEW_BYTES,
  MODEL_ID_BYTES,
  VERSION_NUMBER,
} from './container-layout.js';
import { headerFault, sizeFault } from './container-rules.js';
import { decodeSourceName, encodeSourceName } from './source-name.js';
import { encodeVarint } from '../varint.js';

/* The header of a .prnn file of each kind, as specified in docs/FORMAT.md. */

/** Kinds of files, in the order of their numbers. */
const KINDS = ['pixels', 'jpeg', 'stored'] as const;
export type FileKind = (typeof KINDS)[number];

/**
 * The first byte after the magic: bits 0-4 are the number of the version, bits 5-6 the kind. Bit 7 is set if a format
 * byte follows, and in files of kind `stored` if there is a preview. The highest number is shared by all later versions.
 */
const VERSION_MASK = 0x1f;
const KIND_SHIFT = 5;
const KIND_MASK = 3;
const HAS_FORMAT = 0x80;
const STORED_HAS_PREVIEW = 0x80;

/** The coding byte: bits 0-2 are the effort, 0 without a model; then flags. */
const EFFORT_MASK = 0x07;
const RGB_MODEL = 0x08;
const GRAY_MODEL = 0x10;
const RESTORES_FILE = 0x20;
const HAS_PREVIEW = 0x40;
const CODING_MASK = 0x7f;

/** The format byte: bits 0-1 are channels - 1, bits 2-4 log2 of the depth, bit 5 is set for indices. */
const DEPTH_SHIFT = 2;
const DEPTH_MASK = 0x1c;
const INDEXED = 0x20;
const FORMAT_MASK = 0x3f;
/** The format of a file without a format byte: 8-bit RGB. */
const DEFAULT_FORMAT = 0x02 | (3 << DEPTH_SHIFT);

/** What the headers of all kinds of files have. */
interface AnyHeader {
  /** Bytes of the picture after the header, without its check; 0 if there is none. */
  readonly previewBytes: number;
}

/** The header of a file that codes samples. */
export interface PixelsHeader extends AnyHeader {
  readonly kind: 'pixels';
  readonly header: ContainerHeader;
  /** Extension of the source file if the file restores its bytes, else null. */
  readonly extension: string | null;
}

/** The header of a file that codes the coefficients of a JPEG file. */
export interface JpegHeader extends AnyHeader {
  readonly kind: 'jpeg';
  readonly width: number;
  readonly height: number;
  readonly extension: string;
  readonly effort: JpegEffort;
}

/** The header of a file that stores its source. */
export interface StoredHeader extends AnyHeader {
  readonly kind: 'stored';
  readonly width: number;
  readonly height: number;
  readonly extension: string;
  /** The start of the source, which the file omits. */
  readonly omitted: Uint8Array;
}

/** Returns the header of a file that codes samples, without its checksum. */
export function encodeHeader(header: ContainerHeader, extension: string | null, previewBytes = 0): Uint8Array {
  const { width, height, effort, rgbModel, grayModel } = header;
  const format = formatByte(header);
  const hasFormat = format !== DEFAULT_FORMAT;
  const coding =
    (rgbModel === null && grayModel === null ? 0 : effort) |
    (rgbModel === null ? 0 : RGB_MODEL) |
    (grayModel === null ? 0 : GRAY_MODEL) |
    (extension === null ? 0 : RESTORES_FILE) |
    (previewBytes === 0 ? 0 : HAS_PREVIEW);
  return Uint8Array.of(
    ...MAGIC,
    firstByte('pixels') | (hasFormat ? HAS_FORMAT : 0),
    ...(hasFormat ? [format] : []),
    coding,
    ...(extension === null ? [] : [encodeSourceName(extension).byte]),
    ...encodeVarint(width),
    ...encodeVarint(height),
    ...referenceFields(rgbModel),
    ...referenceFields(grayModel),
    ...previewField(previewBytes),
  );
}

/** Returns the header of a file that stores its source, and the number of bytes of the source that it omits. */
export function encodeStoredHeader(
  { width, height, extension }: Pick<StoredHeader, 'width' | 'height' | 'extension'>,
  source: Uint8Array,
  previewBytes = 0,
): { fields: Uint8Array; omitted: number } {
  const { byte, omitted } = encodeSourceName(extension, source);
  const first = firstByte('stored') | (previewBytes === 0 ? 0 : STORED_HAS_PREVIEW);
  const size = [...encodeVarint(width), ...encodeVarint(height)];
  const fields = Uint8Array.of(...MAGIC, first, byte, ...size, ...previewField(previewBytes));
  return { fields, omitted };
}

/** Returns the header of a file that codes the coefficients of a JPEG file, without its checksum. */
export function encodeJpegHeader(
  { width, height, extension, effort }: Omit<JpegHeader, 'kind' | 'previewBytes'>,
  previewBytes = 0,
): Uint8Array {
  const { byte } = encodeSourceName(extension);
  const coding = effort | RESTORES_FILE | (previewBytes === 0 ? 0 : HAS_PREVIEW);
  const size = [...encodeVarint(width), ...encodeVarint(height)];
  return Uint8Array.of(...MAGIC, firstByte('jpeg'), coding, byte, ...size, ...previewField(previewBytes));
}

function previewField(previewBytes: number): number[] {
  return previewBytes === 0 ? [] : encodeVarint(previewBytes);
}

function firstByte(kind: FileKind): number {
  return VERSION_NUMBER | (KINDS.indexOf(kind) << KIND_SHIFT);
}

function formatByte({ channels, depth, indexed }: ContainerHeader): number {
  return (channels - 1) | (Math.log2(depth) << DEPTH_SHIFT) | (indexed ? INDEXED : 0);
}

/** A shipped model is written as its number, any other model as a zero followed by its id. */
function referenceFields(reference: ModelReference | null): number[] {
  if (reference === null) return [];
  return typeof reference === 'number' ? [reference] : [0, ...reference];
}

/**
 * Reads the header of a file of any kind. The checksum of a stored source without a preview covers the whole file and is
 * not read.
 */
export function readHeader(reader: ByteReader): PixelsHeader | JpegHeader | StoredHeader {
  reader.begin('the header');
  requireMagic(reader);
  const first = reader.uint(1);
  requireVersion(first & VERSION_MASK);
  const kind = KINDS[(first >> KIND_SHIFT) & KIND_MASK];
  const hasFormat = (first & HAS_FORMAT) !== 0;
  if (kind === 'stored') return readStoredHeader(reader, (first & STORED_HAS_PREVIEW) !== 0);
  if (kind === 'jpeg' && !hasFormat) return readJpegHeader(reader);
  if (kind === 'pixels') return readPixelsHeader(reader, hasFormat);
  throw reader.corruptPart('has an invalid kind of file');
}

function readStoredHeader(reader: ByteReader, hasPreview: boolean): StoredHeader {
  const { extension, omitted } = readSourceName(reader);
  const [width, height] = [reader.varint(), reader.varint()];
  const previewBytes = hasPreview ? readPreviewField(reader) : 0;
  if (hasPreview) reader.verifyCheck();
  const fault = sizeFault({ width, height });
  if (fault !== null) throw reader.corruptPart(fault);
  return { kind: 'stored', width, height, extension, omitted, previewBytes };
}

function readJpegHeader(reader: ByteReader): JpegHeader {
  const coding = reader.uint(1);
  const { extension, omitted } = readSourceName(reader);
  const [width, height] = [reader.varint(), reader.varint()];
  const previewBytes = coding & HAS_PREVIEW ? readPreviewField(reader) : 0;
  reader.verifyCheck();
  if ((coding & ~EFFORT_MASK & ~HAS_PREVIEW) !== RESTORES_FILE || omitted.length > 0)
    throw reader.corruptPart('has reserved bits set');
  const fault = sizeFault({ width, height });
  if (fault !== null) throw reader.corruptPart(fault);
  const effort = knownEffort(reader, coding & EFFORT_MASK, JPEG_EFFORTS);
  return { kind: 'jpeg', width, height, extension, effort, previewBytes };
}

function readPixelsHeader(reader: ByteReader, hasFormat: boolean): PixelsHeader {
  const format = hasFormat ? reader.uint(1) : DEFAULT_FORMAT;
  const coding = reader.uint(1);
  const name = coding & RESTORES_FILE ? readSourceName(reader) : null;
  const width = reader.varint();
  const height = reader.varint();
  const rgbModel = coding & RGB_MODEL ? readReference(reader) : null;
  const grayModel = coding & GRAY_MODEL ? readReference(reader) : null;
  const previewBytes = coding & HAS_PREVIEW ? readPreviewField(reader) : 0;
  reader.verifyCheck();

  if (hasFormat && format === DEFAULT_FORMAT) throw reader.corruptPart('has a redundant format byte');
  if ((format & ~FORMAT_MASK) !== 0 || (coding & ~CODING_MASK) !== 0) throw reader.corruptPart('has reserved bits set');
  if (name !== null && name.omitted.length > 0) throw reader.corruptPart('omits a signature');
  const channels = ((format & 3) + 1) as Channels;
  const depth = (2 ** ((format & DEPTH_MASK) >> DEPTH_SHIFT)) as Depth;
  const indexed = (format & INDEXED) !== 0;
  const effort = effortOf(reader, coding & EFFORT_MASK, rgbModel !== null || grayModel !== null);
  const header = { width, height, channels, depth, indexed, rgbModel, grayModel, effort };
  const fault = headerFault(header);
  if (fault !== null) throw reader.corruptPart(fault);
  return { kind: 'pixels', header, extension: name === null ? null : name.extension, previewBytes };
}

/** A file without models has no effort; the number is then 0. */
function effortOf(reader: ByteReader, number: number, hasModel: boolean): Effort {
  if (hasModel) return knownEffort(reader, number, EFFORTS);
  if (number === 0) return DEFAULT_EFFORT;
  throw reader.corruptPart(`has the effort ${number}, but names no model`);
}

function knownEffort<E extends Effort>(reader: ByteReader, number: number, efforts: readonly E[]): E {
  const effort = efforts.find((known) => known === number);
  if (effort !== undefined) return effort;
  throw reader.corruptPart(`has the effort ${number}, which is invalid`);
}

function readReference(reader: ByteReader): ModelReference {
  const number = reader.uint(1);
  return number === 0 ? reader.take(MODEL_ID_BYTES) : number;
}

function readPreviewField(reader: ByteReader): number {
  const previewBytes = reader.varint();
  if (previewBytes >= 1 && previewBytes <= MAX_PREVIEW_BYTES) return previewBytes;
  throw reader.corruptPart(`has a preview of ${previewBytes} bytes, which is invalid`);
}

function readSourceName(reader: ByteReader): NonNullable<ReturnType<typeof decodeSourceName>> {
  const name = decodeSourceName(reader.uint(1));
  if (name === null) throw reader.corruptPart('names an unknown file extension');
  return name;
}

function requireMagic(reader: ByteReader): void {
  const start = [...reader.bytes.subarray(0, MAGIC.length)];
  const isPartOf = (magic: readonly number[]): boolean => start.every((byte, i) => byte === magic[i]);
  if (!isPartOf(MAGIC) && isPartOf(DEVELOPMENT_MAGIC)) {
    throw new PixrnnError(
      'unknown-version',
      `the .prnn file was written in a format from before version 1. ${OF_A_DRAFT}`,
    );
  }
  if (!isPartOf(MAGIC)) {
    const what = `it is not a .prnn file: it starts with ${hex(start)} instead of ${hex(MAGIC)}`;
    throw new PixrnnError('input-unsupported', `${what}. Use a file written by pixrnn compress.`);
  }
  reader.take(MAGIC.length);
}

/** What to do with a file of a draft. */
const OF_A_DRAFT =
  `This pixrnn reads version ${FORMAT_VERSION}. ` +
  'Decompress the file with the pixrnn that wrote it, and compress the result again.';

function requireVersion(number: number): void {
  if (number === VERSION_NUMBER) return;
  const version = number === VERSION_MASK ? 'a later version' : `version ${number - LAST_DRAFT}`;
  const advice =
    number <= LAST_DRAFT
      ? `in draft ${number} of the format, from before version 1. ${OF_A_DRAFT}`
      : `in ${version} of the format, but this pixrnn reads version ${FORMAT_VERSION}. Update pixrnn.`;
  throw new PixrnnError('unknown-version', `the .prnn file was written ${advice}`);
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
