import { compressBrotli, decompressBrotli } from '../brotli.js';
import { concatBytes, equalBytes } from '../bytes.js';
import { formatOf, type InputFormat } from '../image/formats.js';
import { metadataOf } from '../image/write-png.js';
import type { Raster } from '../image/raster.js';
import { FieldReader, FieldWriter, malformedRecipe } from './fields.js';
import { METHODS, type Method, type Part, type SourceFormat, type SourceStream, type Surroundings } from './format.js';
import { bmpFormat } from './bmp.js';
import { gifFormat } from './gif.js';
import { pngFormat } from './png.js';
import { pnmFormat } from './pnm.js';
import { joinSource, readSkeleton, skeletonOf, writeSkeleton } from './skeleton.js';
import { describeStream, rebuildStream } from './streams.js';
import { tiffFormat } from './tiff.js';

/*
 * A recipe rebuilds a source file, byte for byte, from its decoded samples and metadata. docs/format/recipes.md
 * specifies it.
 */

/** The formats with recipes, in the order of their numbers. Append only. */
const FORMATS: readonly (readonly [InputFormat, SourceFormat])[] = [
  ['PNG', pngFormat],
  ['BMP', bmpFormat],
  ['PNM', pnmFormat],
  ['GIF', gifFormat],
  ['TIFF', tiffFormat],
];

/** Bounds of what a recipe may claim, so that a small file cannot demand much memory. */
export const MAX_SKELETON = 2 ** 27;
/** Maximum length of a recipe: the literals of the skeleton, and the descriptions of streams. */
export const MAX_RECIPE = 2 * MAX_SKELETON;
/** Streams, and their parts, each of which needs a kilobyte as objects. */
export const MAX_PARTS = 2 ** 18;
/** A stream has at most this many bytes for each of those that a sample needs in memory (ASCII digits), and some. */
const MAX_EXPANSION = 4;
const MAX_STREAM_EXCESS = 2 ** 20;

/**
 * Returns a recipe for a source file whose image was read as `raster` and `metadata`; null if there is none. The recipe
 * is tried: it rebuilds exactly these bytes.
 */
export async function makeRecipe(
  source: Uint8Array,
  raster: Raster,
  metadata: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  const number = FORMATS.findIndex(([name]) => name === formatOf(source));
  const format = FORMATS[number]?.[1];
  const layout = await format?.layoutOf(source, raster);
  if (!format || !layout || layout.streams.length > MAX_PARTS) return null;

  const fields = new FieldWriter().number(number).number(source.length).block(layout.parameters);
  const described: Uint8Array[] = [];
  const previous = new Map<Method, Uint8Array>();
  for (const [index, stream] of layout.streams.entries()) {
    const { method, parts, rowBytes } = stream;
    const description = await describeStream(
      method,
      concatBytes(parts.map((part) => bytesOf(source, part))),
      await format.packedBytes(raster, layout.parameters, index),
      { rowBytes, previous: previous.get(method) ?? null },
    );
    if (description === null) return null;
    previous.set(method, description);
    described.push(streamFields(stream, description));
  }
  writeRuns(described, equalBytes, (stream) => fields.bytes(stream), fields);

  const parts = layout.streams.flatMap((stream) => stream.parts);
  writeRuns(gapsOf(parts), Object.is, (gap) => fields.number(gap), fields);
  const surroundings: Surroundings = {
    raster,
    parameters: layout.parameters,
    metadata: await metadataOf(raster, metadata),
    parts: parts.map((part) => ({ ...part, bytes: bytesOf(source, part) })),
    sourceBytes: source.length,
  };
  const skeleton = skeletonOf(source, parts);
  if (skeleton.length > MAX_SKELETON) return null;
  writeSkeleton(skeleton, concatBytes(await format.dictionary(surroundings)), fields);
  const recipe = await compressBrotli(fields.finish());
  const rebuilt = await rebuildSource(recipe, raster, metadata).catch(() => null);
  return rebuilt !== null && equalBytes(rebuilt, source) ? recipe : null;
}

/**
 * Returns the source file of a recipe.
 * @throws PixrnnError 'file-corrupt'
 */
