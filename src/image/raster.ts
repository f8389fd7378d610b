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

/** "RGB" or "gray". */
export function channelsName(channels: 1 | 3): string {
  return channels === 1 ? 'gray' : 'RGB';
}
