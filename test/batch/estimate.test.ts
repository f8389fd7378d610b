import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { expectedTime, type Measure, type Probe, SLOW } from '#pixrnn/batch/estimate.js';
import { expectedJpegSeconds, jpegSecondsPerByte } from '#pixrnn/codec/expected-jpeg-time.js';
import { secondsPerPixel } from '#pixrnn/codec/expected-time.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { draw, noise } from '../../fixtures/draw.js';
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

test('measures the time of a JPEG file on strips of its own coefficients, and that of results on drawn ones', async () => {
  const pool = await EnginePool.create({ threads: 1 });
  try {
    const flat = sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#5e8' } });
    const files = [flat, drawnImage(1600, 1200, 3, 1)].map((image) => image.jpeg({ quality: 90 }).toBuffer());
    const [ofFlat, ofDrawn] = (await Promise.all(files)).map((bytes) => new Uint8Array(bytes)) as [
      Uint8Array,
      Uint8Array,
    ];
    const timing = { effort: 1, pool } as const;
    const [less, more] = [await expectedJpegSeconds(ofFlat, timing), await expectedJpegSeconds(ofDrawn, timing)];
    assert.ok(less !== null && more !== null && less > 0 && less < more / 3, `${less} and ${more} s`);
    const perByte = await jpegSecondsPerByte(timing);
    // The drawn coefficients are not those of the drawing: about the same order of time is all that must hold.
    const ratio = (perByte * 0.75 * ofDrawn.length) / more;
    assert.ok(ratio > 1 / 8 && ratio < 8, `${ratio}`);
    assert.equal(await expectedJpegSeconds(ofDrawn.subarray(0, 100), timing), null);
    assert.equal(await expectedJpegSeconds(ofDrawn, { ...timing, maxPixels: 1000 }), null);
  } finally {
    await pool.close();
  }
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
