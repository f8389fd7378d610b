import { equalBytes, viewOf } from '../bytes.js';
import type { Raster } from '../image/raster.js';
import { type TiffDirectory, readTiff } from '../image/tiff-ifd.js';
import { NO_CORRECTIONS, applyCorrections, correctionsOf } from './corrections.js';
import { extrasOfMetadata, paletteColours } from './dictionaries.js';
import { FieldReader, malformedRecipe } from './fields.js';
import type { SourceFormat, SourceLayout, Surroundings } from './format.js';
import {
  TILE_PADDINGS,
  type TiffPacking,
  hasPadding,
  packSegment,
  segmentBytes,
  segmentCount,
  segmentRowBytes,
} from './tiff-packing.js';
import { type TiffParameters, readTiffParameters, writeTiffParameters } from './tiff-parameters.js';
import { type TiffSegment, decodeSegment, methodOf, packingOf, segmentsOf } from './tiff-segments.js';

/** TIFF files: one stream for each strip or tile. Fields, EXIF and further pages are part of the skeleton. */
export const tiffFormat: SourceFormat = { layoutOf, packedBytes, dictionary };

function layoutOf(source: Uint8Array, raster: Raster): SourceLayout | null {
  const bigEndian = source[0] === 0x4d;
  for (const directory of readTiff(source)) {
    const packing = packingOf(directory, raster, bigEndian);
    const layout = packing && layoutOfDirectory(source, raster, directory, packing);
    if (layout) return layout;
  }
  return null;
}

function layoutOfDirectory(
  source: Uint8Array,
  raster: Raster,
  directory: TiffDirectory,
  packing: TiffPacking,
): SourceLayout | null {
  const method = methodOf(directory);
  const segments = segmentsOf(directory, raster, packing, source.length);
  if (!method || !segments) return null;
  const decode = ({ index, offset, length }: TiffSegment): Uint8Array | null =>
    decodeSegment(method, source.subarray(offset, offset + length), segmentBytes(raster, packing, index));
  // A segment without padding shows whether this page is the one that was read.
  const plain = segments.find(({ index }) => !hasPadding(raster, packing, index));
  if (plain && correctSegment(raster, packing, plain, decode(plain)) === null) return null;
  const padded = segments
    .map((segment, stream) => ({ stream, segment }))
    .filter(({ segment }) => hasPadding(raster, packing, segment.index))
    .map((padded) => ({ ...padded, actual: decode(padded.segment) }));
  const best = correctPadding(raster, packing, padded);
  if (best === null) return null;
  const rowBytes = segmentRowBytes(raster, packing);
  const streams = segments.map(({ offset, length }) => ({ method, parts: [{ offset, length }], rowBytes }));
  return { parameters: writeTiffParameters({ ...best, segments: segments.map(({ index }) => index) }), streams };
}

/** A segment with bits that are not those of samples, and what it holds before compression. */
interface PaddedSegment {
  readonly stream: number;
  readonly segment: TiffSegment;
  readonly actual: Uint8Array | null;
}

/** Returns the padding that needs the fewest corrections; null if all need too many. */
function correctPadding(
  raster: Raster,
  packing: TiffPacking,
  padded: readonly PaddedSegment[],
): Pick<TiffParameters, 'packing' | 'corrections'> | null {
  let best: Pick<TiffParameters, 'packing' | 'corrections'> | null = null;
  let fewest = Infinity;
  for (const padding of packing.tiled ? TILE_PADDINGS : (['zeros'] as const)) {
    const attempt = { packing: { ...packing, padding }, corrections: new Map<number, Uint8Array>() };
    let bytes = 0;
    for (const { stream, segment, actual } of padded) {
      const corrections = correctSegment(raster, attempt.packing, segment, actual);
      bytes += corrections?.length ?? Infinity;
      if (corrections && !equalBytes(corrections, NO_CORRECTIONS)) attempt.corrections.set(stream, corrections);
    }
    if (bytes < fewest) [best, fewest] = [attempt, bytes];
    if (attempt.corrections.size === 0 && Number.isFinite(bytes)) break;
  }
  return best;
}

function correctSegment(
  raster: Raster,
  packing: TiffPacking,
  { index }: TiffSegment,
  actual: Uint8Array | null,
): Uint8Array | null {
  return actual && correctionsOf(packSegment(raster, packing, index), actual);
}

/** Parameters are parsed once for all streams of a file. */
const parsed = new WeakMap<Uint8Array, TiffParameters>();

function parametersOf(bytes: Uint8Array, raster: Raster): TiffParameters {
  const known = parsed.get(bytes) ?? readTiffParameters(bytes, raster);
  parsed.set(bytes, known);
  return known;
}

function packedBytes(raster: Raster, parameters: Uint8Array, stream: number): Uint8Array {
  const { packing, segments, corrections } = parametersOf(parameters, raster);
  const index = segments.length > 0 ? segments[stream] : stream;
  if (index === undefined || index >= segmentCount(raster, packing)) throw malformedRecipe();
  const bytes = packSegment(raster, packing, index);
  const corrected = corrections.get(stream);
  if (corrected) {
    const fields = new FieldReader(corrected);
    applyCorrections(bytes, fields);
    if (fields.remaining > 0) throw malformedRecipe();
  }
  return bytes;
}

/** Returns the tables of offsets and lengths in all widths, the palette, and the other metadata. */
function dictionary({ raster, parameters, metadata, parts }: Surroundings): Uint8Array[] {
  const { packing, segments } = parametersOf(parameters, raster);
  const inOrder = parts.map((_, stream) => segments[stream] ?? stream);
  const tables = [2, 4, 8].flatMap((width) => {
    const offsets = new Uint8Array(parts.length * width);
    const lengths = new Uint8Array(parts.length * width);
    inOrder.forEach((segment, stream) => {
      const { offset, length } = parts[stream]!;
      writeNumber(offsets, segment * width, width, offset, packing.bigEndian);
      writeNumber(lengths, segment * width, width, length, packing.bigEndian);
    });
    return [offsets, lengths];
  });
  const palette = paletteColours(metadata, (colour) => colour);
  const palettes = [257, 256].map((scale) => colorMap(palette, raster.depth, scale, packing.bigEndian));
  return [...tables, ...palettes, ...extrasOfMetadata(metadata)];
}

function writeNumber(table: Uint8Array, at: number, width: number, value: number, bigEndian: boolean): void {
  const view = viewOf(table);
  if (at + width > table.length) return; // segments of a malformed recipe
  if (width === 2) view.setUint16(at, value, !bigEndian);
  else if (width === 4) view.setUint32(at, value, !bigEndian);
  else view.setBigUint64(at, BigInt(value), !bigEndian);
}

/** Returns a palette as the numbers of ColorMap: all reds, greens, blues. */
function colorMap(colours: Uint8Array, depth: number, scale: number, bigEndian: boolean): Uint8Array {
  const table = new Uint8Array(colours.length > 0 ? 3 * 2 ** depth * 2 : 0);
  colours.forEach((value, i) => {
    writeNumber(table, ((i % 3) * 2 ** depth + Math.floor(i / 3)) * 2, 2, value * scale, bigEndian);
  });
  return table;
}
