import type { Raster } from '../image/raster.js';
import { allocateSamples } from '../samples.js';
import { type CompressOptions, compressRaster } from './compress.js';
import { CheckingCoders } from './check-alongside.js';
import { withPool } from './coding-options.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** The parts that are timed: strips at several heights, because a sky or a page margin is faster than the rest. */
const STRIP = { width: 512, height: 16 } as const;
const STRIP_CENTERS = [1 / 6, 1 / 2, 5 / 6] as const;

/**
 * Below this many bits per pixel the strips may mislead, because the palette coder needs more of a tile to show whether
 * a model is necessary. Such an image is timed on a whole tile, for at most TILE_LIMIT milliseconds.
 */
const SIMPLE_BITS = 2;
const TILE = { width: 1024, height: 1024 } as const;
const TILE_LIMIT = 3000;

/**
 * Estimates the seconds that `compressRaster` needs for a large image on this machine under its current load, by timing
 * parts of it.
 */
export async function expectedSeconds(raster: Raster, options: CompressOptions): Promise<number> {
  const { width, height } = raster;
  return withPool(options, async (pool) => {
    const perPixel = await secondsPerPixel(raster, { ...options, pool });
    const passes = (options.verify ?? true) ? 2 : 1;
    const tiles = tileGrid(width, height).length;
    const checking = passes > 1 ? CheckingCoders.for(width * height, tiles, pool) : null;
    const atOnce = Math.min(pool.threads, checking ? passes * tiles : tiles);
    return (perPixel * width * height * passes) / atOnce;
  });
}

/** Measures the seconds that one thread needs per pixel, on parts of the image. */
export async function secondsPerPixel(raster: Raster, options: CompressOptions): Promise<number> {
  const { channels, depth, indexed } = raster;
  return withPool(options, async (pool) => {
    const coded = async (part: Raster, signal?: AbortSignal) => {
      const began = performance.now();
      const { model, effort } = options;
      const { codedBytes } = await compressRaster(part, { model, effort, pool, verify: false, signal });
      const pixels = part.width * part.height;
      return { seconds: (performance.now() - began) / 1000, pixels, bits: 8 * codedBytes };
    };
    // Warm up: a thread has to start and load the model first. The pixel is not gray, which would load the gray model.
    const samples = allocateSamples(channels, depth);
    samples[0] = 1;
    await coded({ width: 1, height: 1, channels, depth, indexed, samples });
    const sum = { seconds: 0, pixels: 0, bits: 0 };
    for (const center of STRIP_CENTERS) {
      const { seconds, pixels, bits } = await coded(partOf(raster, STRIP, center));
      sum.seconds += seconds;
      sum.pixels += pixels;
      sum.bits += bits;
    }
    const perPixel = sum.seconds / sum.pixels;
    if (sum.bits / sum.pixels >= SIMPLE_BITS) return perPixel;
    const limit = AbortSignal.timeout(TILE_LIMIT);
    try {
      const { seconds, pixels } = await coded(partOf(raster, TILE, 1 / 2), limit);
      return seconds / pixels;
    } catch (error) {
      if (limit.aborted) return perPixel; // the tile needs a model
      throw error;
    }
  });
}

/** Returns a part of the image, at most `size`, centred horizontally and at the fraction `center` of the height. */
function partOf(raster: Raster, size: { readonly width: number; readonly height: number }, center: number): Raster {
  const { channels, depth, indexed } = raster;
  const [width, height] = [Math.min(raster.width, size.width), Math.min(raster.height, size.height)];
  const x = Math.floor((raster.width - width) / 2);
  const y = Math.floor((raster.height - height) * center);
  return { width, height, channels, depth, indexed, samples: extractTile(raster, { x, y, width, height }) };
}
