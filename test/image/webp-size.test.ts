import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { webpSize } from '#pixrnn/image/webp-size.js';

test('reads the size of lossy, lossless and extended WebP files', async () => {
  for (const [width, height] of [
    [1, 1],
    [256, 171],
    [300, 1000],
  ] as const) {
    const create = { width, height, channels: 4, background: { r: 9, g: 99, b: 199, alpha: 0.5 } } as const;
    const files = {
      'VP8X ': await sharp({ create }).webp().toBuffer(),
      VP8L: await sharp({ create }).webp({ lossless: true }).toBuffer(),
      'VP8 ': await sharp({ create }).removeAlpha().webp().toBuffer(),
    };
    for (const [chunk, bytes] of Object.entries(files)) {
      assert.equal(bytes.toString('latin1', 12, 16), chunk.slice(0, 4));
      assert.deepEqual(webpSize(bytes), { width, height }, chunk);
    }
    assert.equal(webpSize(files['VP8 '].subarray(0, 29)), null);
    assert.equal(webpSize(files['VP8 '].fill(0, 23, 26)), null);
  }
  assert.equal(webpSize(Buffer.from('RIFF\0\0\0\0WEBP????0000000000000000000')), null);
});
