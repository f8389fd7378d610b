import { type ByteRange, concatBytes, equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS, type Raster } from '../image/raster.js';
import { type ProtectedFile, readProtected } from '../parity/parity.js';
import { requirePixels } from '../pixel-limit.js';
import { ByteReader } from '../byte-reader.js';
import { allocateSamples, type Samples } from '../samples.js';
import { runConcurrently } from '../semaphore.js';
import { CHECK_BYTES, checksum, SOURCE_CHECK_BYTES } from '../crc32.js';
import { type ActiveAlphabet, readActiveAlphabet } from './active-alphabet.js';
import { DIGEST_BYTES, samplesCrc, samplesDigest, sha256, SOURCE_DIGEST_BYTES } from './check.js';
import { requireTileScales } from './check-scales.js';
import { rebuildJpeg, requireImages } from './code-jpeg.js';
import { progressOver } from './coding-options.js';
import { decodeTileChunk, readSmallImages } from './container-decode.js';
import type { JpegHeader, PixelsHeader, StoredHeader } from './container-header.js';
import {
  hasAlpha,
  type TileChunk,
  TYPE_JPEG_RECORD,
  TYPE_METADATA,
  TYPE_SMALL,
  TYPE_VALUES,
} from './container-layout.js';
import { type LostPart, lostParts, type Survey, surveyFile } from './damage.js';
import { decodeTile } from './decode-tile.js';
import { MAX_SECONDS, requireTime } from './decoding-time.js';
import { type DecompressOptions, requireMemory } from './decompress.js';
import { damagedBeyondParity } from './file-parity.js';
import { inOrder, unpackJpegRecord } from './jpeg-record.js';
import { modelsToDecode } from './models.js';
import { placeTile, type Tile, tileGrid } from './tile-grid.js';
import { withTimedPool } from './timed-coders.js';

/** The undamaged parts of a file. */
export type Salvaged = SalvagedImage | SalvagedSource;

/** What is lost of a file. */
export interface Salvage {
  /** The damaged and missing parts; empty if everything is sound. */
  readonly lost: readonly LostPart[];
  /** Whether the result matches the digest of the whole image or source. */
  readonly isWhole: boolean;
}

/** An image, decoded from the sound tiles. */
export interface SalvagedImage extends Salvage {
  /** Lost tiles are filled with a pattern of squares. */
  readonly raster: Raster;
  /** The sound metadata payloads. */
  readonly metadata: readonly Uint8Array[];
  readonly tiles: number;
}

/** A source file: a JPEG file whose lost images are gray, or a stored file with the bytes that are left. */
export interface SalvagedSource extends Salvage {
  readonly source: Uint8Array;
  readonly extension: string;
}

/** Side of the squares that fill lost tiles, in pixels. */
const SQUARE = 16;

/**
 * Decodes the undamaged parts of a .prnn file, after its parity has restored what it can. The header must then be intact.
 * @throws PixrnnError as `decodeHeader`, 'file-corrupt' if nothing is left, 'limit', 'unknown-model'
 */
export async function salvage(given: Uint8Array, options: DecompressOptions = {}): Promise<Salvaged> {
  const found = readProtected(given);
  const bytes = found?.file ?? given;
  const survey = surveyLeft(bytes, found);
  const { header } = survey;
  requirePixels(header.kind === 'pixels' ? header.header : header, options.maxPixels ?? MAX_PIXELS);
  if (header.kind === 'stored') return salvageStored(bytes, survey.start, header);
  return header.kind === 'jpeg'
    ? salvageJpeg(bytes, header, survey, options)
    : salvagePixels(bytes, header, survey, options);
}

function surveyLeft(bytes: Uint8Array, found: ProtectedFile | null): Survey {
  try {
    return surveyFile(bytes);
  } catch (cause) {
    throw found ? damagedBeyondParity(found, cause) : cause;
  }
}

