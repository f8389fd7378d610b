import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Coders } from '#pixrnn/engine/pool.js';
import { Codec, compress, PixrnnError, writeImage } from '#pixrnn/index.js';
import { failureOf, errorOf } from '#pixrnn/service/failure.js';
import { LimitedCoders } from '#pixrnn/library/limited-coders.js';
import { blobs } from '../../fixtures/draw.js';
import { longestTurn } from '../../fixtures/loop.js';
import { rawFile } from './files.js';
import { PNG } from './images.js';

const LIBRARY = import.meta.resolve('#pixrnn/index.js');
const isClosed = (error: unknown): boolean => error instanceof PixrnnError && /codec is closed/.test(error.message);

/** Runs a program to its end; returns its output and its lifetime. */
async function runProgram(program: string): Promise<string> {
  const code = `import { Codec, compress, decompress } from ${JSON.stringify(LIBRARY)};
    const gray = { width: 30, height: 20, channels: 1, depth: 8, indexed: false, samples: new Uint8Array(600) };
    ${program}`;
  const options = { timeout: 60_000 };
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], options)).stdout;
}

describe('a process', () => {
  it('ends by itself when its calls have ended, before its threads would', async () => {
    const output = await runProgram(`
      const codec = new Codec({ threads: 2, idleSeconds: 3600 });
      const { bytes } = await codec.compress(gray);
      await codec.decompress(bytes);
      await decompress((await compress(gray)).bytes);
      console.log(codec.isRunning, 'done');`);
    assert.equal(output, 'true done\n');
  });

  it('lives as long as a call does, even if nothing else keeps it alive', async () => {
    const output = await runProgram(`
      const codec = new Codec({ threads: 1, idleSeconds: 3600 });
      await codec.compress(gray);
      void codec.compress(gray).then(() => console.log('first'));
      void codec.compress(gray).then(() => console.log('second'));`);
    assert.equal(output, 'first\nsecond\n');
  });

  it('ends by itself after an abort and after an error', async () => {
    const output = await runProgram(`
      const wide = { ...gray, width: 900, height: 600, channels: 3, samples: new Uint8Array(1620000).map((_, i) => (i * i) >> 7) };
      await compress(wide, { signal: AbortSignal.timeout(300) }).catch(({ name }) => console.log(name));
      await compress('/nowhere').catch(({ code }) => console.log(code));`);
    assert.equal(output, 'TimeoutError\ninput-unreadable\n');
  });

  it('ends cleanly if its threads end first', async () => {
    const output = await runProgram(`
      const { setTimeout } = await import('node:timers/promises');
      for (let i = 0; i < 3; i++) {
        const codec = new Codec({ threads: 2, idleSeconds: 0 });
        const { bytes } = await codec.compress(gray);
        await codec.decompress(bytes, { format: 'webp' });
        await setTimeout(50);
        console.log(codec.isRunning);
      }`);
    assert.equal(output, 'false\nfalse\nfalse\n');
  });
});

