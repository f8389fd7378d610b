import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { JpegImage } from '#pixrnn/jpeg/coefficients.js';
import { randomFrom } from '../palette/tiles.js';
import { JPEG_EFFORTS, YCC_420, assertJpegRoundTrip, freshJpegCoder, jpegImage } from './jpeg-images.js';

/** Length and SHA-256 of the payload of `goldenImage` for each effort: they change only with the format. */
const GOLDEN = {
  1: '7064 6153c5dc7d66c8dd59a86a9f443b2ef9a7acec13c5951e9dd6ffaeee44d0822b',
  2: '6991 0d4f30018890e7055f76566deadcc49af87e89ff2e43c72fe365e4618eb80f0f',
  3: '6971 1b40cf0b9c253f542618795e66f565b022eb70d5bd2b98831f0e354e6b9bed97',
} as const;

/** Returns an image drawn with integers only, so that it is the same on every engine. */
function goldenImage(): JpegImage {
  const random = randomFrom(1);
  return jpegImage({ sampling: YCC_420, wide: 9, high: 7 }, (component, x, y, k) => {
    const frequency = (k & 7) + (k >> 3);
    const range = Math.floor(120 / (1 + component) / (1 + frequency * frequency));
    const texture = ((x * 5 + y * 3) % 7) - 3;
    const noise = Math.floor(random() * (2 * range + 1)) - range;
    return k === 0 ? 40 * texture + noise : frequency < 3 ? texture * (4 - frequency) + noise : noise;
  });
}

for (const effort of JPEG_EFFORTS) {
  test(`the payload of effort ${effort} is what earlier versions wrote`, async () => {
    const payload = assertJpegRoundTrip(await freshJpegCoder(), await freshJpegCoder(), goldenImage(), effort);
    const hash = createHash('sha256').update(payload).digest('hex');
    assert.equal(`${payload.length} ${hash}`, GOLDEN[effort]);
  });
}

test('memory follows the size of the image', async () => {
  const coder = await freshJpegCoder();
  coder.encode(jpegImage({ sampling: YCC_420, wide: 1, high: 1 }, () => 1), 3); // prettier-ignore
  assert.ok(coder.memoryBytes <= 8 * 2 ** 20, `${coder.memoryBytes} bytes for 16 x 16 pixels`);
  coder.encode(jpegImage({ sampling: [[1, 1], [1, 1], [1, 1]], wide: 256, high: 512 }, () => 0), 3); // prettier-ignore
  assert.ok(coder.memoryBytes <= 160 * 2 ** 20, `${coder.memoryBytes} bytes for a whole band of 4:4:4`);
});
