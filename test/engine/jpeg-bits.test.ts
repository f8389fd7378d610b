import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocateBlockBits, bandsOf, blockBitsOfBand } from '#pixrnn/engine/jpeg-bands.js';
import { JPEG_EFFORTS, YCC_420, freshJpegCoder, jpegImage, photographic, shapeOf } from './jpeg-images.js';

/** The end of a stream costs a 1 and zeros up to a byte, and saves what the last interval holds and the pending bits. */
const MAX_END = 8;

const sum = (bits: Iterable<number>): number => [...bits].reduce((total, value) => total + value, 0);

for (const effort of JPEG_EFFORTS) {
  test(`measures the bits of every block at effort ${effort}, without an effect on the stream`, async () => {
    const image = jpegImage({ sampling: YCC_420, wide: 6, high: 5 }, photographic(7));
    const coder = await freshJpegCoder();
    const plain = coder.encode(image, effort);
    const bits = allocateBlockBits(image);
    const measured = coder.encode(image, effort, Infinity, undefined, bits);
    assert.ok(plain && measured);
    assert.deepEqual(measured, plain);
    assert.deepEqual(
      bits.map(({ length }) => length),
      [2 * 120, 2 * 30, 2 * 30],
    );
    const end = 8 * measured.length - sum(bits.map(sum));
    assert.ok(Math.abs(end) <= MAX_END, `${end} bits are in no block`);
    // An instance measures only when it is asked to.
    const again = coder.encode(image, effort);
    assert.deepEqual(again, plain);
  });
}

test('shows where the bits are: in the half with details, and in AC or DC', async () => {
  const wide = 8;
  const random = photographic(3);
  const image = jpegImage({ sampling: [[1, 1]], wide, high: 16 }, (component, x, y, k) => {
    if (x < wide / 2) return 0;
    return y < 8 === (k === 0) ? random(component, x, y, k) : 0;
  });
  const bits = allocateBlockBits(image);
  assert.ok((await freshJpegCoder()).encode(image, 2, Infinity, undefined, bits));
  const total = (part: 0 | 1, isRight: boolean, isBelow: boolean): number =>
    sum(bits[0]!.filter((_, at) => {
      const block = at >> 1;
      return (at & 1) === part && block % wide >= wide / 2 === isRight && block >= 8 * wide === isBelow;
    })); // prettier-ignore
  const [ac, dc] = [0, 1] as const;
  assert.ok(total(dc, true, false) > 3 * (total(ac, true, false) + total(dc, false, false)), 'DC above');
  assert.ok(total(ac, true, true) > 3 * (total(dc, true, true) + total(ac, false, true)), 'AC below');
  assert.ok(bits[0]!.every((value) => value >= 0 && value < 2000));
});

test('the bits of bands are the parts of those of the image', () => {
  const shape = shapeOf(jpegImage({ sampling: YCC_420, wide: 1, high: 1 }, () => 0));
  const large = {
    ...shape,
    components: shape.components.map((component, i) => ({
      ...component,
      blocksWide: i === 0 ? 1000 : 500,
      blocksHigh: i === 0 ? 1002 : 501,
    })),
  };
  const bands = bandsOf(large);
  assert.ok(bands.length > 1);
  const bits = allocateBlockBits(large);
  const parts = bands.map((band) => blockBitsOfBand(bits, large, band));
  bits.forEach((all, i) => {
    let end = 0;
    for (const part of parts) {
      assert.equal(part[i]?.byteOffset, end);
      end += part[i]?.byteLength ?? NaN;
    }
    assert.equal(end, all.byteLength);
  });
});
