import { PixrnnError } from '../errors.js';
import type { Channels, Depth, Samples } from '../samples.js';

/** An image as samples in memory; what every part of pixrnn passes on. */
export interface Raster {
  /** In pixels, at least 1. */
  readonly width: number;
  /** In pixels, at least 1. */
  readonly height: number;
  readonly channels: Channels;
  /** Below 8 only with one channel, as in PNG. */
  readonly depth: Depth;
  /** Samples are indices of a palette (one channel, at most 8 bits); PLTE and tRNS travel as metadata chunks. */
  readonly indexed: boolean;
  /** [height][width][channels], rows from top to bottom. */
  readonly samples: Samples;
}

/** All of a raster but its samples: what a decoder knows before it has them. */
export type RasterShape = Omit<Raster, 'samples'>;

/** A raster as callers may hold it: the samples of a canvas are clamped. */
export interface RasterInput extends RasterShape {
  /** [height][width][channels], as of a `Raster`; a Uint8ClampedArray will do where the depth is 8 or less. */
  readonly samples: Samples | Uint8ClampedArray;
}

/**
 * The raster over the same memory as the caller's.
 * @throws PixrnnError 'usage' where the samples are not in an array that holds them exactly: a Uint8Array or Uint8ClampedArray up to 8 bits,
 * a Uint16Array above
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
  return new PixrnnError('usage', `samples of ${depth} bits are given as ${name}. Give them as ${right}.`);
}

/** No image larger than this many pixels is read or written, unless a caller raises the limit. */
export const MAX_PIXELS = 100_000_000;

/**
 * Throws `usage` unless the raster has a size, a kind of samples that PNG has too, as many samples as that takes, in the
 * right kind of array, and none larger than its depth allows.
 */
export function checkRaster({ width, height, channels, depth, indexed, samples }: Raster): void {
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 1 && n < 2 ** 31;
  const given = `${width} x ${height} ${channelsName(channels, indexed)} of ${depth} bits`;
  if (!isKind(channels, depth, indexed)) {
    throw new PixrnnError(
      'usage',
      `the image is given as ${given}. ` +
        'Give 1 to 4 channels of 8 or 16 bits, or one channel of 1, 2 or 4, or palette indices of at most 8.',
    );
  }
  const isArray = depth === 16 ? samples instanceof Uint16Array : samples instanceof Uint8Array;
  if (!isArray) throw wrongArray(depth, samples);
  if (!isSide(width) || !isSide(height) || samples.length !== width * height * channels) {
    throw new PixrnnError(
      'usage',
      `the image is given as ${given} with ${samples.length} samples. Give width x height x channels samples.`,
    );
  }
  const excess = depth < 8 ? samples.find((sample) => sample >> depth !== 0) : undefined;
  if (excess === undefined) return;
  throw new PixrnnError(
    'usage',
    `the image is given as ${given} with a sample of ${excess}. Give samples below 2^depth, or a larger depth.`,
  );
}

/** Whether PNG has such samples. */
function isKind(channels: number, depth: number, indexed: boolean): boolean {
  if (channels === 1) return [1, 2, 4, 8, ...(indexed ? [] : [16])].includes(depth);
  return [2, 3, 4].includes(channels) && (depth === 8 || depth === 16) && !indexed;
}

/** "gray", "gray + alpha", "RGB", "RGBA" or "palette". */
export function channelsName(channels: Channels, indexed = false): string {
  return indexed ? 'palette' : ['gray', 'gray + alpha', 'RGB', 'RGBA'][channels - 1]!;
}
