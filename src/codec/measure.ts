import { type Raster, type RasterInput, rasterOf } from '../image/raster.js';
import { runConcurrently } from '../semaphore.js';
import { measureScales } from './code-scales.js';
import { type ModelOptions, effortToCode, progressOver, withPool } from './coding-options.js';
import { addLikelihoods, type ImageLikelihood, withAlphaLast } from './likelihood.js';
import { modelsToCode, activeAlphabetFor } from './models.js';
import { type Tile, tileGrid } from './tile-grid.js';
import { type ModelPart, modelParts, tileSamples } from './tile-parts.js';

/** Where the bits of an image go. */
export interface PixelMap extends Pick<Raster, 'width' | 'height'> {
  /** What each pixel has of codeLengthBits, all its channels together, f32[height][width]; 0 where it is known beforehand. */
  readonly bits: Float32Array;
  /** By channel, alpha last: what measureRaster returns. */
  readonly codeLengthBits: number[];
}

/**
 * The code length of an image by channel, -log2 of its likelihood at that effort in bits, without coding it: alpha last, and all
 * by the models, also where a file would hold tiles that are coded without them.
 * @throws PixrnnError `usage` for a raster that is not well formed or does not fit the model; the signal's reason
 */
export async function measureRaster(raster: RasterInput, options: ModelOptions = {}): Promise<number[]> {
  return (await measureTiles(raster, options)).codeLengthBits;
}

/**
 * The same as `measureRaster`, and what each pixel has of it.
 * @throws PixrnnError `usage`, as `measureRaster` does
 */
export async function measureMap(raster: RasterInput, options: ModelOptions = {}): Promise<PixelMap> {
  const { width, height } = raster;
  const bits = new Float32Array(width * height);
  const { codeLengthBits } = await measureTiles(raster, options, (tile, part) => addTile(bits, width, tile, part));
  return { width, height, bits, codeLengthBits };
}

/** @param onPart called with the bits of the pixels of a part of a tile, alpha or colours, where they are wanted */
async function measureTiles(
  given: RasterInput,
  options: ModelOptions,
  onPart?: (tile: Tile, pixelBits: Float32Array) => void,
): Promise<ImageLikelihood> {
  const raster = rasterOf(given);
  const effort = effortToCode(options.effort);
  const { width, height, channels } = raster;
  const models = await modelsToCode(raster, options.model);
  const onRows = progressOver(width * height, options.onProgress);
  const activeAlphabet = await activeAlphabetFor(raster, models.main);
  return withPool(options, async (pool) => {
    const tasks = tileGrid(width, height).map((tile) => async (signal: AbortSignal) => {
      const parts = modelParts(tileSamples(raster, tile), models, activeAlphabet);
      const measure = async (part: ModelPart, report?: (rows: number) => void) => {
        const { pixelBits, ...likelihood } = await measureScales(part, effort, pool, {
          onRows: report,
          signal,
          wantsPixelBits: onPart !== undefined,
        });
        if (pixelBits) onPart?.(tile, pixelBits);
        return likelihood;
      };
      const alpha = parts.alpha && (await measure(parts.alpha));
      const colours = await measure(parts.colours, onRows(tile.width));
      return alpha ? withAlphaLast(colours, alpha, channels - 1) : colours;
    });
    return addLikelihoods(await runConcurrently(tasks, pool.threads, options.signal), channels);
  });
}

/** Adds the bits of a part of a tile, [tile.height][tile.width], to those of the image, [height][width]. */
function addTile(bits: Float32Array, width: number, tile: Tile, part: Float32Array): void {
  for (let row = 0, from = 0; row < tile.height; row++) {
    const start = (tile.y + row) * width + tile.x;
    for (let at = start; at < start + tile.width; at++) bits[at]! += part[from++]!;
  }
}
