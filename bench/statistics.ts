import type { BenchImage } from './data-set.js';

/** Returns bits per sample of an RGB image. */
export function bitsPerDim(bytes: number, { width, height }: BenchImage): number {
  return (8 * bytes) / (3 * width * height);
}

/** Returns NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** Scales the time for an image to 768 x 512 pixels, the size of Kodak's images. */
export function secondsAtKodakSize(seconds: number, { width, height }: { width: number; height: number }): number {
  return (seconds * 768 * 512) / (width * height);
}