export async function rebuildSource(
  recipe: Uint8Array,
  raster: Raster,
  metadata: readonly Uint8Array[],
): Promise<Uint8Array> {
  const body = await decompressBrotli(recipe, MAX_RECIPE).catch((cause: unknown) => {
    throw malformedRecipe(cause);
  });
  const fields = new FieldReader(body);
  const [, format] = FORMATS[fields.number(FORMATS.length - 1)]!;
  const maxStream = MAX_EXPANSION * raster.samples.byteLength + MAX_STREAM_EXCESS;
  const sourceBytes = fields.number(MAX_SKELETON + maxStream);
  const parameters = fields.block();
  let maxParts = MAX_PARTS;
  const streams = readRuns(fields, MAX_PARTS, () => {
    const stream = readStreamFields(fields, maxParts);
    maxParts -= stream.lengths.length + 1;
    return stream;
  });
  const pieces: Uint8Array[] = [];
  let skeletonBytes = sourceBytes;
  for (const [index, { method, description, lengths }] of streams.entries()) {
    const packed = await format.packedBytes(raster, parameters, index);
    const stream = await rebuildStream(method, description, packed, Math.min(skeletonBytes, maxStream));
    skeletonBytes -= stream.length;
    for (const piece of cut(stream, lengths)) pieces.push(piece);
    if (pieces.length > MAX_PARTS) throw malformedRecipe();
  }
  const gaps = readRuns(fields, pieces.length, () => fields.number(sourceBytes));
  if (gaps.length !== pieces.length) throw malformedRecipe();
  let end = 0;
  const parts = pieces.map((bytes, i) => {
    const part = { offset: end + gaps[i]!, length: bytes.length, bytes };
    end = part.offset + part.length;
    return part;
  });
  if (end > sourceBytes || skeletonBytes > MAX_SKELETON) throw malformedRecipe();
  const surroundings = { raster, parameters, metadata: await metadataOf(raster, metadata), parts, sourceBytes };
  const dictionary = concatBytes(await format.dictionary(surroundings));
  const skeleton = readSkeleton(fields, dictionary, skeletonBytes);
  if (fields.remaining > 0) throw malformedRecipe();
  return joinSource(skeleton, parts);
}

function bytesOf(source: Uint8Array, { offset, length }: Part): Uint8Array {
  return source.subarray(offset, offset + length);
}

/** Returns the bytes of the skeleton before each part. */
function gapsOf(parts: readonly Part[]): number[] {
  return parts.map(({ offset }, i) => offset - (i === 0 ? 0 : parts[i - 1]!.offset + parts[i - 1]!.length));
}

/** Returns the fields of a stream: method, description, lengths of all parts but the last, which is the rest. */
function streamFields({ method, parts }: SourceStream, description: Uint8Array): Uint8Array {
  const fields = new FieldWriter().number(METHODS.indexOf(method)).block(description);
  const lengths = parts.slice(0, -1).map(({ length }) => length);
  writeRuns(lengths, Object.is, (length) => fields.number(length), fields);
  return fields.finish();
}

function readStreamFields(fields: FieldReader, maxParts: number) {
  const method = METHODS[fields.number(METHODS.length - 1)]!;
  const description = fields.block();
  return { method, description, lengths: readRuns(fields, maxParts - 1, () => fields.number(Infinity)) };
}

/** Cuts a stream into parts that are not empty, the last of which is the rest. */
function cut(stream: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  let end = 0;
  const parts = lengths.map((length) => {
    end += length;
    if (length === 0 || end >= stream.length) throw malformedRecipe();
    return stream.subarray(end - length, end);
  });
  return [...parts, stream.subarray(end)];
}

/** Writes a list: the number of runs of equal items, then each item with its count. */
function writeRuns<T>(
  items: readonly T[],
  isSame: (a: T, b: T) => boolean,
  write: (item: T) => void,
  fields: FieldWriter,
): void {
  const runs: { item: T; count: number }[] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && isSame(last.item, item)) last.count++;
    else runs.push({ item, count: 1 });
  }
  fields.number(runs.length);
  for (const { item, count } of runs) {
    write(item);
    fields.number(count);
  }
}

/** Reads a list of at most `max` items. Each run has one at least, so that the work is bounded by `max` as well. */
function readRuns<T>(fields: FieldReader, max: number, read: () => T): T[] {
  const items: T[] = [];
  for (let runs = fields.number(fields.remaining); runs > 0; runs--) {
    const item = read();
    const count = fields.number(max - items.length);
    if (count === 0) throw malformedRecipe();
    for (let i = 0; i < count; i++) items.push(item);
  }
  return items;
}
