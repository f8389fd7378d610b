import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { tileGrid } from '#pixrnn/codec/tile-grid.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { createModel } from '#pixrnn/model/model.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyModel } from '../../fixtures/tiny-model.js';

describe('the engine pool', () => {
  let pool: EnginePool;
  before(async () => {
    pool = await EnginePool.create({ threads: 1 });
  });
  after(() => pool.close());
  const raster = blobs({ width: 24, height: 16, channels: 3 });

  it('codes with more models than a worker holds, repeatedly', async () => {
    const { spec, tensors } = tinyModel(3);
    const models = [0, 1, 2, 3, 4, 5].map((i) => {
      const bias = Float32Array.from(tensors.get('softmax.bias') ?? [], (v, k) => v + (k === i ? 1 : 0));
      return createModel(`model ${i}`, spec, new Map([...tensors, ['softmax.bias', bias]]));
    });
    const expected = await Promise.all(models.map((model) => compressRaster(raster, { model, threads: 1 })));
    for (const i of [0, 1, 2, 3, 4, 5, 0, 5, 2, 1]) {
      const model = models[i];
      assert.deepEqual((await compressRaster(raster, { model, pool })).bytes, expected[i]?.bytes);
    }
  });

  it('rejects with the error of a progress callback, and remains usable', async () => {
    const model = tinyModel(3);
    const onProgress = (): void => {
      throw new Error('enough');
    };
    await assert.rejects(compressRaster(raster, { model, pool, onProgress }), /^Error: enough$/);
    assert.ok((await compressRaster(raster, { model, pool })).bytes.length > 0);
  });

  it('stops the other tiles if one is invalid', async () => {
    const model = tinyModel(3);
    const tall = { width: 1100, height: 1400, channels: 3 as const };
    const tiles = tileGrid(tall.width, tall.height);
    assert.equal(tiles.length, 2);
    const bytes = encodeContainer({
      header: { ...tall, depth: 8, indexed: false, rgbModel: model.id, grayModel: null, effort: 1 },
      metadata: [],
      restoration: null,
      activeAlphabet: null,
      image: tiles.map(() => {
        const colours = { representation: 'model', payload: Uint8Array.of(0x80) } as const;
        return { alpha: null, colours, isGray: false, hiddenColour: null, samplesCrc: 1 };
      }),
      digest: new Uint8Array(16),
    });
    let pixels = 0;
    const decoding = decompressToRaster(bytes, { models: [model], pool, onProgress: (done) => (pixels = done) });
    await assert.rejects(decoding, (error) => error instanceof PixrnnError && error.code === 'hash-mismatch');
    assert.ok(pixels < 0.6 * tall.width * tall.height, `${pixels} pixels were decoded after the abort`);
  });

  it('aborts calls that wait for a thread at once, and no others', async () => {
    const model = tinyModel(3);
    const large = blobs({ width: 512, height: 256, channels: 3 });
    const order: string[] = [];
    const record = (name: string, promise: Promise<unknown>) => promise.then(() => order.push(name));
    const gone = new AbortController();
    const reason = new Error('no longer wanted');
    const first = record('first', measureRaster(large, { model, pool, effort: 1 }));
    const aborted = measureRaster(raster, { model, pool, signal: gone.signal });
    const third = record('third', measureRaster(raster, { model, pool }));
    await setTimeout(20);
    gone.abort(reason);
    await assert.rejects(aborted, (error) => error === reason);
    assert.deepEqual(order, [], 'the thread runs the first call');
    await Promise.all([first, third]);
    assert.deepEqual(order, ['first', 'third']);
    await assert.rejects(measureRaster(raster, { model, pool, signal: gone.signal }), (error) => error === reason);
    await measureRaster(raster, { model, pool });
  });

  it('stops jobs where threads share no memory, as in pages that are not cross-origin isolated', async () => {
    const model = tinyModel(3);
    const large = blobs({ width: 512, height: 512, channels: 3 });
    const own = globalThis.SharedArrayBuffer;
    const stopping = new AbortController();
    Object.defineProperty(globalThis, 'SharedArrayBuffer', { value: undefined, configurable: true, writable: true });
    try {
      const onProgress = (): void => stopping.abort(new Error('enough'));
      await assert.rejects(
        measureRaster(large, { model, pool, onProgress, signal: stopping.signal }),
        /^Error: enough$/,
      );
      await assert.rejects(
        measureRaster(large, {
          model,
          pool,
          onProgress: () => {
            throw new Error('too much');
          },
        }),
        /^Error: too much$/,
      );
    } finally {
      Object.defineProperty(globalThis, 'SharedArrayBuffer', { value: own, configurable: true, writable: true });
    }
    await measureRaster(raster, { model, pool });
  });

  it("rejects tiles that are larger than the engine's buffers; the tile grid has none", async () => {
    const engine = await Engine.create(await compileEngine());
    const model = tinyModel(1);
    for (const [width, height] of [
      [1025, 1],
      [1024, 1025],
    ] as const) {
      const samples = new Uint8Array(width * height);
      assert.throws(() => engine.encode(model, { width, height, channels: 1, depth: 8, samples }), RangeError);
      assert.throws(() => engine.decode(model, Uint8Array.of(0), { width, height, depth: 8 }), RangeError);
    }
    const [widest] = tileGrid(1024, 1024);
    assert.deepEqual(widest, { x: 0, y: 0, width: 1024, height: 1024 });
    assert.equal(engine.decode(model, Uint8Array.of(0), { width: 1024, height: 1, depth: 8 }).length, 1024);
  });
});
