import { countedWith } from '../counted.js';
import { InflateError, type Inflated, host } from '../host/host.js';
import { allocateSamples, packSamples, packedLength, type Samples, unpackSamples } from '../samples.js';
import { type Pass, adam7, onePass } from './adam7.js';
import { AdaptiveFilter, unfilter } from './png-filters.js';
import type { Raster, RasterShape } from './raster.js';
import { unreadable } from './refusals.js';

/** Maximum compression ratio of deflate: 258 bytes in two bits. */
const MAX_DEFLATE_RATIO = 1032;

/**
 * Up to this many bytes of rows, both filtering methods are tried; above it, only the one that suits the kind of image.
 */
const MAX_TRY_BOTH_BYTES = 16 * 1024 * 1024;

/** zlib's strategy for filtered data. */
const Z_FILTERED = 1;
const Z_DEFAULT_STRATEGY = 0;

/**
 * Decodes the samples of a PNG file from its image data, the zlib stream joined from its IDAT chunks. Allocates nothing
 * for a stream that is too short for the image; the caller must check the image's size.
 * @throws PixrnnError 'input-unreadable' if the stream is damaged or does not have exactly the size of the image
 */
export function decodePngStream(shape: RasterShape & { readonly interlaced: boolean }, zlib: Uint8Array): Samples {
  const { width, height, channels, depth, interlaced } = shape;
  const passes = interlaced ? adam7(width, height) : onePass(width, height);
  const passBytes = (pass: Pass): number => (packedLength(pass.width * channels, depth) + 1) * pass.height;
  const rows = inflate(
    zlib,
    passes.reduce((sum, pass) => sum + passBytes(pass), 0),
  );
  if (!interlaced && depth === 8) return unfilterPass(rows, passes[0]!, shape);

  const samples = allocateSamples(width * height * channels, depth);
  let offset = 0;
  for (const pass of passes) {
    const bytes = unfilterPass(rows.subarray(offset, offset + passBytes(pass)), pass, shape);
    placePass(bytes, pass, shape, samples);
    offset += passBytes(pass);
  }
  return samples;
}

/** Inflates a stream that must contain `expected` bytes and end there. */
function inflate(zlib: Uint8Array, expected: number): Uint8Array {
  if (zlib.length * MAX_DEFLATE_RATIO < expected) {
    throw damaged(`its ${zlib.length} bytes cannot contain the ${expected} bytes that the image needs`);
  }
  let result: Inflated;
  try {
    result = host().zlib.inflate(zlib, expected);
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    if (error.kind === 'too-large') throw damaged(`it contains more than the ${expected} bytes that the image needs`);
    if (error.kind === 'incomplete') throw damaged('it ends too early');
    throw damaged(`it cannot be inflated (${error.message})`, error);
  }
  const { bytes, consumed } = result;
  if (bytes.length < expected) {
    throw damaged(`it contains ${bytes.length} of the ${expected} bytes that the image needs`);
  }
  if (consumed !== zlib.length) {
    throw damaged(`${countedWith(zlib.length - consumed, 'byte', 'follow')} the end of its zlib stream`);
  }
  return bytes;
}

function unfilterPass(rows: Uint8Array, pass: Pass, { channels, depth }: RasterShape): Uint8Array {
  const pixelBytes = Math.max(1, (channels * depth) / 8);
  try {
    return unfilter(rows, pass.height, packedLength(pass.width * channels, depth), pixelBytes);
  } catch (error) {
    throw damaged((error as RangeError).message, error);
  }
}

/** Copies the pixels of a pass to their positions. */
function placePass(bytes: Uint8Array, pass: Pass, { width, channels, depth }: RasterShape, samples: Samples): void {
  const rowBytes = packedLength(pass.width * channels, depth);
  const row = allocateSamples(pass.width * channels, depth);
  for (let y = 0; y < pass.height; y++) {
    unpackSamples(bytes, y * rowBytes, depth, row);
    const start = ((pass.y + y * pass.stepY) * width + pass.x) * channels;
    if (pass.stepX === 1) {
      samples.set(row, start);
      continue;
    }
    for (let x = 0; x < pass.width; x++) {
      for (let c = 0; c < channels; c++) samples[start + x * pass.stepX * channels + c] = row[x * channels + c]!;
    }
  }
}

/**
 * Returns the zlib stream of a non-interlaced image. Rows of whole samples are filtered adaptively, indices and packed
 * samples are not filtered. For images that are not large, the other method is tried too and the smaller result is
 * returned.
 */
export async function encodePngStream(raster: Raster): Promise<Uint8Array> {
  const { width, height, channels, depth, indexed } = raster;
  const adaptive = depth >= 8 && !indexed;
  const first = await deflateRows(raster, adaptive);
  if ((packedLength(width * channels, depth) + 1) * height > MAX_TRY_BOTH_BYTES) return first;
  const second = await deflateRows(raster, !adaptive);
  return second.length < first.length ? second : first;
}

async function deflateRows(
  { width, height, channels, depth, samples }: Raster,
  adaptive: boolean,
): Promise<Uint8Array> {
  const count = width * channels;
  const rowBytes = packedLength(count, depth);
  const filter = adaptive ? new AdaptiveFilter(rowBytes, Math.max(1, (channels * depth) / 8)) : null;
  const rows = new Uint8Array((rowBytes + 1) * height);
  let [row, above] = [new Uint8Array(rowBytes), new Uint8Array(rowBytes)];
  for (let y = 0; y < height; y++) {
    const at = y * (rowBytes + 1);
    packSamples(samples.subarray(y * count, (y + 1) * count), depth, row);
    if (filter) filter.apply(row, above, rows, at);
    else rows.set(row, at + 1);
    [row, above] = [above, row];
  }
  const strategy = adaptive ? Z_FILTERED : Z_DEFAULT_STRATEGY;
  return host().zlib.deflate(rows, { level: 9, memLevel: 9, strategy });
}

function damaged(what: string, cause?: unknown): Error {
  return unreadable(`the image data (IDAT) of the PNG file is damaged: ${what}`, cause);
}
