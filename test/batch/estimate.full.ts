import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { expectedTime, type Measure, type Probe, SLOW } from '#pixrnn/batch/estimate.js';
import { expectedJpegSeconds, jpegSecondsPerByte } from '#pixrnn/codec/expected-jpeg-time.js';
import { secondsPerPixel } from '#pixrnn/codec/expected-time.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import { blocksOf, type JpegImage } from '#pixrnn/jpeg/coefficients.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import { draw, noise } from '../../fixtures/draw.js';
import { freshJpegCoder } from '../engine/jpeg-images.js';
import { drawnImage } from '../jpeg/drawn-pixels.js';

const limits = (threads: number, jobs: number | null) => ({ threads, jobs, memory: 1e9 });

/** Returns files of the same amount, with one tile each. */
function workload(amount: number, ...measures: Measure[]) {
  return {
    files: measures.map((measure) => ({ work: { measure, amount }, cost: { memory: 1, tiles: 1 } })),
    passes: 1,
  };
}

function probesOf(...probes: (readonly [measure: Measure, seconds: number])[]): () => AsyncGenerator<Probe> {
  return async function* () {
    for (const [measure, seconds] of probes)
      yield await Promise.resolve({ measure, seconds: () => Promise.resolve(seconds) });
  };
}

test('does not measure a short run', async () => {
  const none = () => assert.fail('a probe was made');
  assert.equal(await expectedTime(workload(1e5, 'pixels', 'pixels'), limits(1, 1), none), null);
  assert.equal(await expectedTime(workload(1e6, 'jpeg-bytes', 'jpeg-bytes'), limits(1, 1), none), null);
});

test('estimates a long run from its work and the threads that it keeps busy', async () => {
  const files = workload(1e8, 'pixels', 'pixels', 'pixels', 'pixels');
  const probes = probesOf(['pixels', 1e-5], ['pixels', 3e-5]);
  const expected = await expectedTime(files, limits(4, 1), probes);
  assert.ok(Math.abs((expected?.seconds ?? NaN) - 8000) < 1e-6);
  assert.ok(Math.abs(((await expectedTime(files, limits(4, null), probes))?.seconds ?? NaN) - 2000) < 1e-6);
  const twice = await expectedTime({ ...files, passes: 2 }, limits(4, 1), probes);
  assert.ok(Math.abs((twice?.seconds ?? NaN) - 16000) < 1e-6);
});

test('adds up JPEG files and other images, each by their own speed', async () => {
  const files = workload(1e7, 'pixels', 'jpeg-bytes', 'jpeg-bytes');
  const both = await expectedTime(files, limits(1, 1), probesOf(['pixels', 2e-5], ['jpeg-bytes', 1e-5]));
  assert.ok(Math.abs((both?.seconds ?? NaN) - 400) < 1e-6);
  // A kind of file that could not be measured is as fast relative to the other as on a slow machine.
  const one = await expectedTime(files, limits(1, 1), probesOf(['jpeg-bytes', SLOW['jpeg-bytes'] / 2]));
  assert.deepEqual(one?.speeds, { pixels: SLOW.pixels / 2, 'jpeg-bytes': SLOW['jpeg-bytes'] / 2 });
});

test('returns no estimate if nothing can be measured, or for a run of less than a minute', async () => {
  assert.equal(await expectedTime(workload(1e10, 'pixels'), limits(1, 1), probesOf()), null);
  assert.equal(await expectedTime(workload(1e7, 'jpeg-bytes'), limits(1, 1), probesOf(['jpeg-bytes', 1e-7])), null);
});

/** Seconds of a strip in the pool below. */
const STRIP_SECONDS = 0.05;

/** Returns a pool that takes STRIP_SECONDS for a strip and nothing for a job of one block, and the jobs it gets. */
function timedPool() {
  const jobs: JpegImage[] = [];
  const runPlain = async (makeJob: () => { image: JpegImage }) => {
    const { image } = makeJob();
    jobs.push(image);
    if (blocksOf(image) > 1) await setTimeout(1000 * STRIP_SECONDS);
    return { payload: new Uint8Array(500), blockBits: null };
  };
  return { jobs, pool: { threads: 1, runPlain } as unknown as Coders };
}

test('measures the time of a JPEG file on strips of its coefficients', async () => {
  const bytes = new Uint8Array(await drawnImage(1600, 1200, 3, 1).jpeg({ quality: 90 }).toBuffer());
  const { jobs, pool } = timedPool();
  const timing = { effort: 1, pool } as const;
  const seconds = await expectedJpegSeconds(bytes, timing);
  const { image } = parseJpeg(bytes, { maxPixels: 1e8 });
  const strips = jobs.filter((job) => blocksOf(job) > 1);
  assert.deepEqual([jobs.length, strips.length], [5, 4], 'a strip to warm up, the overhead of a job, and three strips');
  const blocks = strips.map(blocksOf);
  assert.ok(blocks.every((count) => count === blocks[0] && count >= 3000 && count < 4000));
  const [first, middle, last] = strips.slice(1).map(({ components }) => components[0]!.coefficients);
  const all = image.components[0]!.coefficients;
  for (const [strip, center] of [[first, 1 / 6], [middle, 1 / 2], [last, 5 / 6]] as const) {
    const from = Math.floor(((all.length - strip!.length) * center) / (64 * 200 * 2)) * 64 * 200 * 2;
    assert.deepEqual(strip, all.slice(from, from + strip!.length), `${center}`);
  } // prettier-ignore
  const exact = (STRIP_SECONDS * blocksOf(image)) / blocks[0]!;
  assert.ok(seconds !== null && seconds > 0.7 * exact && seconds < 20 * exact, `${seconds} of ${exact} s`);
  assert.equal(await expectedJpegSeconds(bytes.subarray(0, 100), timing), null);
  assert.equal(await expectedJpegSeconds(bytes, { ...timing, maxPixels: 1000 }), null);
});

test('measures the time of coded coefficients per byte', async () => {
  const { jobs, pool } = timedPool();
  const seconds = await jpegSecondsPerByte({ effort: 2, pool });
  assert.equal(jobs.length, 2);
  assert.ok(seconds > (0.7 * STRIP_SECONDS) / 500 && seconds < (20 * STRIP_SECONDS) / 500);
  const coder = await freshJpegCoder();
  const bits = (8 * (coder.encode(jobs[1]!, 2)?.length ?? NaN)) / (64 * blocksOf(jobs[1]!));
  assert.ok(bits > 0.4 && bits < 1.4, `${bits} bits a coefficient, as photographs have`);
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
