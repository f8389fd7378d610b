import assert from 'node:assert/strict';
import { type Compressed, compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import type { Effort } from '#pixrnn/effort.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import type { Model } from '#pixrnn/model/model.js';
import { sameSamples } from '#pixrnn/samples.js';

/** Compresses, decompresses and compares. */
export async function roundTripIn(pool: Coders, raster: Raster, model: Model, effort?: Effort): Promise<Compressed> {
  const compressed = await compressRaster(raster, { model, effort, pool, verify: false });
  const decoded = await decompressToRaster(compressed.bytes, { models: [model], pool });
  assert.deepEqual({ ...decoded.raster, samples: null }, { ...raster, samples: null });
  assert.ok(sameSamples(decoded.raster.samples, raster.samples));
  return compressed;
}

/** Returns the pool with a palette coder that never succeeds, so that the model codes every tile that it can. */
export function modelOnly(pool: Coders): Coders {
  const runPlain = (...[makeJob, signal]: Parameters<Coders['runPlain']>): Promise<unknown> =>
    makeJob().kind === 'encode-palette' ? Promise.resolve(null) : pool.runPlain(makeJob, signal);
  return {
    threads: pool.threads,
    run: (...job) => pool.run(...job),
    runPlain: runPlain as Coders['runPlain'],
  };
}
