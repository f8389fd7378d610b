import type { TileLikelihood } from '../engine/engine.js';
import type { Raster } from '../image/raster.js';
import { type ModelOptions, effortToCode, modelToCode, progressOver, withPool } from './coding-options.js';
import { allOrNone } from './all-or-none.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** Code lengths of tiles added up by channel, in the grid's order, so that the sum never depends on which tile was done first. */
export function sumCodeLengths(tiles: readonly TileLikelihood[], channels: number): TileLikelihood {
  const sum = (key: keyof TileLikelihood): number[] =>
    Array.from({ length: channels }, (_, c) => tiles.reduce((total, tile) => total + (tile[key][c] ?? 0), 0));
  return { codeLengthBits: sum('codeLengthBits'), modelCodeLengthBits: sum('modelCodeLengthBits') };
}

/** The code length of an image by channel, -log2 of its likelihood at that effort in bits, without coding it. */
export async function measureRaster(raster: Raster, options: ModelOptions = {}): Promise<number[]> {
  const effort = effortToCode(options.effort);
  const { width, height, channels } = raster;
  const model = await modelToCode(raster, options.model);
  const onRows = progressOver(width * height, options.onProgress);
  return withPool(options, async (pool) => {
    const tasks = tileGrid(width, height).map((tile) => (signal: AbortSignal) => {
      const shape = { width: tile.width, height: tile.height, channels };
      const job = () => ({ kind: 'measure', effort, tile: { ...shape, samples: extractTile(raster, tile) } }) as const;
      return pool.run(model, job, { onRows: onRows(tile.width), signal });
    });
    return sumCodeLengths(await allOrNone(tasks, options.signal), channels).codeLengthBits;
  });
}
