import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import type { Effort } from '#pixrnn/effort.js';
import { type Coders, EnginePool } from '#pixrnn/engine/pool.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyModel } from '../../fixtures/tiny-model.js';
import { modelOnly, roundTripIn } from './round-trip.js';

// Progress, cancellation and rejected arguments of compressing, decompressing and measuring.

const tiny = { 1: tinyModel(1), 3: tinyModel(3) } as const;

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

describe('progress and verification', () => {
  const raster = blobs({ width: 1500, height: 14, channels: 1 });
  const pixels = raster.width * raster.height;

  /** Runs `start`, checks that its progress rises, and returns the last report. */
  async function progressOf(start: (onProgress: (done: number, total: number) => void) => Promise<unknown>) {
    const calls: [done: number, total: number][] = [];
    await start((done, total) => calls.push([done, total]));
    calls.forEach(([done], i) => assert.ok(done > (calls[i - 1]?.[0] ?? 0)));
    assert.ok(calls.length > 2);
    return calls.at(-1);
  }

  test('progress rises and ends at the total', async () => {
    const model = tiny[1];
    const { bytes } = await compressRaster(raster, { model, pool, verify: false });
    const compress = (verify: boolean) =>
      progressOf((onProgress) => compressRaster(raster, { model, pool, verify, onProgress }));
    assert.deepEqual(await compress(true), [2 * pixels, 2 * pixels]);
    assert.deepEqual(await compress(false), [pixels, pixels]);
    const decompressed = await progressOf((onProgress) =>
      decompressToRaster(bytes, { models: [model], pool, onProgress }),
    );
    assert.deepEqual(decompressed, [pixels, pixels]);
    assert.deepEqual(await progressOf((onProgress) => measureRaster(raster, { model, pool, onProgress })), [
      pixels,
      pixels,
    ]);
  });

  test('verification does not change the result', async () => {
    const plain = await compressRaster(raster, { model: tiny[1], pool, verify: false });
    assert.deepEqual(await compressRaster(raster, { model: tiny[1], pool, verify: true }), plain);
  });

  test('verification detects a stream that does not decode to the image', async () => {
    /** Stands for a faulty engine: its output is off by one bit. */
    const run: Coders['run'] = async (...job) => {
      const result = await pool.run(...job);
      if ('payload' in result && result.payload) result.payload[9]! ^= 1;
      return result;
    };
    const faulty: Coders = { ...modelOnly(pool), run };
    const small = blobs({ width: 20, height: 20 });
    await assert.rejects(compressRaster(small, { model: tiny[3], pool: faulty }), /verification failed/);
    await compressRaster(small, { model: tiny[3], pool: faulty, verify: false });
  });
});

describe('aborting', () => {
  const large = blobs({ width: 1024, height: 1024, channels: 1 });

  test('an abort stops soon, with its reason, and leaves the pool usable', async () => {
    const reason = new Error('enough');
    const model = tiny[1];
    for (const start of [compressRaster, measureRaster]) {
      const controller = new AbortController();
      let last = 0;
      const onProgress = (done: number): void => {
        last = done;
        controller.abort(reason);
      };
      const { signal } = controller;
      await assert.rejects(start(large, { model, pool, signal, onProgress }), (error) => error === reason);
      assert.ok(last > 0 && last < large.samples.length / 4, `continued to pixel ${last}`);
    }
    await roundTripIn(modelOnly(pool), blobs({ width: 64, height: 48, channels: 1 }), model);
  });

  test('aborts while tiles wait for a thread, and before anything has begun', async () => {
    const single = await EnginePool.create({ threads: 1 });
    const controller = new AbortController();
    const waiting = compressRaster(blobs({ width: 4000, height: 300, channels: 1 }), {
      model: tiny[1],
      pool: single,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(waiting, { name: 'AbortError' });
    await assert.rejects(measureRaster(large, { model: tiny[1], signal: AbortSignal.abort() }), { name: 'AbortError' });
    await compressRaster(blobs({ width: 9, height: 7, channels: 1 }), { model: tiny[1], pool: single });
    await single.close();
  });

  test('closing a pool ends its jobs', async () => {
    const closing = await EnginePool.create({ threads: 1 });
    const compressing = compressRaster(blobs({ width: 3000, height: 300, channels: 1 }), {
      model: tiny[1],
      pool: closing,
    });
    const ended = assert.rejects(compressing);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await closing.close();
    await ended;
    await assert.rejects(compressRaster(large, { model: tiny[1], pool: closing }), /closed/);
  });
});

describe('invalid arguments', () => {
  const usage = { name: 'PixrnnError', code: 'usage' };

  test('rejects a model for other channels', async () => {
    const rgb = blobs({ width: 5, height: 5 });
    const gray = blobs({ width: 5, height: 5, channels: 1 });
    for (const start of [compressRaster, measureRaster]) {
      await assert.rejects(start(rgb, { model: tiny[1], pool }), usage);
      await assert.rejects(start(gray, { model: tiny[3], pool }), usage);
    }
  });

  test('rejects a raster without a size or with the wrong number of samples', async () => {
    const good = blobs({ width: 5, height: 5 });
    const bad = [{ width: 0 }, { height: -1 }, { width: 2.5 }, { width: 6 }, { samples: new Uint8Array(74) }];
    for (const change of bad) await assert.rejects(compressRaster({ ...good, ...change }, { pool }), usage);
    for (const change of bad) await assert.rejects(measureRaster({ ...good, ...change }, { pool }), usage);
  });

  test('rejects an unknown effort', async () => {
    const raster = blobs({ width: 5, height: 5 });
    for (const effort of [0, 5, 1.5, NaN, '2'] as Effort[]) {
      for (const start of [compressRaster, measureRaster]) await assert.rejects(start(raster, { effort, pool }), usage);
    }
  });

  test('rejects a pool without threads', async () => {
    for (const threads of [0, -1, 1.5, NaN]) await assert.rejects(EnginePool.create({ threads }), usage);
  });
});
