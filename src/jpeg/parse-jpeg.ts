import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { BitReader } from './bit-reader.js';
import { ByteSink } from './byte-sink.js';
import { damagedJpeg } from './faults.js';
import { ImageParser } from './image-parser.js';
import { findMarker, isStandalone, MARKER } from './markers.js';
import { literalPiece, type NestedStream, type SplitPiece, splitPiece } from './nested-streams.js';
import { MAX_IMAGES, MAX_JPEG_BYTES, MAX_NESTING, MAX_PARTS, type ParsedJpeg } from './parsed-jpeg.js';
import type { JpegPart } from './parts.js';
import { writeStructure } from './structure-writer.js';
import { WorkBudget } from './work-budget.js';
import { writeJpeg } from './write-jpeg.js';

/** Work per byte of a file: the longest scripts of scans over empty images need less. */
const WORK_PER_BYTE = 64;
const MIN_WORK = 2 ** 20;
/** The same for all streams nested in a file. */
const NESTED_WORK_PER_BYTE = 8;

export interface ParseJpegOptions {
  /** Maximum width x height. */
  readonly maxPixels: number;
}

/** What the parsers of a file and of its nested streams share. */
interface SharedState extends ParseJpegOptions {
  readonly reader: BitReader;
  readonly nestedBudget: WorkBudget;
  /** Images so far. */
  images: number;
}

/**
 * Parses a JPEG file. `writeJpeg` rebuilds almost every file that decoders read; the caller must compare its result with
 * the file, because a file can be unusual in ways that the record does not cover.
 * @throws PixrnnError 'input-unreadable' if the file has no image or is damaged in its headers, 'input-unsupported' for
 * arithmetic-coded, lossless and hierarchical JPEG, 'limit' for too many pixels, bytes or scans
 */
export function parseJpeg(bytes: Uint8Array, { maxPixels }: ParseJpegOptions): ParsedJpeg {
  const { length } = bytes;
  if (length > MAX_JPEG_BYTES) {
    throw new PixrnnError('limit', `the JPEG file has ${length} bytes, more than the limit of ${MAX_JPEG_BYTES}.`);
  }
  const nestedBudget = new WorkBudget(length * NESTED_WORK_PER_BYTE);
  const shared = { maxPixels, reader: new BitReader(length), nestedBudget, images: 1 };
  const parser = new JpegParser(bytes, new WorkBudget(MIN_WORK + length * WORK_PER_BYTE), shared, 0);
  parser.parse();
  return parser.result();
}

