import { PixrnnError } from '../errors.js';

/** An image as samples in memory; what every part of pixrnn passes on. */
export interface Raster {
  /** In pixels, at least 1. */
  width: number;
  /** In pixels, at least 1. */
  height: number;
  /** 1 is gray, 3 is red, green, blue. */
  channels: 1 | 3;
  /** [height][width][channels], 8 bits each, rows from top to bottom. */
  samples: Uint8Array;
}

/** No image larger than this many pixels is read or written, unless a caller raises the limit. */
export const MAX_PIXELS = 100_000_000;

/** Throws `usage` unless the raster has a size, and as many samples as that takes. */
export function checkRaster({ width, height, channels, samples }: Raster): void {
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 1 && n < 2 ** 31;
  if (isSide(width) && isSide(height) && samples.length === width * height * channels) return;
  throw new PixrnnError(
    'usage',
    `the image is given as ${width} x ${height} ${channelsName(channels)} with ${samples.length} samples. ` +
      'Give width x height x channels samples of 8 bits.',
  );
}

/** "RGB" or "gray". */
export function channelsName(channels: 1 | 3): string {
  return channels === 1 ? 'gray' : 'RGB';
}
