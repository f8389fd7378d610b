import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { type Cost, type Limits, memoryBudget } from '#pixrnn/batch/memory-budget.js';
import { defaultMemory, fixedMemory, costOf } from '#pixrnn/batch/memory.js';
import { runAll } from '#pixrnn/batch/run.js';

/**
 * Runs files of these costs under the memory budget; `inside` resolves to the indices of the running ones, `end` ends
 * one.
 */
function admit(limits: Limits, costs: readonly Cost[]) {
  const budget = memoryBudget(limits);
  const releases = new Map<number, () => void>();
  for (const [index, cost] of costs.entries())
    void budget.acquire(cost).then((release) => releases.set(index, release));
  return {
    inside: async (): Promise<number[]> => {
      await turn();
      return [...releases.keys()].sort();
    },
    end: (index: number): void => {
      releases.get(index)?.();
      releases.delete(index);
    },
  };
}

const ofMemory = (...sizes: number[]): Cost[] => sizes.map((memory) => ({ memory, tiles: 1 }));

test('starts a file only if its memory fits next to that of the running files', async () => {
  const files = admit({ jobs: 9, threads: 9, memory: 100 }, ofMemory(40, 40, 30, 10));
  assert.deepEqual(await files.inside(), [0, 1], 'the small file does not overtake the waiting one');
  files.end(0);
  assert.deepEqual(await files.inside(), [1, 2, 3]);
});

test('runs a file alone if it is larger than the whole budget', async () => {
  const files = admit({ jobs: 9, threads: 9, memory: 100 }, ofMemory(40, 500, 10));
  assert.deepEqual(await files.inside(), [0]);
  files.end(0);
  assert.deepEqual(await files.inside(), [1]);
  files.end(1);
  assert.deepEqual(await files.inside(), [2]);
});

test('runs as many files as jobs allow, or as many as keep all threads busy', async () => {
  const large = { memory: 1, tiles: 12 };
  const small = { memory: 1, tiles: 1 };
  assert.deepEqual(await admit({ jobs: 2, threads: 1, memory: 99 }, [large, large, small]).inside(), [0, 1]);
  const automatic = { jobs: null, threads: 3, memory: 99 };
  assert.deepEqual(await admit(automatic, [small, small, small, small]).inside(), [0, 1, 2]);
  assert.deepEqual(await admit(automatic, [large, small, small]).inside(), [0]);
  assert.deepEqual(await admit(automatic, [small, large, small]).inside(), [0, 1]);
});

test('respects the limits and runs every file, in whatever order files end', async () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ cost: { memory: (i * 37) % 50, tiles: 1 + (i % 3) } }));
  let [used, running, done] = [0, 0, 0];
  await runAll(items, { jobs: 4, threads: 4, memory: 100 }, async ({ cost }) => {
    used += cost.memory;
    running++;
    assert.ok(used <= 100 && running <= 4);
    for (let i = 0; i < cost.memory % 7; i++) await turn();
    used -= cost.memory;
    running--;
    done++;
  });
  assert.equal(done, 60);
});

test('an error that concerns no file ends the run after all running files have ended', async () => {
  const ended: number[] = [];
  const items = [0, 1, 2, 3, 4].map((index) => ({ index, cost: { memory: 1, tiles: 1 } }));
  const run = runAll(items, { jobs: 2, threads: 2, memory: 9 }, async ({ index }) => {
    await turn();
    if (index === 1) throw new Error('a fault in the program');
    await turn();
    ended.push(index);
  });
  await assert.rejects(run, /a fault in the program/);
  assert.ok(!ended.includes(4) && ended.includes(0));
});

const OTHERS = { isQuick: false, coefficients: null };

test('the memory estimate grows with the samples, not only with the sample width of a format', () => {
  const size = (depth: 8 | 16, side: number) =>
    costOf({ bytes: 1000, shape: { width: side, height: side, channels: 3, depth }, ...OTHERS });
  const difference = size(16, 2000).memory - size(8, 2000).memory;
  assert.equal(difference % (2000 * 2000 * 3), 0);
  assert.ok(difference >= 3 * 2000 * 2000 * 3, 'the unpacked image and its packed source');
  assert.deepEqual([size(8, 1000).tiles, size(8, 2048).tiles], [1, 4]);
  assert.ok(costOf({ bytes: 5e6, shape: null, ...OTHERS }).memory > 5e6);
  assert.ok(fixedMemory(8) > fixedMemory(1));
  assert.ok(defaultMemory() > 0 && Number.isFinite(defaultMemory()));
});

test('the memory estimate of a JPEG file follows its coefficients, and one thread codes it', () => {
  const shape = { width: 4000, height: 3000, channels: 3, depth: 8 } as const;
  const size = { bytes: 2e6, shape, isQuick: false, coefficients: 24e6 };
  assert.equal(costOf(size).memory, 2 * 2 * 24e6 + 3 * 2e6 + 4 * 2 ** 20);
  assert.equal(costOf(size).tiles, 1);
  assert.ok(costOf({ ...size, coefficients: null }).tiles > 1);
});
