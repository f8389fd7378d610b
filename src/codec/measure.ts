import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { type CodingOptions, modelToCode, progressOver, withPool } from './coding-options.js';
import { allOrFirstError } from './decode-tiles.js';
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
    const tiles = tileGrid(width, height).map((tile) => {
      const shape = { width: tile.width, height: tile.height, channels };
      const job = () => ({ kind: 'measure', tile: { ...shape, samples: extractTile(raster, tile) } }) as const;
      return pool.run<'measure'>(model, job, { onRows: onRows(tile.width), signal: options.signal });
    });
    const lengths = await allOrFirstError(tiles);
    return Array.from({ length: channels }, (_, c) =>
      lengths.reduce((sum, { codeLengthBits }) => sum + (codeLengthBits[c] ?? 0), 0),
    );
  });
}
