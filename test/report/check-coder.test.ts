import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCoder } from '#pixrnn/report/check-coder.js';
import { blobs, noise } from '../../fixtures/draw.js';

test('the package writes the same stream for every depth; samples above 8 bits have a gain byte before it', async () => {
  for (const [channels, depth] of [
    [1, 1],
    [1, 4],
    [3, 8],
    [3, 16],
  ] as const) {
    for (const effort of [1, 3] as const) {
      const raster = blobs({ width: 12, height: 8, channels, depth });
      const { identical, symbols, bytes } = await checkCoder(raster, undefined, effort);
      assert.deepEqual([identical, bytes > 0], [true, true], `${depth} bits, effort ${effort}`);
      assert.equal(symbols, 12 * 8 * channels * depth);
    }
  }
});

test('checks a 16-bit gray image with a gain, too', async () => {
  const raster = noise({ width: 16, height: 9, channels: 1, depth: 16 });
  raster.samples.forEach((value, i) => (raster.samples[i] = value >> 10));
  assert.equal((await checkCoder(raster, undefined, 3)).identical, true);
});
