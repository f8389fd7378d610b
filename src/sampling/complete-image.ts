import { runConcurrently } from '../semaphore.js';
import { progressOver, withPool } from '../codec/coding-options.js';
import { requireFit } from '../codec/models.js';
import { PixrnnError } from '../errors.js';
import { type Raster, type RasterInput, rasterOf } from '../image/raster.js';
import type { Model } from '../model/model.js';
import type { Samples } from '../samples.js';
import { drawImage, onlyKnown, requireDrawable } from './draw-image.js';
import type { Side } from './limits.js';
import type { DrawOptions } from './sample-images.js';

/** Returns the mask of one half of an image, [height][width], 1 = known; an odd middle row or column belongs to the top or left. */
export function knownHalf({ width, height }: { width: number; height: number }, side: Side): Uint8Array {
  const isKnown: Record<Side, (x: number, y: number) => boolean> = {
    top: (_, y) => 2 * y < height,
    bottom: (_, y) => 2 * y >= height,
    left: (x) => 2 * x < width,
    right: (x) => 2 * x >= width,
  };
  return Uint8Array.from({ length: width * height }, (_, i) =>
    isKnown[side](i % width, Math.floor(i / width)) ? 1 : 0,
  );
}

/** Throws `usage`, `limit` or `input-unsupported` if the model cannot complete the image. */
export function requireCompletable(model: Model, raster: Raster): void {
  requireDrawable(raster);
  if (raster.channels === 2 || raster.channels === 4) {
    throw new PixrnnError(
      'input-unsupported',
      'images with alpha cannot be completed. Remove the alpha channel first.',
    );
  }
  requireFit(model, raster);
}

/**
 * Completes each image `count` times: keeps the known pixels (mask `known`, [height][width], 1 = known) and draws the others in raster
 * order, each conditioned on the pixels before it. Known pixels that come later in raster order have no influence.
 *
 * Returns `count` images per input, each [height][width][channels].
 *
 * @throws PixrnnError `usage` if an image does not fit the model, `limit` if it is larger than one tile, `input-unsupported` if it has
 * alpha
 * @throws the signal's reason if it is aborted
 */
export async function completeImages(
  model: Model,
  given: readonly { readonly raster: RasterInput; readonly known: Uint8Array }[],
  count: number,
  { seed, temperature, ...options }: DrawOptions,
): Promise<Samples[][]> {
  const images = given.map(({ raster, known }) => ({ raster: rasterOf(raster), known }));
  for (const { raster } of images) requireCompletable(model, raster);
  const total = images.reduce((sum, { raster }) => sum + count * raster.width * raster.height, 0);
  const onRows = progressOver(total, options.onProgress);
  return withPool(options, async (pool) => {
    const tasks = images.flatMap(({ raster, known }, image) => {
      const { width, height, channels, depth } = raster;
      const pixels = { known, samples: onlyKnown({ known, samples: raster.samples }, channels, depth) };
      return Array.from({ length: count }, (_, index) => (signal: AbortSignal) => {
        const drawing = { model, width, height, depth, seed: [seed, image, index], temperature, given: pixels };
        return drawImage(drawing, pool, { onRows: onRows(width), signal });
      });
    });
    const drawn = await runConcurrently(tasks, pool.threads, options.signal);
    return images.map((_, image) => drawn.slice(image * count, (image + 1) * count));
  });
}
