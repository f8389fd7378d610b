import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { namedModel } from '#pixrnn/node/model-file.js';
import { draw } from '../../fixtures/draw.js';
import { alpine } from '../model/models.js';
import { modelOnly } from './round-trip.js';

/** Allowed difference between coded samples and their likelihood in bits: 2 bytes. */
const MAX_DIFFERENCE = 16;

/** A ring of bits that resembles a digit. */
const ring = (width: number, height: number): Raster =>
  draw({ width, height, channels: 1, depth: 1 }, (x, y) => {
    const distance = Math.hypot(x - width / 2, y - height / 2);
    return Math.abs(distance - 0.3 * height) < 1.5 ? 255 : 0;
  });

/** The shipped models of the paper's systems, on images like their training images and on others. */
describe("the shipped models of the paper's systems", () => {
  let pool: EnginePool;
  before(async () => {
    pool = await EnginePool.create({ threads: 2 });
  });
  after(() => pool.close());

  async function check(name: string, raster: Raster): Promise<void> {
    const model = await namedModel(name);
    for (const effort of [1, 3] as const) {
      const { bytes, codedBytes, representations } = await compressRaster(raster, {
        ...{ model, effort },
        pool: modelOnly(pool),
      });
      assert.equal(representations.raw, 0, `${name}: the model codes the image`);
      const decoded = await decompressToRaster(bytes, { pool });
      assert.deepEqual(decoded.raster, raster);
      const lengths = await measureRaster(raster, { model, effort, pool });
      const bits = lengths.reduce((sum, b) => sum + b, 0);
      assert.ok(Math.abs(8 * codedBytes - bits) <= MAX_DIFFERENCE, `${name}: ${8 * codedBytes} bits for ${bits}`);
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
        [37, 12],
      ] as const) {
        await check(`mnist-${system}`, ring(width, height));
      }
    });
  }
});
