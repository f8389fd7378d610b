import type { TileLikelihood } from '../engine/engine.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { type CodingOptions, modelToCode, progressOver, withPool } from './coding-options.js';
import { allOrNone } from './all-or-none.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** Code lengths of tiles added up by channel, in the grid's order, so that the sum never depends on which tile was done first. */
export function sumCodeLengths(tiles: readonly TileLikelihood[], channels: number): number[] {
  return Array.from({ length: channels }, (_, c) =>
    tiles.reduce((sum, { codeLengthBits }) => sum + (codeLengthBits[c] ?? 0), 0),
  );
}

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
      return pool.run(model, job, { onRows: onRows(tile.width), signal });
    });
    return sumCodeLengths(await allOrNone(tasks, options.signal), channels);
  });
}