class JpegParser {
  private position = 0;
  /** Start of the bytes before the position that belong to no segment and are not added yet; -1 if there are none. */
  private bytesFrom = -1;
  private readonly parts: JpegPart[] = [];
  private readonly literals = new ByteSink();
  private readonly nested: ParsedJpeg[] = [];
  private readonly image: ImageParser;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly budget: WorkBudget,
    private readonly shared: SharedState,
    private readonly depth: number,
  ) {
    const { maxPixels, reader } = shared;
    const { literals, parts } = this;
    this.image = new ImageParser({ bytes, maxPixels, reader, budget, literals, parts });
  }

  /** Parses the file up to its EOI marker, and the bytes after it if it is not nested. */
  parse(): void {
    const { bytes } = this;
    if (bytes[0] !== 0xff || bytes[1] !== MARKER.SOI) throw damagedJpeg('it does not start with an SOI marker');
    this.position = 2;
    while (this.position < bytes.length) {
      const at = findMarker(bytes, this.position);
      if (at > this.position) this.skipBytes(at);
      if (at === bytes.length || this.isCutOff(at)) break;
      if (bytes[at + 1] === MARKER.EOI) {
        this.addSkipped();
        this.parts.push({ kind: 'end' });
        this.position = at + 2;
        break;
      }
      if (!this.tryMarker(at)) break;
    }
    if (this.depth === 0 && this.position < bytes.length) this.skipBytes(bytes.length);
    this.addSkipped();
  }

  result(): ParsedJpeg {
    if (this.image.image === null) throw damagedJpeg('it contains no image');
    const { image } = this.image.image;
    const structure = writeStructure(this.parts);
    return { image, structure, literals: this.literals.bytes(), nested: this.nested };
  }

  /** Returns whether the segment at an offset is longer than the file. */
  private isCutOff(at: number): boolean {
    return !isStandalone(this.bytes[at + 1]!) && at + 2 + this.segmentLength(at) > this.bytes.length;
  }

  /** Returns the length of a segment without its marker; Infinity if it is cut off or invalid. */
  private segmentLength(at: number): number {
    const [high, low] = this.bytes.subarray(at + 2, at + 4);
    const length = low === undefined ? 0 : high! * 256 + low;
    return length < 2 ? Infinity : length;
  }

  /** Parses a segment. Returns whether it is valid; where an image precedes it, the rest of the file is literal then. */
  private tryMarker(at: number): boolean {
    try {
      this.parseMarker(at);
      return true;
    } catch (error) {
      if (!(error instanceof PixrnnError) || this.image.image === null) throw error;
      this.position = at;
      return false;
    }
  }

  private parseMarker(at: number): void {
    const marker = this.bytes[at + 1]!;
    if (isStandalone(marker)) return this.skipBytes(at + 2);
    this.addSkipped();
    // Check first: after an error, the literals must be those of the parts. The end and the bytes around it need parts, too.
    if (this.parts.length >= MAX_PARTS - 3) throw damagedJpeg(`it has more than ${MAX_PARTS} segments`);
    const end = at + 2 + this.segmentLength(at);
    this.budget.charge(end - at);
    const payload = this.bytes.subarray(at + 4, end);
    const part = this.image.parse(marker, payload, end);
    this.position = this.image.end;
    if (part !== null) this.parts.push(part);
    else this.addSegment(marker, payload);
  }

  /** Moves the position to `end`; the bytes before it belong to no segment. */
  private skipBytes(end: number): void {
    if (this.depth > 0 && this.image.image === null) throw damagedJpeg('bytes between its segments belong to none');
    if (this.bytesFrom < 0) this.bytesFrom = this.position;
    this.position = end;
  }

  /** Adds the skipped bytes, all in one part. */
  private addSkipped(): void {
    if (this.bytesFrom < 0) return;
    const bytes = this.bytes.subarray(this.bytesFrom, this.position);
    this.bytesFrom = -1;
    this.parts.push({ kind: 'bytes', piece: this.addPiece(this.split(bytes)) });
  }

  private addSegment(marker: number, payload: Uint8Array): void {
    const canNest = (marker >= MARKER.APP0 && marker <= MARKER.APP15) || marker === MARKER.COM;
    const piece = this.addPiece(canNest ? this.split(payload) : literalPiece(payload));
    this.parts.push({ kind: 'segment', marker, piece });
  }

  private addPiece({ piece, literals, nested }: SplitPiece): SplitPiece['piece'] {
    for (const literal of literals) this.literals.append(literal);
    this.nested.push(...nested);
    return piece;
  }

  private split(bytes: Uint8Array): SplitPiece {
    if (this.depth >= MAX_NESTING) return literalPiece(bytes);
    return splitPiece(bytes, (stream) => this.parseNested(stream), this.shared.nestedBudget);
  }

  private parseNested(bytes: Uint8Array): NestedStream | null {
    const { shared } = this;
    // Streams nested in this one count, too, before it does.
    if (shared.images >= MAX_IMAGES - MAX_NESTING) return null;
    const parser = new JpegParser(bytes, shared.nestedBudget, shared, this.depth + 1);
    parser.parse();
    if (parser.parts.at(-1)?.kind !== 'end') return null;
    const parsed = parser.result();
    const length = parser.position;
    if (!equalBytes(writeJpeg(parsed), bytes.subarray(0, length))) return null;
    shared.images++;
    return { parsed, length };
  }
}
