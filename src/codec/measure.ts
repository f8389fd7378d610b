import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { type CodingOptions, modelToCode, progressOver, withPool } from './coding-options.js';
import { allOrNone } from './all-or-none.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** The model's code length of an image by channel, -log2 of its likelihood in bits, without coding it. */
export async function measureRaster(
  raster: Raster,
  options: CodingOptions & { readonly model?: Model | undefined } = {},
): Promise<number[]> {
  const { width, height, channels } = raster;
  const model = await modelToCode(raster, options.model);
  const onRows = progressOver(width * height, options.onProgress);
  return withPool(options, async (pool) => {
    const tasks = tileGrid(width, height).map((tile) => (signal: AbortSignal) => {
      const shape = { width: tile.width, height: tile.height, channels };
      const job = () => ({ kind: 'measure', tile: { ...shape, samples: extractTile(raster, tile) } }) as const;
      return pool.run<'measure'>(model, job, { onRows: onRows(tile.width), signal });
    });
    const lengths = await allOrNone(tasks, options.signal);
    return Array.from({ length: channels }, (_, c) =>
      lengths.reduce((sum, { codeLengthBits }) => sum + (codeLengthBits[c] ?? 0), 0),
    );
  });
}
