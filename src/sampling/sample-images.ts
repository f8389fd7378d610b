import { runConcurrently } from '../semaphore.js';
import { type CodingOptions, progressOver, withPool } from '../codec/coding-options.js';
import type { Size } from '../subsample.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import type { Depth, Samples } from '../samples.js';
import { drawImage, requireDrawable } from './draw-image.js';

/** How images are drawn. */
export interface DrawOptions extends CodingOptions {
  /** A whole number from 0 on, below 2^53: the same seed draws the same images everywhere. */
  readonly seed: number;
  /** 1 is the model's own distribution; from LOWEST_TEMPERATURE to HIGHEST_TEMPERATURE (limits.ts). */
  readonly temperature: number;
}

/** Bits of the samples that a model draws: 8, or as many as it codes. */
export function drawnDepth({ spec }: Model): Depth {
  const depths = architectureOf(spec.architecture).depths(spec);
  return depths.includes(8) ? 8 : (depths[0] as Depth);
}

/** The size of what a model has learned from, where it says so, else 32 x 32, as in the paper. */
export function usualSize({ notes }: Model): Size {
  const { crop } = notes;
  const side = typeof crop === 'number' && Number.isInteger(crop) && crop >= 1 && crop <= 1024 ? crop : 32;
  return { width: side, height: side };
}

/**
 * Draws so many images from a model, independent of each other: [height][width][channels] each, of 8 bits, or of 1 where the model draws black and white.
 * @throws PixrnnError `usage`, `limit` for sizes that cannot be drawn; the signal's reason
 */
export async function sampleImages(
  model: Model,
  size: Size,
  count: number,
  { seed, temperature, ...options }: DrawOptions,
): Promise<Samples[]> {
  requireDrawable(size);
  const depth = drawnDepth(model);
  const onRows = progressOver(count * size.width * size.height, options.onProgress);
  return withPool(options, (pool) => {
    const tasks = Array.from({ length: count }, (_, index) => (signal: AbortSignal) => {
      const drawing = { model, ...size, depth, seed: [seed, index], temperature };
      return drawImage(drawing, pool, { onRows: onRows(size.width), signal });
    });
    return runConcurrently(tasks, pool.threads, options.signal);
  });
}
