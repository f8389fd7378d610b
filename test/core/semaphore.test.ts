import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { runConcurrently, Semaphore } from '#pixrnn/semaphore.js';

test('runs at most so many tasks at a time, in order', async () => {
  const semaphore = Semaphore.of(2);
  const begun: number[] = [];
  let [running, maxRunning] = [0, 0];
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      semaphore.run(undefined, async () => {
        begun.push(i);
        maxRunning = Math.max(maxRunning, ++running);
        for (let k = 0; k < (i * 7) % 5; k++) await turn();
        running--;
      }),
    ),
  );
  assert.equal(maxRunning, 2);
  assert.deepEqual(begun, [...begun.keys()]);
});

test('a failed task frees its slot', async () => {
  const semaphore = Semaphore.of(1);
  await assert.rejects(
    semaphore.run(undefined, () => Promise.reject(new Error('no'))),
    /^Error: no$/,
  );
  assert.equal(await semaphore.run(undefined, () => Promise.resolve(5)), 5);
});

test('aborts a waiting task at once, and the following ones move up', async () => {
  const semaphore = new Semaphore<number>((running, next) => running.reduce((sum, n) => sum + n, next) <= 10);
  const release = await semaphore.acquire(6);
  const abort = new AbortController();
  const large = semaphore.acquire(9, abort.signal);
  let small = false;
  const waiting = semaphore.acquire(3).then((free) => {
    small = true;
    return free;
  });
  await turn();
  assert.equal(small, false, 'it does not overtake');
  abort.abort(new Error('enough'));
  await assert.rejects(large, /^Error: enough$/);
  (await waiting)();
  release();
  (await semaphore.acquire(10))();
});

test('returns results in order, and one failure stops the other tasks', async () => {
  const delays = [3, 1, 2, 0];
  const task = (delay: number, i: number) => async (): Promise<number> => {
    for (let k = 0; k < delay; k++) await turn();
    return i;
  };
  assert.deepEqual(await runConcurrently(delays.map(task), 3), [0, 1, 2, 3]);

  const begun: number[] = [];
  const failing = Array.from({ length: 5 }, (_, i) => async (signal: AbortSignal): Promise<void> => {
    begun.push(i);
    if (i === 1) throw new Error('fault');
    while (!signal.aborted) await turn();
    throw new Error('stopped');
  });
  await assert.rejects(runConcurrently(failing, 2), /^Error: fault$/);
  assert.deepEqual(begun, [0, 1]);
});

test("the caller's signal stops all tasks", async () => {
  const abort = new AbortController();
  const tasks = [
    async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) await turn();
      signal.throwIfAborted();
    },
  ];
  const run = runConcurrently(tasks, 1, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(run, /^Error: enough$/);
});

test('many tasks that listen to their signals cause no warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const tasks = Array.from({ length: 40 }, () => async (signal: AbortSignal): Promise<void> => {
    signal.addEventListener('abort', () => {});
    await turn();
  });
  const { signal } = new AbortController();
  await runConcurrently(tasks, 3, signal);
  await runConcurrently(tasks, Infinity, signal);
  await turn();
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []);
});
