import type { ByteRange } from '../bytes.js';
import { ByteReader } from '../byte-reader.js';
import { CHECK_BYTES, checksum } from '../crc32.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from './check.js';
import { type JpegHeader, type PixelsHeader, readHeader, type StoredHeader } from './container-header.js';
import {
  SAMPLES_CRC_BYTES,
  TILE_TYPES,
  TYPE_COEFFICIENTS,
  TYPE_JPEG_RECORD,
  TYPE_METADATA,
  TYPE_RECIPE,
  TYPE_SMALL,
  TYPE_SPLIT_TILE,
  TYPE_VALUES,
} from './container-layout.js';
import { decodeVarint } from '../varint.js';
import { type Tile, tileCount, tileGrid } from './tile-grid.js';

/*
 * Finds what of a damaged file is sound. Chunks are followed from the header on. Where the length of a chunk is damaged,
 * the next chunk is searched from which a chain of chunks leads exactly to the digests at the end of the file, and tiles
 * are counted from the end.
 */

/** A chunk of a damaged file. */
export interface SurveyedChunk extends ByteRange {
  readonly type: number;
  /** Whether it matches its check. */
  readonly isSound: boolean;
}

/** What is left of a file whose header is sound. */
export interface Survey {
  readonly header: PixelsHeader | JpegHeader | StoredHeader;
  /** Where the header ends. */
  readonly start: number;
  /** The chunks that are not tiles or coefficients, in order. */
  readonly others: readonly SurveyedChunk[];
  /** The chunks of tiles or coefficients by their index; null for those that were not found. */
  readonly parts: readonly (SurveyedChunk | null)[];
  /** Bytes that belong to no chunk; null without any. */
  readonly gap: ByteRange | null;
}

/** A part of a file that is damaged or missing. */
export interface LostPart {
  /** "tile 3 of 12", "metadata" */
  readonly name: string;
  /** The rectangle of a tile; null for other parts. */
  readonly tile: Tile | null;
  /** Where it is in the file, or the bytes in which it was not found; null if it is after the end. */
  readonly bytes: ByteRange | null;
}

const OTHER_TYPES: readonly number[] = [TYPE_METADATA, TYPE_RECIPE, TYPE_VALUES, TYPE_SMALL, TYPE_JPEG_RECORD];
const PART_TYPES: readonly number[] = [...Object.values(TILE_TYPES), TYPE_SPLIT_TILE, TYPE_COEFFICIENTS];
/** Maximum number of chunks that are tried while searching the end of damage. */
const MAX_TRIALS = 2 ** 24;

const NAMES: ReadonlyMap<number, string> = new Map([
  [TYPE_METADATA, 'metadata'],
  [TYPE_RECIPE, 'recipe'],
  [TYPE_VALUES, 'active alphabet'],
  [TYPE_SMALL, 'small images'],
  [TYPE_JPEG_RECORD, 'JPEG record'],
]);

/**
 * Returns what of a file is sound.
 * @throws PixrnnError as `decodeHeader`: nothing can be found without the header
 */
export function surveyFile(bytes: Uint8Array): Survey {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  if (header.kind === 'stored') return { header, start: reader.offset, others: [], parts: [], gap: null };
  const start = reader.offset + (header.previewBytes === 0 ? 0 : header.previewBytes + CHECK_BYTES);
  return new Surveyor(bytes, header).survey(Math.min(start, bytes.length));
}

