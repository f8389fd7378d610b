import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bandsOf, imageOfBand } from '#pixrnn/engine/jpeg-bands.js';
import type { JpegShape } from '#pixrnn/jpeg/coefficients.js';
import { YCC_420, assertJpegRoundTrip, freshJpegCoder, jpegImage, type Layout } from './jpeg-images.js';

/** Returns the shape of whole MCUs, without coefficients. */
function shapeOfLayout({ sampling, wide, high }: Layout): JpegShape {
  const components = sampling.map(([horizontal, vertical], i) => {
    const blocks = { blocksWide: wide * horizontal, blocksHigh: high * vertical };
    const visible = { visibleWide: blocks.blocksWide, visibleHigh: blocks.blocksHigh };
    return { id: i, horizontal, vertical, ...blocks, ...visible, quantisation: new Uint16Array(64).fill(1) };
  });
  return { width: 8 * wide, height: 8 * high, precision: 8, components };
}

test('an image of up to 2^23 coefficients a component is one band', () => {
  assert.deepEqual(bandsOf(shapeOfLayout({ sampling: [[1, 1]], wide: 512, high: 256 })), [{ from: 0, to: 256 }]);
  assert.deepEqual(bandsOf(shapeOfLayout({ sampling: [[1, 1]], wide: 512, high: 257 })), [
    { from: 0, to: 128 },
    { from: 128, to: 257 },
  ]);
  assert.equal(bandsOf(shapeOfLayout({ sampling: YCC_420, wide: 256, high: 128 })).length, 1);
  assert.equal(bandsOf(shapeOfLayout({ sampling: YCC_420, wide: 256, high: 129 })).length, 2);
});

test('bands cover every row once, and none is much larger than the limit', () => {
  const factor = fc.integer({ min: 1, max: 4 });
  const layouts = fc.record({
    sampling: fc.array(fc.tuple(factor, factor), { minLength: 1, maxLength: 4 }),
    wide: fc.integer({ min: 1, max: 2048 }),
    high: fc.integer({ min: 1, max: 2048 }),
  });
  fc.assert(
    fc.property(layouts, (layout) => {
      const shape = shapeOfLayout(layout);
      let row = 0;
      for (const { from, to } of bandsOf(shape)) {
        assert.equal(from, row);
        assert.ok(to > from);
        row = to;
        for (const { blocksWide, vertical } of shape.components) {
          const mcuRow = blocksWide * vertical * 64;
          assert.ok((to - from) * mcuRow <= 2 ** 23 + mcuRow);
        }
      }
      assert.equal(row, layout.high);
    }),
  );
});

test('restores an image of several bands, each coded on its own', { timeout: 120_000 }, async () => {
  const coder = await freshJpegCoder();
  // prettier-ignore
  const image = jpegImage({ sampling: [[2, 1], [1, 1]], wide: 64, high: 1025 }, (c, x, y, k) =>
    k < 2 && (x * 7 + y * 3 + c) % 11 === 0 ? 3 - (y & 7) : 0,
  );
  const bands = bandsOf(image);
  assert.equal(bands.length, 2);
  const payload = assertJpegRoundTrip(coder, await freshJpegCoder(), image, 1);
  const alone = bands.map((band) => coder.encode(imageOfBand(image, band), 1)?.length ?? 0);
  assert.equal(
    payload.length,
    alone.reduce((sum, length) => sum + length, 4),
  );
  assert.equal(coder.encode(image, 1, payload.length - 1), null);
});
