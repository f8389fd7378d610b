import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer, decodeContainerStart, encodeContainer } from '#pixrnn/codec/container.js';
import { samplesCrc } from '#pixrnn/codec/check.js';
import { previewToRaster } from '#pixrnn/codec/preview.js';
import { subsample, subsampledSize } from '#pixrnn/subsample.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { blobs, gradient } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale } from '../../fixtures/tiny-model.js';
import { bothCoders } from './plain-coders.js';
import { modelOnly } from './round-trip.js';
import { tilesOf, TOGETHER } from './samples.js';

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

const CODERS = bothCoders(() => pool);

/** Returns the expected preview of an image without alpha whose tiles form one row. */
function expected(raster: Raster, factor: number): Uint8Array {
  const { channels } = raster;
  const tiles = tileGrid(raster.width, raster.height).map((tile) => {
    const width = subsampledSize(tile, factor).width * channels;
    return { width, samples: subsample(extractTile(raster, tile), tile, channels, factor) };
  });
  const height = Math.ceil(raster.height / factor);
  return Uint8Array.from(
    Array.from({ length: height }, (_, y) =>
      tiles.flatMap(({ width, samples }) => [...samples.subarray(y * width, (y + 1) * width)]),
    ).flat(),
  );
}

for (const [name, coders] of CODERS) {
  describe(`previews with ${name}`, () => {
    const file = async (raster: Raster, factors: readonly number[]) => {
      const model = tinyMultiScale(raster.channels >= 3 ? 3 : 1, factors);
      const { bytes } = await compressRaster(raster, { model, effort: 1, pool: coders() });
      return { bytes, options: { models: [model], pool: coders() } };
    };

    test('have every F-th pixel of each tile', async () => {
      for (const [factors, factor] of [
        [[2], 2],
        [[2, 3], 6],
        [[2, 2], 4],
      ] as const) {
        for (const raster of [
          gradient({ width: 64, height: 45 }),
          gradient({ width: 64, height: 45, channels: 1 }),
          gradient({ width: 1101, height: 31 }),
        ]) {
          const { bytes, options } = await file(raster, factors);
          const preview = await previewToRaster(bytes, options);
          assert.equal(preview.factor, factor);
          assert.equal(preview.raster.height, Math.ceil(raster.height / factor));
          assert.deepEqual(preview.raster.samples, expected(raster, factor));
          assert.deepEqual([preview.shape.width, preview.shape.height], [raster.width, raster.height]);
        }
      }
    });

    test('have no alpha', async () => {
      const rgba = gradient({ width: 40, height: 30, channels: 4 });
      const { bytes, options } = await file(rgba, [2]);
      const { raster } = await previewToRaster(bytes, options);
      assert.deepEqual([raster.width, raster.height, raster.channels], [20, 15, 3]);
      const small = subsample(rgba.samples, rgba, 4, 2).filter((_, i) => i % 4 < 3);
      assert.deepEqual(raster.samples, small);
    });

    test('need only the bytes up to the end of the smallest images', async () => {
      const raster = gradient({ width: 1100, height: 30 });
      const { bytes, options } = await file(raster, [2, 2]);
      const whole = await previewToRaster(bytes, options);
      const damaged = bytes.slice().fill(0, bytes.length >> 1);
      // Number of bytes after which the parser succeeds.
      let enough = 0;
      for (let length = 0; length <= bytes.length && enough === 0; length++) {
        try {
          decodeContainerStart(bytes.subarray(0, length));
          enough = length;
        } catch (error) {
          assert.ok(error instanceof PixrnnError);
          assert.equal(error.code, 'file-truncated', `${length} bytes: ${error.message}`);
        }
      }
      assert.ok(enough > 0 && enough < bytes.length / 3, `${enough} of ${bytes.length}`);
      for (const part of [damaged, bytes.subarray(0, enough), bytes.subarray(0, enough + 7)]) {
        assert.deepEqual((await previewToRaster(part, options)).raster, whole.raster);
      }
      await assert.rejects(previewToRaster(bytes.subarray(0, enough - 1), options), { code: 'file-truncated' });
    });

    test('take tiles of other codings from the rest of the file', async () => {
      const raster = gradient({ width: 1100, height: 20 });
      const { bytes, options } = await file(raster, [2]);
      const container = decodeContainer(bytes);
      const [first] = tilesOf(container);
      const tile = tileGrid(1100, 20)[1]!;
      const payload = extractTile(raster, tile) as Uint8Array;
      const raw = {
        ...TOGETHER,
        colours: { representation: 'raw', payload },
        samplesCrc: samplesCrc(payload),
      } as const;
      const mixed = encodeContainer({ ...container, image: [first!, raw] });
      const { raster: preview } = await previewToRaster(mixed, options);
      assert.deepEqual(preview.samples, expected(raster, 2));
      await assert.rejects(previewToRaster(mixed.subarray(0, -1), options), { code: 'file-truncated' });
    });

    test('report progress up to the pixels of the preview', async () => {
      const { bytes, options } = await file(gradient({ width: 1100, height: 60 }), [2]);
      const calls: (readonly [number, number])[] = [];
      await previewToRaster(bytes, { ...options, onProgress: (done, total) => calls.push([done, total]) });
      assert.deepEqual(calls.at(-1), [550 * 30, 550 * 30]);
    });
  });
}

test('fail for a file without a small image, and for one whose model has none', async () => {
  const raster = blobs({ width: 40, height: 30 });
  const model = tinyModel(3);
  const { bytes } = await compressRaster(raster, { model, effort: 1, pool: modelOnly(pool) });
  const options = { models: [model], pool };
  await assert.rejects(previewToRaster(bytes, options), { code: 'input-unsupported', message: /multi-scale/ });
  const container = decodeContainer(bytes);
  const [tile] = tilesOf(container);
  const colours = { ...tile!.colours, smaller: [Uint8Array.of(1)] };
  const other = encodeContainer({ ...container, image: [{ ...tile!, colours }] });
  await assert.rejects(previewToRaster(other, options), { code: 'file-corrupt', message: /has a single scale/ });
  await assert.rejects(previewToRaster(other, { ...options, maxPixels: 1199 }), { code: 'limit' });
  await assert.rejects(previewToRaster(other, { pool }), { code: 'unknown-model' });
});