async function salvagePixels(
  bytes: Uint8Array,
  { header, extension }: PixelsHeader,
  survey: Survey,
  options: DecompressOptions,
): Promise<SalvagedImage> {
  const { signal, onProgress, maxSeconds = MAX_SECONDS, models: extra } = options;
  const { width, height, channels, depth, indexed } = header;
  requireMemory(header);
  const sound = survey.others.filter(({ isSound }) => isSound);
  const metadata = sound.filter(({ type }) => type === TYPE_METADATA).map((chunk) => payloadOf(bytes, chunk));
  const activeAlphabet = await alphabetIn(bytes, survey, header);
  const smaller = sound
    .filter(({ type }) => type === TYPE_SMALL)
    .map((chunk) => readSmallImages(new ByteReader(partOf(bytes, chunk)), header, 'the small images'));

  const grid = tileGrid(width, height);
  const lost = [...lostParts(survey)];
  const lose = (index: number): void => {
    const name = `tile ${index + 1} of ${grid.length}`;
    lost.push({ name, tile: grid[index] as Tile, bytes: survey.parts[index] ?? null });
  };
  const chunks = survey.parts.map((part, i): TileChunk | null => {
    if (!part?.isSound) return null;
    const context = { header, tile: grid[i] as Tile, smaller: smaller.map((payloads) => payloads[i] as Uint8Array) };
    const chunk = orNull(() => decodeTileChunk(partOf(bytes, part), { ...context, hasCrc: grid.length > 1 }));
    if (!chunk) lose(i);
    return chunk;
  });

  const models = await modelsToDecode(header, extra);
  const work = grid.flatMap((tile, i) => (chunks[i] ? [{ tile, i, chunk: chunks[i] }] : []));
  const isWanted = (_: Tile, i: number): boolean => chunks[i] !== null;
  const container = { header, metadata, restoration: null, activeAlphabet: null, digest: new Uint8Array(DIGEST_BYTES) };
  const image = chunks as readonly TileChunk[];
  const estimate = requireTime({ ...container, image }, maxSeconds, { models: extra, wants: isWanted });
  const raster: Raster = {
    ...{ width, height, channels, depth, indexed },
    samples: allocateSamples(width * height * channels, depth),
  };
  const onRows = progressOver(width * height, onProgress);
  await withTimedPool(options, estimate, async (pool) => {
    const decoding = { header, models, activeAlphabet, pool };
    const decode = async (chunk: TileChunk, tile: Tile, stop: AbortSignal): Promise<Samples | null> => {
      requireTileScales(chunk, tile, header, models);
      const samples = await decodeTile(chunk, tile, decoding, { onRows: onRows(tile.width), signal: stop });
      return chunk.samplesCrc === null || chunk.samplesCrc === samplesCrc(samples) ? samples : null;
    };
    const tasks = work.map(({ tile, i, chunk }) => async (stop: AbortSignal): Promise<void> => {
      const samples = await decode(chunk, tile, stop).catch(nullIfDamaged);
      if (samples) placeTile(raster, tile, samples);
      else lose(i);
    });
    await runConcurrently(tasks, pool.threads, signal);
  });
  for (const { tile } of lost) if (tile) fill(raster, tile);
  const at = bytes.length - DIGEST_BYTES - (extension === null ? 0 : SOURCE_DIGEST_BYTES);
  const digest = bytes.subarray(at, at + DIGEST_BYTES);
  return { raster, metadata, tiles: grid.length, lost, isWhole: equalBytes(samplesDigest(raster.samples), digest) };
}

/** Returns the active alphabet; null if there is none, or it is damaged: then the tiles that need it do not match their CRC. */
async function alphabetIn(
  bytes: Uint8Array,
  { others }: Survey,
  { channels, depth }: PixelsHeader['header'],
): Promise<ActiveAlphabet | null> {
  const chunk = others.find(({ type, isSound }) => isSound && type === TYPE_VALUES);
  return chunk ? readActiveAlphabet(payloadOf(bytes, chunk), channels, depth).catch(nullIfDamaged) : null;
}

