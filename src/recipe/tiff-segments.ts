import { host } from '../host/host.js';
import { TIFF_LZW } from '../packing/lzw-codes.js';
import { decodeLzw } from '../packing/lzw-decode.js';
import type { TiffDirectory } from '../image/tiff-ifd.js';
import { TAG } from '../image/tiff-tags.js';
import type { Raster } from '../image/raster.js';
import { decodePackBits } from '../packing/packbits.js';
import type { Method } from './format.js';
import { type TiffPacking, segmentBytes, segmentCount } from './tiff-packing.js';

/** Compressions of TIFF that recipes describe. */
const METHODS = new Map<number, Method>([
  [1, 'copy'],
  [5, 'tiff-lzw'],
  [8, 'zlib'],
  [32773, 'packbits'],
  [32946, 'zlib'],
]);

/** A strip or tile in the file. */
export interface TiffSegment {
  readonly index: number;
  readonly offset: number;
  /** In bytes as stored. */
  readonly length: number;
}

/** Returns how the image of a directory is compressed; null if recipes do not describe it. */
export function methodOf(directory: TiffDirectory): Method | null {
  return METHODS.get(directory.number(TAG.compression, 1)) ?? null;
}

/** Returns how the samples of a directory are packed; null if they are not those of `raster`. */
export function packingOf(directory: TiffDirectory, raster: Raster, bigEndian: boolean): TiffPacking | null {
  const number = (tag: number, absent: number): number => directory.number(tag, absent);
  const [width, height] = [number(TAG.imageWidth, 0), number(TAG.imageLength, 0)];
  const fits = width === raster.width && height === raster.height;
  const sameChannels = number(TAG.samplesPerPixel, 1) === raster.channels;
  if (!fits || !sameChannels || number(TAG.bitsPerSample, 1) !== raster.depth) return null;
  const predictor = number(TAG.predictor, 1);
  const isCompressed = number(TAG.compression, 1) !== 1;
  const reversedBits = number(TAG.fillOrder, 1) === 2;
  // libtiff reverses the bits of compressed data too, which no method here does.
  if (predictor > 2 || (reversedBits && isCompressed)) return null;
  const tiled = directory.fields.has(TAG.tileOffsets);
  const size = tiled
    ? { width: number(TAG.tileWidth, 0), height: number(TAG.tileLength, 0) }
    : { width, height: Math.min(height, number(TAG.rowsPerStrip, height)) };
  if (size.width < 1 || size.height < 1) return null;
  return {
    ...size,
    tiled,
    bigEndian,
    reversedBits,
    padding: 'zeros',
    inverted: number(TAG.photometric, 1) === 0,
    planar: number(TAG.planarConfiguration, 1) === 2 && raster.channels > 1,
    differences: predictor === 2 && isCompressed,
  };
}

/** Returns the segments in the order of the file; null if their table is wrong, or they share bytes. */
export function segmentsOf(
  directory: TiffDirectory,
  raster: Raster,
  packing: TiffPacking,
  fileBytes: number,
): TiffSegment[] | null {
  const offsets = directory.numbers(packing.tiled ? TAG.tileOffsets : TAG.stripOffsets, []);
  const stored = directory.numbers(packing.tiled ? TAG.tileByteCounts : TAG.stripByteCounts, []);
  if (offsets.length !== segmentCount(raster, packing)) return null;
  const isCopy = methodOf(directory) === 'copy';
  const segments = offsets.map((offset, index) => {
    // Of uncompressed segments the size is known, and their table often wrong or absent.
    const length = isCopy ? segmentBytes(raster, packing, index) : (stored[index] ?? 0);
    return { index, offset, length };
  });
  segments.sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const { offset, length } of segments) {
    if (offset < end || length < 1 || offset + length > fileBytes) return null;
    end = offset + length;
  }
  return segments;
}

/** Returns a segment before compression; null if it is damaged or not that long. */
export function decodeSegment(method: Method, stream: Uint8Array, bytes: number): Uint8Array | null {
  try {
    if (method === 'zlib') return host().zlib.inflate(stream, bytes).bytes;
    if (method === 'tiff-lzw') return decodeLzw(stream, TIFF_LZW, bytes);
    return method === 'packbits' ? decodePackBits(stream, bytes) : stream;
  } catch {
    return null; // the description of the stream will fail
  }
}
