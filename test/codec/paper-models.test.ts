import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { namedModel } from '#pixrnn/node/model-file.js';
import { tolerance } from '#pixrnn/report/dataset-report.js';
import { blobs } from '../../fixtures/draw.js';
import { alpine } from '../model/models.js';
import { modelOnly } from './round-trip.js';

/** The paper's systems as they are shipped, on images like those they were trained on, and on others. */
describe("the shipped models of the paper's systems", () => {
  let pool: EnginePool;
  before(async () => {
    pool = await EnginePool.create({ threads: 2 });
  });
  after(() => pool.close());

  async function check(name: string, raster: Raster): Promise<void> {
    const model = await namedModel(name);
    const dims = raster.samples.length;
    for (const effort of [1, 3] as const) {
      const { bytes, codedBytes } = await compressRaster(raster, { model, effort, pool: modelOnly(pool) });
      const decoded = await decompressToRaster(bytes, { pool });
      assert.deepEqual(decoded.raster, raster);
      const lengths = await measureRaster(raster, { model, effort, pool });
      const bits = lengths.reduce((sum, b) => sum + b, 0);
      assert.ok(Math.abs(8 * codedBytes - bits) <= tolerance(bits, dims), `${name}: ${8 * codedBytes} for ${bits}`);
    }
  }

  for (const system of ['pixelcnn', 'pixelcnn-logistics', 'row-lstm', 'diagonal-bilstm', 'multi-scale']) {
    it(`code RGB images of any size within their likelihood: cifar10-${system}`, async () => {
      for (const [width, height] of [
        [32, 32],
        [61, 43],
        [1, 5],
      ] as const) {
        await check(`cifar10-${system}`, await alpine(40, 60, { width, height, channels: 3 }));
      }
    });
  }

  for (const system of ['pixelcnn', 'row-lstm', 'diagonal-bilstm']) {
    it(`code images of bits within their likelihood: mnist-${system}`, async () => {
      for (const [width, height] of [
        [28, 28],
        [37, 5],
      ] as const) {
        await check(`mnist-${system}`, blobs({ width, height, channels: 1, depth: 1 }));
      }
    });
  }
});
