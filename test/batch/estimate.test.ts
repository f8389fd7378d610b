import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longRunSeconds, type Probe } from '#pixrnn/batch/estimate.js';
import { secondsPerPixel } from '#pixrnn/codec/expected-time.js';
import { draw, noise } from '../../fixtures/draw.js';

const limits = (threads: number, jobs: number | null) => ({ threads, jobs, memory: 1e9 });
const totals = (pixels: number, tiles: number[]) => ({
  pixels,
  costs: tiles.map((count) => ({ memory: 1, tiles: count })),
});

async function* probes(): AsyncGenerator<Probe> {
  yield await Promise.resolve({ raster: noise({ width: 64, height: 16 }), options: { effort: 1, threads: 1 } });
}

test('does not measure a short run', async () => {
  const none = () => assert.fail('a probe was made');
  assert.equal(await longRunSeconds(totals(1e5, [1, 1]), limits(1, 1), none), null);
});

test('estimates a long run from its pixels and the threads that it keeps busy', async () => {
  const long = await longRunSeconds(totals(1e10, [1, 1, 1, 1]), limits(4, 1), probes);
  const shared = await longRunSeconds(totals(1e10, [1, 1, 1, 1]), limits(4, null), probes);
  // Four threads against one; the speed of the machine may change in between.
  assert.ok(long !== null && shared !== null && long > 1.5 * shared && long < 12 * shared, `${long}, ${shared}`);
  assert.ok(long > 1e10 / 5e6, 'no machine codes 5 megapixels per second on one thread');
});

test('returns no estimate if nothing can be measured', async () => {
  async function* none(): AsyncGenerator<Probe> {}
  assert.equal(await longRunSeconds(totals(1e10, [1]), limits(1, 1), none), null);
});

test('expects a flat image to need far less time than a photograph', async () => {
  const size = { width: 1200, height: 1024 };
  const options = { effort: 3, threads: 1 } as const;
  const flatTime = await secondsPerPixel(
    draw(size, (_x, _y, channel) => [60, 94, 129][channel] ?? 0),
    options,
  );
  const noiseTime = await secondsPerPixel(noise(size), options);
  assert.ok(flatTime < noiseTime / 100, `${1e6 * flatTime} and ${1e6 * noiseTime} us per pixel`);
});
