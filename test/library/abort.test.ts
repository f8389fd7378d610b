import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Codec, compress, decompress, inspect, type ProgressCallback } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { PNG, plainRaster, RASTER } from './images.js';

const REASON = new Error('the client has gone');
const isReason = (error: unknown): boolean => error === REASON;

/** An image that needs seconds. */
const LARGE = blobs({ width: 256, height: 256 });

/** Returns the milliseconds until a promise is rejected with REASON. */
async function timeToReject(promise: Promise<unknown>, abort: () => void): Promise<number> {
  const began = performance.now();
  abort();
  await assert.rejects(promise, isReason);
  return performance.now() - began;
}

describe('aborting', () => {
  const codec = new Codec({ threads: 1 });
  let bytes: Uint8Array;
  before(async () => {
    bytes = (await codec.compress(PNG, { effort: 1 })).bytes;
  });
  after(() => codec.close());

  it('before the call rejects without any work', async () => {
    const signal = AbortSignal.abort(REASON);
    const idle = new Codec({ threads: 1 });
    const unread = Readable.from([PNG]);
    for (const call of [
      idle.compress(PNG, { signal }),
      idle.compress(unread, { signal }),
      idle.decompress(bytes, { signal }),
      idle.inspect(bytes, { signal }),
    ]) {
      await assert.rejects(call, isReason);
    }
    assert.equal(idle.isRunning, false, 'no thread was started');
    assert.equal(unread.readableDidRead, false);
    for (const call of [compress(PNG, { signal }), decompress(bytes, { signal }), inspect(bytes, { signal })]) {
      await assert.rejects(call, isReason);
    }
  });

  it('at any moment rejects at once, and the next call is correct', async () => {
    for (const milliseconds of [0, 1, 5, 20, 100, 300]) {
      const controller = new AbortController();
      const call = codec.compress(LARGE, { signal: controller.signal });
      await Promise.race([call, setTimeout(milliseconds)]);
      const took = await timeToReject(call, () => controller.abort(REASON));
      assert.ok(took < 100, `${took} ms`);
      assert.deepEqual((await codec.compress(PNG, { effort: 1 })).bytes, bytes);
    }
  });

  it('reaches the engine and frees its threads for other calls', async () => {
    const controller = new AbortController();
    let pixels = 0;
    const onProgress: ProgressCallback = (done) => {
      pixels = done;
      controller.abort(REASON);
    };
    await assert.rejects(codec.compress(LARGE, { signal: controller.signal, onProgress }), isReason);
    assert.ok(pixels > 0 && pixels < LARGE.width * LARGE.height);
    const began = performance.now();
    await codec.decompress(bytes);
    const small = performance.now() - began;
    const whole = performance.now();
    await codec.compress(LARGE, { verify: false });
    assert.ok(small < (performance.now() - whole) / 2, `${small} ms after an abort`);
  });

  it('a waiting call rejects at once, and the other calls continue', async () => {
    const controller = new AbortController();
    const first = codec.compress(LARGE, { effort: 1, verify: false });
    const second = codec.compress(PNG, { effort: 1, signal: controller.signal });
    const third = codec.compress(PNG, { effort: 1 });
    await setTimeout(20);
    assert.ok((await timeToReject(second, () => controller.abort(REASON))) < 100);
    assert.deepEqual((await third).bytes, bytes);
    assert.ok((await first).bytes.length > 0);
  });

  it('a stalled stream stops waiting for it, and releases it', async () => {
    const silent = new Readable({ read: () => {} });
    let cancelled: unknown;
    const web = new ReadableStream<Uint8Array>({ cancel: (reason) => void (cancelled = reason) });
    const never: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    for (const stream of [silent, web, never]) {
      const controller = new AbortController();
      const call = codec.compress(stream, { signal: controller.signal });
      await setTimeout(10);
      await timeToReject(call, () => controller.abort(REASON));
    }
    assert.ok(silent.destroyed);
    assert.equal(cancelled, REASON);
  });

  it('by AbortSignal.timeout rejects with its reason', async () => {
    const call = codec.compress(LARGE, { signal: AbortSignal.timeout(50) });
    await assert.rejects(call, { name: 'TimeoutError' });
  });

  it('after the end does nothing, and leaves no listener', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((...args: Parameters<typeof add>) => (listeners++, add(...args))) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      listeners--,
      remove(...args)
    )) as typeof remove;
    await codec.compress(Readable.from([PNG]), { effort: 1, signal });
    assert.equal(listeners, 0);
    controller.abort(REASON);
    assert.deepEqual((await codec.compress(PNG, { effort: 1 })).bytes, bytes);
  });
});

describe('progress', () => {
  const codec = new Codec({ threads: 2 });
  after(() => codec.close());

  /** Runs a call, checks its progress, and returns the total. */
  async function totalOf(call: (onProgress: ProgressCallback) => Promise<unknown>): Promise<number> {
    const reports: [done: number, total: number][] = [];
    await call((...progress) => void reports.push(progress));
    const [, total] = reports[0] ?? [0, 0];
    assert.ok(reports.length > 0);
    reports.forEach(([done, of], i) => {
      assert.equal(of, total);
      assert.ok(done > (reports[i - 1]?.[0] ?? 0) && done <= total, `${done} of ${total}`);
    });
    assert.equal(reports.at(-1)?.[0], total);
    return total;
  }

  it('rises to the total, which is reported before the result', async () => {
    const wide = blobs({ width: 1030, height: 8 });
    const pixels = 1030 * 8;
    assert.equal(await totalOf((onProgress) => codec.compress(wide, { effort: 1, onProgress })), 2 * pixels);
    assert.equal(await totalOf((onProgress) => codec.compress(wide, { effort: 1, verify: false, onProgress })), pixels);
    const { bytes } = await codec.compress(wide, { effort: 1, verify: false });
    assert.equal(await totalOf((onProgress) => codec.decompress(bytes, { onProgress })), pixels);
    assert.equal(await totalOf((onProgress) => codec.decompress(bytes, { rows: [3, 5], onProgress })), pixels);
  });

  it('rejects the call with the error that the callback throws', async () => {
    for (const from of [0, 0.4, 1]) {
      const onProgress: ProgressCallback = (done, total) => {
        if (done >= from * total) throw REASON;
      };
      await assert.rejects(codec.compress(PNG, { effort: 1, onProgress }), isReason);
    }
    const { raster } = await codec.decompress((await codec.compress(PNG, { effort: 1 })).bytes, { format: 'raster' });
    assert.deepEqual(raster, plainRaster(RASTER));
  });
});
