import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { JpegImage } from '#pixrnn/jpeg/coefficients.js';
import { randomFrom } from '../palette/tiles.js';
import { JPEG_EFFORTS, YCC_420, assertJpegRoundTrip, freshJpegCoder, jpegImage } from './jpeg-images.js';

/** Length and SHA-256 of the payload of `goldenImage` for each effort: they change only with the format. */
const GOLDEN = {
  1: '7064 b9293f9df48012d9fb385a2ad9568b95ffcfb8f927fea136142ad214961c8b40',
  2: '6991 7d93e0de26b6c4733e768555f74f269ca04ee8d7bde3910b2ffd7353fcd8c59b',
  3: '6971 63923b96a0743f7bedf4baf097c0598e0b13111c863bfef48772b1603ff8c644',
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
