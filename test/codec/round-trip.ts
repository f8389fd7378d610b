import assert from 'node:assert/strict';
import { type Compressed, compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import type { Effort } from '#pixrnn/engine/effort.js';
import type { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import type { Model } from '#pixrnn/model/model.js';

/** Compresses, decompresses and compares. */
export async function roundTripIn(
  pool: EnginePool,
  raster: Raster,
  model: Model,
  effort?: Effort,
): Promise<Compressed> {
  const compressed = await compressRaster(raster, { model, effort, pool, verify: false });
  const decoded = await decompressToRaster(compressed.bytes, { models: [model], pool });
  const { width, height, channels, samples } = decoded.raster;
  assert.deepEqual(
    { width, height, channels },
    { width: raster.width, height: raster.height, channels: raster.channels },
  );
  assert.equal(Buffer.compare(samples, raster.samples), 0);
  return compressed;
}
