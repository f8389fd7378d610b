import { PixrnnError } from '../errors.js';
import type { Channels, Depth, Samples } from '../samples.js';

/** An image as samples in memory, the common representation in all modules. */
export interface Raster {
  /** In pixels, at least 1. */
  readonly width: number;
  /** In pixels, at least 1. */
  readonly height: number;
  readonly channels: Channels;
  /** Less than 8 only with one channel, as in PNG. */
  readonly depth: Depth;
  /** Whether samples are palette indices (one channel, at most 8 bits). PLTE and tRNS are metadata chunks. */
  readonly indexed: boolean;
  /** [height][width][channels], rows from top to bottom. */
  readonly samples: Samples;
}

/** A raster without samples: what the decoder knows in advance. */
export type RasterShape = Omit<Raster, 'samples'>;

/** A raster as callers may pass it, for example with the clamped samples of a canvas. */
export interface RasterInput extends RasterShape {
  /** [height][width][channels], as in `Raster`; a Uint8ClampedArray is accepted for depths up to 8. */
  readonly samples: Samples | Uint8ClampedArray;
}

/**
 * Returns a raster that shares the caller's memory.
 * @throws PixrnnError 'usage' unless the array type matches the depth: Uint8Array or Uint8ClampedArray up to 8 bits,
 * else Uint16Array
 */
export function rasterOf(given: RasterInput): Raster {
  const { depth, samples } = given;
  if (depth === 16 && samples instanceof Uint16Array) return { ...given, samples };
  if (depth !== 16 && samples instanceof Uint8Array) return { ...given, samples };
  if (depth !== 16 && samples instanceof Uint8ClampedArray) {
    return { ...given, samples: new Uint8Array(samples.buffer, samples.byteOffset, samples.length) };
  }
  throw wrongArray(depth, samples);
}

function wrongArray(depth: number, samples: unknown): PixrnnError {
  const name = (samples as object | null | undefined)?.constructor?.name ?? String(samples);
  const right = depth === 16 ? 'Uint16Array' : 'Uint8Array or Uint8ClampedArray';
  return new PixrnnError('usage', `${depth}-bit samples must not be given as ${name}. Pass ${right}.`);
}

/** Default limit for the number of pixels of an image, for reading and writing. */
export const MAX_PIXELS = 100_000_000;

/**
 * Throws `usage` unless the raster has a valid size, a sample format that PNG supports, the right number of samples in
 * the right type of array, and no sample that exceeds its depth.
 */
export function checkRaster({ width, height, channels, depth, indexed, samples }: Raster): void {
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 1 && n < 2 ** 31;
  const given = `${width} x ${height} ${channelsName(channels, indexed)} of ${depth} bits`;
  if (!isKind(channels, depth, indexed)) {
    throw new PixrnnError(
      'usage',
      `the image is given as ${given}. ` +
        'Pass 1 to 4 channels of 8 or 16 bits, or one channel of 1, 2 or 4, or palette indices of at most 8.',
    );
  }
  const isArray = depth === 16 ? samples instanceof Uint16Array : samples instanceof Uint8Array;
  if (!isArray) throw wrongArray(depth, samples);
  if (!isSide(width) || !isSide(height) || samples.length !== width * height * channels) {
    throw new PixrnnError(
      'usage',
      `the image is given as ${given} with ${samples.length} samples. Pass width x height x channels samples.`,
    );
  }
  const excess = depth < 8 ? samples.find((sample) => sample >> depth !== 0) : undefined;
  if (excess === undefined) return;
  throw new PixrnnError(
    'usage',
    `the image is given as ${given} with a sample of ${excess}. Pass samples below 2^depth, or a larger depth.`,
  );
}

/** Returns whether PNG supports such samples. */
function isKind(channels: number, depth: number, indexed: boolean): boolean {
  if (channels === 1) return [1, 2, 4, 8, ...(indexed ? [] : [16])].includes(depth);
  return [2, 3, 4].includes(channels) && (depth === 8 || depth === 16) && !indexed;
}

/** Returns "gray", "gray + alpha", "RGB", "RGBA" or "palette". */
export function channelsName(channels: Channels, indexed = false): string {
  return indexed ? 'palette' : ['gray', 'gray + alpha', 'RGB', 'RGBA'][channels - 1]!;
}
