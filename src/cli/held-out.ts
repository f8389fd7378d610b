import { measureRaster } from '../codec/measure.js';
import type { EnginePool } from '../engine/pool.js';
import type { Model } from '../model/model.js';
import type { TrainingImage } from '../train/dataset.js';

/**
 * Returns the mean bits/dim of images at effort 1, measured with the engine. Rejects with the signal's reason if it is aborted.
 */
export async function measureHeldOut(
  model: Model,
  images: readonly TrainingImage[],
  pool: EnginePool,
  signal?: AbortSignal,
): Promise<number> {
  const { channels } = model.spec;
  // The pool limits concurrency to its number of threads.
  const measured = await Promise.all(
    images.map(({ width, height, depth, samples }) =>
      measureRaster({ width, height, channels, depth, indexed: false, samples }, { model, effort: 1, pool, signal }),
    ),
  );
  const bits = measured.flat().reduce((sum, b) => sum + b, 0);
  return bits / images.reduce((sum, { samples }) => sum + samples.length, 0);
}
