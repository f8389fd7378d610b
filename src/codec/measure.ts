import type { Raster } from '../image/raster.js';
import { allOrNone } from './all-or-none.js';
import { type ModelOptions, effortToCode, progressOver, withPool } from './coding-options.js';
import { addLikelihoods, withAlphaLast } from './likelihood.js';
import { modelsToCode, usedValuesToTell } from './models.js';
import { tileGrid } from './tile-grid.js';
import { type ModelPart, modelParts, tileSamples } from './tile-parts.js';

/**
 * The code length of an image by channel, -log2 of its likelihood at that effort in bits, without coding it: alpha last, and all
 * by the models, also where a file would hold tiles that are coded without them.
 */
export async function measureRaster(raster: Raster, options: ModelOptions = {}): Promise<number[]> {
  const effort = effortToCode(options.effort);
  const { width, height, channels } = raster;
  const models = await modelsToCode(raster, options.model);
  const onRows = progressOver(width * height, options.onProgress);
  const usedValues = usedValuesToTell(raster, models.main);
  return withPool(options, async (pool) => {
    const tasks = tileGrid(width, height).map((tile) => async (signal: AbortSignal) => {
      const parts = modelParts(tileSamples(raster, tile), models, usedValues);
      const measure = async ({ model, knowledge, ...samples }: ModelPart, report?: (rows: number) => void) => {
        const job = () => ({ kind: 'measure', effort, tile: samples, ...knowledge }) as const;
        return { ...(await pool.run(model, job, { onRows: report, signal })), otherBits: 0 };
      };
      const alpha = parts.alpha && (await measure(parts.alpha));
      const colours = await measure(parts.colours, onRows(tile.width));
      return alpha ? withAlphaLast(colours, alpha, channels - 1) : colours;
    });
    return addLikelihoods(await allOrNone(tasks, pool.threads, options.signal), channels).codeLengthBits;
  });
}
