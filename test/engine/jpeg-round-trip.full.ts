import assert from 'node:assert/strict';
import { before, describe, it, test } from 'node:test';
import fc from 'fast-check';
import type { JpegCoder } from '#pixrnn/engine/jpeg-coder.js';
import { randomFrom } from '../palette/tiles.js';
import {
  JPEG_EFFORTS,
  YCC_420,
  assertJpegRoundTrip,
  freshJpegCoder,
  jpegImage,
  noisy,
  photographic,
  type Layout,
} from './jpeg-images.js';

let encoder: JpegCoder;
let decoder: JpegCoder;
before(async () => {
  encoder = await freshJpegCoder();
  decoder = await freshJpegCoder();
});

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'one block': { sampling: [[1, 1]], wide: 1, high: 1 },
  'a column of blocks': { sampling: [[1, 1]], wide: 1, high: 9 },
  'a row of blocks': { sampling: [[1, 1]], wide: 9, high: 1 },
  '4:2:0': { sampling: YCC_420, wide: 3, high: 3 },
  '4:2:2': { sampling: [[2, 1], [1, 1], [1, 1]], wide: 3, high: 3 }, // prettier-ignore
  '4:4:0': { sampling: [[1, 2], [1, 1], [1, 1]], wide: 3, high: 3 }, // prettier-ignore
  'CMYK': { sampling: [[1, 1], [1, 1], [1, 1], [1, 1]], wide: 4, high: 3 }, // prettier-ignore
  'odd factors': { sampling: [[3, 1], [1, 4], [2, 3], [4, 2]], wide: 2, high: 2 }, // prettier-ignore
  'a coarse first component': { sampling: [[1, 1], [2, 2], [4, 4]], wide: 2, high: 2 }, // prettier-ignore
};

for (const effort of JPEG_EFFORTS) {
  describe(`effort ${effort} restores`, () => {
    for (const [name, layout] of Object.entries(LAYOUTS)) {
      it(name, () => {
        for (const draw of [
          photographic(1),
          photographic(2, 3000),
          () => 0,
          noisy(3, 2047),
          noisy(4, 1, 0.95),
          (_c: number, _x: number, _y: number, k: number) => (k === 63 ? -1 : 0),
        ]) {
          assertJpegRoundTrip(encoder, decoder, jpegImage(layout, draw), effort);
        }
      });
    }

    it('the largest values of 12 bits, in steps of any size', () => {
      for (const step of [0, 1, 255, 65535]) {
        for (const draw of [() => 32767, () => -32767, noisy(5, 32767), noisy(6, 32767, 0.9)]) {
          const image = jpegImage({ sampling: YCC_420, wide: 1, high: 2, precision: 12 }, draw);
          for (const { quantisation } of image.components) quantisation.fill(step);
          // Noise needs more than two bytes a coefficient, so only what fits is compared.
          if (encoder.encode(image, effort) !== null) assertJpegRoundTrip(encoder, decoder, image, effort);
        }
      }
    });
  });
}

test('restores components that end at different rows', () => {
  const image = jpegImage({ sampling: YCC_420, wide: 2, high: 6 }, photographic(7));
  const components = image.components.map((component, i) => {
    const blocksHigh = component.blocksHigh - i * 2;
    const coefficients = component.coefficients.subarray(0, component.blocksWide * blocksHigh * 64);
    return { ...component, blocksHigh, coefficients };
  });
  for (const effort of JPEG_EFFORTS) assertJpegRoundTrip(encoder, decoder, { ...image, components }, effort);
});

test('restores any coefficients of any layout', () => {
  const factor = fc.integer({ min: 1, max: 4 });
  const layouts = fc.record({
    sampling: fc.array(fc.tuple(factor, factor), { minLength: 1, maxLength: 4 }),
    wide: fc.integer({ min: 1, max: 4 }),
    high: fc.integer({ min: 1, max: 4 }),
  });
  const kinds = fc.record({
    seed: fc.integer(),
    limit: fc.constantFrom(1, 3, 100, 1023, 2047),
    zeros: fc.double({ min: 0.3, max: 1, noNaN: true }),
    effort: fc.constantFrom(...JPEG_EFFORTS),
    step: fc.integer({ min: 0, max: 65535 }),
  });
  fc.assert(
    fc.property(layouts, kinds, (layout, { seed, limit, zeros, effort, step }) => {
      const image = jpegImage(layout, noisy(seed, limit, zeros));
      const random = randomFrom(seed);
      for (const { quantisation } of image.components) {
        for (let k = 0; k < 64; k++) quantisation[k] = Math.floor(random() * (step + 1));
      }
      assertJpegRoundTrip(encoder, decoder, image, effort);
    }),
    { numRuns: 25 },
  );
});

test('the code of an image does not depend on earlier images', async () => {
  const images = [
    jpegImage({ sampling: YCC_420, wide: 6, high: 5 }, photographic(8)),
    jpegImage({ sampling: [[1, 1]], wide: 3, high: 11 }, noisy(9, 2047)),
    jpegImage({ sampling: [[4, 4], [1, 2], [2, 2], [1, 1]], wide: 3, high: 2 }, photographic(10, 500)), // prettier-ignore
  ];
  for (const effort of JPEG_EFFORTS) {
    const alone = await Promise.all(images.map(async (image) => (await freshJpegCoder()).encode(image, effort)));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      for (const i of order) {
        const image = images[i];
        assert.ok(image);
        assert.deepEqual(assertJpegRoundTrip(encoder, encoder, image, effort), alone[i]);
      }
    }
  }
});

test('does not change the image, and reports every row of MCUs', () => {
  const image = jpegImage({ sampling: YCC_420, wide: 40, high: 30 }, photographic(11, 5));
  const before = image.components.map(({ coefficients }) => coefficients.slice());
  const done: number[] = [];
  encoder.encode(image, 1, Infinity, (rows, total) => {
    assert.equal(total, 30);
    done.push(rows);
  });
  assert.deepEqual(
    image.components.map(({ coefficients }) => coefficients),
    before,
  );
  assert.ok(done.length > 1 && done.every((rows, i) => rows > (done[i - 1] ?? 0)));
  assert.equal(done.at(-1), 30);
});

test('stops at the limit, exact to the byte', () => {
  const image = jpegImage({ sampling: YCC_420, wide: 8, high: 8 }, photographic(12));
  const payload = assertJpegRoundTrip(encoder, decoder, image, 2);
  assert.deepEqual(encoder.encode(image, 2, payload.length), payload);
  for (const limit of [payload.length - 1, 100, 4, 0, -5]) assert.equal(encoder.encode(image, 2, limit), null);
});
