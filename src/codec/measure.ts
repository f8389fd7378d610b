import { checkRaster, type Raster, type RasterInput, rasterOf } from '../image/raster.js';
import { runConcurrently } from '../semaphore.js';
import { measureScales } from './code-scales.js';
import { type ModelOptions, effortToCode, progressOver, withPool } from './coding-options.js';
import { addLikelihoods, type ImageLikelihood, withAlphaLast } from './likelihood.js';
import { modelsToCode, activeAlphabetFor } from './models.js';
import { type Tile, tileGrid } from './tile-grid.js';
import { type ModelPart, modelParts, tileSamples } from './tile-parts.js';

/** Spatial distribution of the bits of an image. */
export interface PixelMap extends Pick<Raster, 'width' | 'height'> {
  /**
   * Code length of each pixel, summed over its channels, f32[height][width]; 0 for pixels known from side information.
   */
  readonly bits: Float32Array;
  /** The result of `measureRaster`: code length per channel, alpha last. */
  readonly codeLengthBits: number[];
}

/**
 * Returns the code length of an image per channel, alpha last: -log2 of its likelihood at the given effort, in bits.
 * Codes nothing, and uses models for all tiles, including those that a file would store without a model.
 * @throws PixrnnError `usage` for an invalid raster or one that does not fit the model; the signal's reason
 */
export async function measureRaster(raster: RasterInput, options: ModelOptions = {}): Promise<number[]> {
  return (await measureTiles(raster, options)).codeLengthBits;
}

/**
 * Returns the code length per channel, as `measureRaster` does, and per pixel.
 * @throws PixrnnError `usage`, as `measureRaster` does
 */
export async function measureMap(raster: RasterInput, options: ModelOptions = {}): Promise<PixelMap> {
  const { width, height } = raster;
  const bits = new Float32Array(width * height);
  const { codeLengthBits } = await measureTiles(raster, options, (tile, part) => addTile(bits, width, tile, part));
  return { width, height, bits, codeLengthBits };
}

/** @param onPart if given, called with the bits of the pixels of each part of a tile: alpha or colours */
async function measureTiles(
  given: RasterInput,
  options: ModelOptions,
  onPart?: (tile: Tile, pixelBits: Float32Array) => void,
): Promise<ImageLikelihood> {
  const raster = rasterOf(given);
  const effort = effortToCode(options.effort);
  const { width, height, channels } = raster;
  checkRaster(raster);
  const models = await modelsToCode(raster, options.model, effort);
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