async function salvageJpeg(
  bytes: Uint8Array,
  { extension, effort, width, height }: JpegHeader,
  survey: Survey,
  options: DecompressOptions,
): Promise<SalvagedSource> {
  const { signal, onProgress, maxSeconds = MAX_SECONDS } = options;
  const chunk = survey.others.find(({ type, isSound }) => isSound && type === TYPE_JPEG_RECORD);
  if (!chunk) {
    const what = 'the record of its JPEG file is damaged, without which its coefficients cannot be decoded';
    throw new PixrnnError('file-corrupt', `${what}. Get the file again, or extract its preview.`);
  }
  const record = await unpackJpegRecord(payloadOf(bytes, chunk));
  const images = inOrder(record);
  requireImages(images, options.maxPixels ?? MAX_PIXELS);
  if (record.shape.width !== width || record.shape.height !== height) {
    throw new PixrnnError('file-corrupt', 'its parts do not fit together. Get the file again.');
  }
  const coefficients = images.map((_, i) => {
    const part = survey.parts[i];
    return part?.isSound ? payloadOf(bytes, part) : null;
  });
  const digest = bytes.subarray(Math.max(0, bytes.length - SOURCE_DIGEST_BYTES));
  const sound = coefficients.filter((payload) => payload !== null);
  const file = { width, height, extension, effort, record: new Uint8Array(0), coefficients: sound, digest };
  const estimate = requireTime(file, maxSeconds);
  const source = await withTimedPool(options, estimate, (pool) =>
    rebuildJpeg(record, coefficients, effort, { pool, signal, onProgress }),
  );
  return { source, extension, lost: lostParts(survey), isWhole: equalBytes(sha256(source), digest) };
}

/** Returns the bytes that are left of a stored source. */
function salvageStored(
  bytes: Uint8Array,
  start: number,
  { extension, omitted, previewBytes }: StoredHeader,
): SalvagedSource {
  const from = start + (previewBytes === 0 ? 0 : previewBytes + CHECK_BYTES);
  const end = Math.max(from, bytes.length - SOURCE_CHECK_BYTES);
  const checked = bytes.subarray(previewBytes === 0 ? 0 : from, end);
  const stored = bytes.subarray(end).reduce((value, byte) => value * 256 + byte, 0);
  const isWhole = bytes.length >= from + SOURCE_CHECK_BYTES && checksum(SOURCE_CHECK_BYTES, checked) === stored;
  const lost: LostPart[] = isWhole ? [] : [{ name: 'stored source', tile: null, bytes: { start: from, end } }];
  return { source: concatBytes([omitted, bytes.subarray(from, end)]), extension, lost, isWhole };
}

function partOf(bytes: Uint8Array, { start, end }: ByteRange): Uint8Array {
  return bytes.subarray(start, end);
}

/** Returns the payload of a chunk that has no fields before it. */
function payloadOf(bytes: Uint8Array, chunk: ByteRange): Uint8Array {
  const reader = new ByteReader(partOf(bytes, chunk));
  reader.take(1);
  return reader.take(reader.varint());
}

function orNull<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    return nullIfDamaged(error);
  }
}

/** Returns null for an error that damage causes; throws any other. */
function nullIfDamaged(error: unknown): null {
  if (error instanceof PixrnnError && error.code !== 'limit') return null;
  throw error;
}

/** Fills a tile with squares of a third and two thirds of the largest value, opaque. */
function fill({ width, channels, depth, indexed, samples }: Raster, tile: Tile): void {
  const max = 2 ** depth - 1;
  const levels = indexed ? [0, 0] : [Math.floor(max / 3), Math.ceil((2 * max) / 3)];
  for (let y = tile.y; y < tile.y + tile.height; y++) {
    for (let x = tile.x; x < tile.x + tile.width; x++) {
      const value = levels[(Math.floor(x / SQUARE) + Math.floor(y / SQUARE)) % 2] as number;
      const at = (y * width + x) * channels;
      samples.fill(value, at, at + channels);
      if (hasAlpha(channels)) samples[at + channels - 1] = max;
    }
  }
}
