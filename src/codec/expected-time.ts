import type { Raster } from '../image/raster.js';
import { allocateSamples } from '../samples.js';
import { type CompressOptions, compressRaster } from './compress.js';
import { withPool } from './coding-options.js';
import { extractTile, tileGrid } from './tile-grid.js';

/** Pixels of the probe: half a second's work, more than a thread takes to start. */
const PROBE_WIDTH = 512;
const PROBE_HEIGHT = 32;

/** Seconds that compressRaster will take for a large image on this machine as it is now: measured on a strip from its middle. */
export async function expectedSeconds(raster: Raster, options: CompressOptions): Promise<number> {
  const { width, height } = raster;
  return withPool(options, async (pool) => {
    const perPixel = await secondsPerPixel(raster, { ...options, pool });
    const passes = (options.verify ?? true) ? 2 : 1;
    const atOnce = Math.min(pool.threads, tileGrid(width, height).length);
    return (perPixel * width * height * passes) / atOnce;
  });
}

/** Seconds that one thread takes to code a pixel of an image: measured on a strip from its middle. */
export async function secondsPerPixel(raster: Raster, options: CompressOptions): Promise<number> {
  const { width, height } = raster;
  const strip = {
    width: Math.min(width, PROBE_WIDTH),
    height: Math.min(height, PROBE_HEIGHT),
  };
  const samples = extractTile(raster, {
    ...strip,
    x: Math.floor((width - strip.width) / 2),
    y: Math.floor((height - strip.height) / 2),
  });
  return withPool(options, async (pool) => {
    const code = (part: Raster) =>
      compressRaster(part, { model: options.model, effort: options.effort, pool, verify: false });
    const { channels, depth, indexed } = raster;
    // A thread has to start and to load the model first, whatever the image.
    await code({ width: 1, height: 1, channels, depth, indexed, samples: allocateSamples(channels, depth) });
    const began = performance.now();
    await code({ ...strip, channels, depth, indexed, samples });
    return (performance.now() - began) / 1000 / (strip.width * strip.height);
  });
}
