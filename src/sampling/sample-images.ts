import { runConcurrently } from '../semaphore.js';
import { type CodingOptions, progressOver, withPool } from '../codec/coding-options.js';
import type { Size } from '../subsample.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import type { Depth, Samples } from '../samples.js';
import { drawImage, requireDrawable } from './draw-image.js';

/** Options of `sampleImages` and `completeImages`. */
export interface DrawOptions extends CodingOptions {
  /** Random seed, an integer >= 0 and below 2^53. The same seed draws the same images on every machine. */
  readonly seed: number;
  /** Sampling temperature, 0.05 to 10. 1 is the model's distribution; lower values sharpen it. */
  readonly temperature: number;
}

/** Returns the depth of the images that a model draws: 8 bits, or the depth that the model codes if that is not 8. */
export function drawnDepth({ spec }: Model): Depth {
  const depths = architectureOf(spec.architecture).depths(spec);
  return depths.includes(8) ? 8 : (depths[0] as Depth);
}

/** Returns the size of the crops that a model was trained on, or 32 x 32 (as in the paper) if its notes do not state it. */
export function usualSize({ notes }: Model): Size {
  const { crop } = notes;
  const side = typeof crop === 'number' && Number.isInteger(crop) && crop >= 1 && crop <= 1024 ? crop : 32;
  return { width: side, height: side };
}

/**
 * Draws `count` independent images from a model. Returns the samples of each, [height][width][channels], of 8 bits, or of 1 bit if the
 * model is for black and white.
 *
 * @throws PixrnnError `usage` if an option is invalid, `limit` if the size is larger than one tile
 * @throws the signal's reason if it is aborted
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
