import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import type { JpegEffort } from '#pixrnn/effort.js';
import type { JpegCoder } from '#pixrnn/engine/jpeg-coder.js';
import type { JpegComponentShape, JpegShape } from '#pixrnn/jpeg/coefficients.js';
import { randomFrom } from '../palette/tiles.js';
import {
  JPEG_EFFORTS,
  YCC_420,
  assertJpegRoundTrip,
  freshJpegCoder,
  jpegImage,
  photographic,
  shapeOf,
} from './jpeg-images.js';

let coder: JpegCoder;
before(async () => {
  coder = await freshJpegCoder();
});

/** Decodes; checks that every coefficient is in range and that the same bytes always give the same coefficients. */
function decodeAnything(payload: Uint8Array, shape: JpegShape, effort: JpegEffort): void {
  const { components } = coder.decode(payload, shape, effort);
  const again = coder.decode(payload, shape, effort);
  components.forEach(({ coefficients }, i) => {
    assert.ok(!coefficients.includes(-32768));
    assert.deepEqual(again.components[i]?.coefficients, coefficients);
  });
}

test('decodes any bytes to coefficients', () => {
  const random = randomFrom(3);
  const layouts = [
    { sampling: [[1, 1]], wide: 1, high: 1 },
    { sampling: YCC_420, wide: 3, high: 2 },
    { sampling: [[4, 1], [1, 4], [3, 2], [2, 3]], wide: 2, high: 2 }, // prettier-ignore
  ] as const;
  for (const layout of layouts) {
    for (const step of [1, 65535]) {
      const image = jpegImage(layout, () => 0);
      for (const { quantisation } of image.components) quantisation.fill(step);
      const shape = shapeOf(image);
      for (const effort of JPEG_EFFORTS) {
        for (const length of [0, 1, 7, 300]) {
          decodeAnything(
            Uint8Array.from({ length }, () => Math.floor(random() * 256)),
            shape,
            effort,
          );
        }
        decodeAnything(new Uint8Array(64).fill(0xff), shape, effort);
      }
    }
  }
});

test('decodes corrupt and truncated payloads to some coefficients, and stays usable', () => {
  const image = jpegImage({ sampling: YCC_420, wide: 4, high: 4 }, photographic(1));
  const shape = shapeOf(image);
  const payload = assertJpegRoundTrip(coder, coder, image, 2);
  for (let i = 0; i < payload.length; i += 97) {
    const damaged = payload.slice();
    damaged[i] = (damaged[i] ?? 0) ^ (1 << (i & 7));
    decodeAnything(damaged, shape, 2);
    decodeAnything(payload.slice(0, i), shape, 2);
  }
  assert.deepEqual(assertJpegRoundTrip(coder, coder, image, 2), payload);
});

test('worst-case bytes end in time', { timeout: 120_000 }, () => {
  const random = randomFrom(9);
  const shape = shapeOf(jpegImage({ sampling: YCC_420, wide: 32, high: 32 }, () => 0));
  coder.decode(new Uint8Array(), shape, 3);
  coder.decode(
    Uint8Array.from({ length: 2 ** 20 }, () => Math.floor(random() * 256)),
    shape,
    3,
  );
});

test('rejects shapes that no JPEG file has', () => {
  const image = jpegImage({ sampling: [[1, 1]], wide: 2, high: 2 }, () => 1);
  const [component] = image.components;
  assert.ok(component);
  const changes: Partial<JpegComponentShape>[] = [
    { horizontal: 0 },
    { horizontal: 5 },
    { vertical: 1.5 },
    { blocksWide: 0 },
    { blocksWide: 8193 },
    { blocksHigh: NaN },
    { quantisation: new Uint16Array(63) },
  ];
  const bad: JpegShape[] = [
    { ...image, components: [] },
    { ...image, components: new Array<JpegComponentShape>(5).fill(component) },
    ...changes.map((change) => ({ ...image, components: [{ ...component, ...change }] })),
  ];
  for (const shape of bad) {
    const components = shape.components.map((c) => ({ ...c, coefficients: component.coefficients }));
    assert.throws(() => coder.encode({ ...shape, components }, 1), RangeError);
    assert.throws(() => coder.decode(new Uint8Array(4), shape, 1), RangeError);
  }
  for (const coefficients of [new Int16Array(255), new Int16Array(256).fill(-32768)]) {
    assert.throws(() => coder.encode({ ...image, components: [{ ...component, coefficients }] }, 1), RangeError);
  }
});

test('rejects bands that end too early', { timeout: 120_000 }, () => {
  const shape = shapeOf(jpegImage({ sampling: [[1, 1]], wide: 512, high: 512 }, () => 0));
  const component = shape.components[0];
  assert.ok(component);
  const large = { ...shape, components: [{ ...component, blocksHigh: 1024 }] };
  for (const payload of [[], [1, 2, 3], [0, 0, 0, 9, 1, 2, 3], [255, 255, 255, 255, 0]]) {
    assert.throws(
      () => coder.decode(Uint8Array.from(payload), large, 1),
      (error) => error instanceof PixrnnError && error.code === 'file-truncated',
    );
  }
});
