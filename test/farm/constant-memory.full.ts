/*
 * Names are streamed, whatever their number.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plannedFiles } from '#pixrnn/farm/planned-files.js';
import { type RunCommand, runOf } from '#pixrnn/farm/run.js';
import { listing } from './listing.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of objects that are allowed. An array of a million names has 148 MB. */
const MOST = 40e6;

/** Returns the most bytes of objects that live while the files of a run are planned. */
async function peak(command: RunCommand, total: number, nameOf: (i: number) => string): Promise<number> {
  const run = runOf(command, '/in', command === 'verify' ? null : '/out', {});
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let [most, count] = [0, 0];
  const storage = listing(total, nameOf);
  const storages = { source: storage, target: command === 'verify' ? null : storage };
  for await (const { output } of plannedFiles(run, storages)) {
    if (count++ % 100_000 > 0) continue;
    assert.equal(output === null, command !== 'compress');
    collectGarbage();
    most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  assert.equal(count, total);
  return most;
}

const single = (i: number): string => `2024/${i % 366}/IMG_${i}.png`;
const pair = (i: number): string => `2024/${(i >> 1) % 366}/IMG_${i >> 1}.${i & 1 ? 'tif' : 'png'}`;

test('a million names are never held', { timeout: 600_000 }, async (context) => {
  for (const [what, command, count, nameOf] of [
    ['compress', 'compress', 1_000_000, single],
    ['compress, results collide in pairs', 'compress', 200_000, pair],
    ['decompress, results collide in pairs', 'decompress', 300_000, (i: number) => `${pair(i)}.prnn`],
    ['verify', 'verify', 300_000, (i: number) => `${single(i)}.prnn`],
  ] as const) {
    const bytes = await peak(command, count, nameOf);
    context.diagnostic(`${what}: ${(bytes / 1e6).toFixed(1)} MB`);
    assert.ok(bytes < MOST, `${what}: ${bytes} bytes`);
  }
});