describe('a codec', () => {
  it('starts threads with the first call, ends them when idle, and starts them again', async () => {
    const codec = new Codec({ threads: 1, idleSeconds: 0.3 });
    assert.equal(codec.isRunning, false);
    for (let i = 0; i < 2; i++) {
      await codec.compress(PNG, { effort: 1 });
      assert.equal(codec.isRunning, true);
      for (let waited = 0; codec.isRunning && waited < 100; waited++) await setTimeout(50);
      assert.equal(codec.isRunning, false);
    }
    await codec.close();
  });

  it('rejects all calls once it is closed, both running and waiting ones', async () => {
    const codec = new Codec({ threads: 1 });
    const large = blobs({ width: 512, height: 256 });
    const calls = [codec.compress(large), codec.compress(large), codec.inspect(PNG)];
    const ends = Promise.all(calls.map((call) => assert.rejects(call)));
    await setTimeout(50);
    await codec.close();
    await ends;
    await assert.rejects(codec.compress(PNG), isClosed);
    await assert.rejects(codec.decompress(PNG), isClosed);
    assert.equal(codec.isRunning, false);
    await codec.close();
  });

  it('runs as many calls as jobs, in order', async () => {
    const codec = new Codec({ threads: 2, jobs: 1 });
    const order: number[] = [];
    const started = new Set<number>();
    await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        const onProgress = (): void => {
          started.add(i);
          assert.equal(started.size, order.length + 1, 'one at a time');
        };
        await codec.compress(PNG, { effort: 1, onProgress });
        order.push(i);
      }),
    );
    assert.deepEqual(order, [0, 1, 2, 3]);
    await codec.close();
  });

  it('returns its own result to each of many concurrent calls', async () => {
    const images = Array.from({ length: 12 }, (_, i) => blobs({ width: 20 + i, height: 10 }, i + 1));
    const alone = [];
    for (const image of images) alone.push((await compress(image, { effort: 1, threads: 1 })).bytes);
    const together = await Promise.all(images.map((image) => compress(image, { effort: 1 })));
    assert.deepEqual(
      together.map(({ bytes }) => bytes),
      alone,
    );
  });

  it('rejects invalid numbers', () => {
    for (const options of [{ threads: 0 }, { threads: 1.5 }, { jobs: 0 }, { idleSeconds: -1 }, { idleSeconds: NaN }]) {
      assert.throws(() => new Codec(options), PixrnnError, JSON.stringify(options));
    }
  });

  it('does not block the thread of its caller', async () => {
    const codec = new Codec({ threads: 1 });
    await codec.compress(PNG, { effort: 1 }); // starts the threads
    const image = blobs({ width: 3000, height: 2000 });
    const file = await writeImage(image, [], 'png');
    const bytes = rawFile(image);
    // Long enough for everything but the coding itself, which continues in the engine's threads, tile by tile.
    const compressing = [image, file].map((input) => () => {
      const call = codec.compress(input, { effort: 1, signal: AbortSignal.timeout(4000) });
      return assert.rejects(call, { name: 'TimeoutError' });
    });
    const decompressing = (['raster', 'pnm', 'png'] as const).map(
      (format) => () => codec.decompress(bytes, { format }).then(() => {}),
    );
    for (const work of [...compressing, ...decompressing]) {
      const { cpu } = await longestTurn(work);
      // Below 15 ms on an idle machine (npm run bench:event-loop). Hashing all samples, which must not happen here,
      // needs longer.
      assert.ok(cpu < 50, `${cpu} ms at a time`);
    }
    await codec.close();
  });
});

describe('the threads of a call', () => {
  it('are no more than requested, and none waits needlessly', async () => {
    let [running, maxRunning] = [0, 0];
    const pool = {
      threads: 8,
      run: async () => {
        maxRunning = Math.max(maxRunning, ++running);
        await setTimeout(5);
        running--;
      },
    } as unknown as Coders;
    const limited = new LimitedCoders(pool, 3);
    const jobs = Array.from({ length: 20 }, () => limited.run(null as never, null as never));
    await Promise.all(jobs);
    assert.equal(maxRunning, 3);
    assert.equal(limited.threads, 3);
  });
});

describe('errors between threads', () => {
  it('keep class, code, message, stack, causes and system fields', () => {
    const system = Object.assign(new TypeError('no such thing'), { code: 'ENOENT', errno: -2 });
    const error = new PixrnnError('file-corrupt', 'it is damaged.', { cause: new Error('within', { cause: system }) });
    const again = errorOf(structuredClone(failureOf(error)));
    assert.ok(again instanceof PixrnnError);
    assert.equal(again.code, 'file-corrupt');
    assert.equal(again.message, error.message);
    assert.equal(again.stack, error.stack);
    const within = again.cause as Error;
    assert.equal(within.message, 'within');
    assert.deepEqual({ ...(within.cause as object) }, { code: 'ENOENT', errno: -2, name: 'TypeError' });
    assert.ok(!(errorOf(failureOf(new RangeError('x'))) instanceof PixrnnError));
    assert.equal(errorOf(failureOf('a text')).message, 'a text');
    const endless: Error & { cause?: unknown } = new Error('round');
    endless.cause = endless;
    assert.ok(errorOf(failureOf(endless)) instanceof Error);
  });
});