class Surveyor {
  private readonly tiles: number;
  /** Where the digests begin, in a file that is complete. */
  private readonly end: number;
  private trials = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly header: PixelsHeader | JpegHeader,
  ) {
    this.tiles = header.kind === 'pixels' ? tileCount(header.header.width, header.header.height) : 1;
    const digests =
      header.kind === 'jpeg' ? SOURCE_DIGEST_BYTES : DIGEST_BYTES + (header.extension ? SOURCE_DIGEST_BYTES : 0);
    this.end = bytes.length - digests;
  }

  survey(start: number): Survey {
    const { header } = this;
    const front: SurveyedChunk[] = [];
    let at = start;
    let parts = 0;
    while (header.kind === 'jpeg' ? at !== this.end : parts < this.tiles) {
      const chunk = this.chunkAt(at);
      if (!chunk || (!chunk.isSound && !this.isPlausible(chunk.end))) break;
      front.push(chunk);
      if (isPart(chunk)) parts++;
      at = chunk.end;
    }
    const isComplete = header.kind === 'jpeg' ? at === this.end : parts === this.tiles;
    const back = isComplete ? [] : this.chainAfter(at, parts);
    const gap = isComplete ? null : { start: at, end: back[0]?.start ?? Math.max(at, this.end) };
    const found = front.filter(isPart);
    const last = back.filter(isPart);
    const missing = Math.max(header.kind === 'jpeg' && gap ? 1 : 0, this.tiles - found.length - last.length);
    const lost = Array.from({ length: missing }, () => null);
    return {
      header,
      start,
      others: [...front, ...back].filter((chunk) => !isPart(chunk)),
      parts: [...found, ...lost, ...last],
      gap,
    };
  }

  /** Returns the first chunks after a position that lead exactly to the end, some of them sound; none if there are no such chunks. */
  private chainAfter(from: number, partsBefore: number): SurveyedChunk[] {
    for (let start = from + 1; start < this.end && this.trials < MAX_TRIALS; start++) {
      const chain: ByteRange[] = [];
      let at = start;
      for (let next = this.rangeAt(at); next && at < this.end; next = this.rangeAt(at)) {
        chain.push(next);
        at = next.end;
      }
      if (at !== this.end) continue;
      const chunks = chain.flatMap(({ start }) => this.chunkAt(start) ?? []);
      const parts = chunks.filter(isPart).length;
      const fits = this.header.kind === 'jpeg' || partsBefore + parts <= this.tiles;
      if (fits && chunks.some(({ isSound }) => isSound)) return chunks;
    }
    return [];
  }

  private isPlausible(at: number): boolean {
    return at === this.end || this.rangeAt(at) !== null;
  }

  private chunkAt(start: number): SurveyedChunk | null {
    const range = this.rangeAt(start);
    if (!range) return null;
    const { bytes } = this;
    const check = range.end - CHECK_BYTES;
    const stored = (bytes[check] as number) * 256 + (bytes[check + 1] as number);
    return {
      ...range,
      type: bytes[start] as number,
      isSound: checksum(CHECK_BYTES, bytes.subarray(start, check)) === stored,
    };
  }

  /** Returns where a chunk would be that begins here, by its type and its lengths; null if there is none. */
  private rangeAt(start: number): ByteRange | null {
    const type = this.bytes[start] as number;
    if (!OTHER_TYPES.includes(type) && !PART_TYPES.includes(type)) return null;
    this.trials++;
    let at = start + 1;
    const lengths = type === TYPE_SMALL ? this.tiles : 1;
    for (let i = 0; i < lengths && at < this.bytes.length; i++) {
      const length = decodeVarint(() => this.bytes[at++] ?? 0);
      if (length === null) return null;
      at += length;
    }
    const hasCrc = this.header.kind === 'pixels' && this.tiles > 1 && PART_TYPES.includes(type);
    const end = at + (hasCrc ? SAMPLES_CRC_BYTES : 0) + CHECK_BYTES;
    return end <= this.bytes.length ? { start, end } : null;
  }
}

function isPart({ type }: SurveyedChunk): boolean {
  return PART_TYPES.includes(type);
}

/** Returns the parts of a file that are damaged or missing, by their checks. */
export function lostParts({ header, others, parts, gap }: Survey): LostPart[] {
  const grid = header.kind === 'pixels' ? tileGrid(header.header.width, header.header.height) : [];
  const name = header.kind === 'pixels' ? 'tile' : 'coefficients';
  const lacksRecipe = header.kind === 'pixels' && header.extension !== null && !others.some(isRecipe);
  const lacksRecord = header.kind === 'jpeg' && !others.some(({ type }) => type === TYPE_JPEG_RECORD);
  const missing = [...(lacksRecipe ? ['recipe'] : []), ...(lacksRecord ? ['JPEG record'] : [])];
  return [
    ...missing.map((name) => ({ name, tile: null, bytes: nonEmpty(gap) })),
    ...others.flatMap((chunk) =>
      chunk.isSound ? [] : [{ name: NAMES.get(chunk.type) ?? 'chunk', tile: null, bytes: chunk }],
    ),
    ...parts.flatMap((chunk, i) =>
      chunk?.isSound
        ? []
        : [{ name: `${name} ${i + 1} of ${parts.length}`, tile: grid[i] ?? null, bytes: chunk ?? nonEmpty(gap) }],
    ),
  ];
}

function isRecipe({ type }: SurveyedChunk): boolean {
  return type === TYPE_RECIPE;
}

function nonEmpty(range: ByteRange | null): ByteRange | null {
  return range && range.end > range.start ? range : null;
}

/** Returns "tile 3 of 12 (1000 x 800 at 2000, 0), bytes 10200 to 14311". */
export function describeLost({ name, tile, bytes }: LostPart): string {
  const place = tile ? ` (${tile.width} x ${tile.height} at ${tile.x}, ${tile.y})` : '';
  return `${name}${place}, ${bytes ? `bytes ${bytes.start} to ${bytes.end - 1}` : 'after the end of the file'}`;
}
