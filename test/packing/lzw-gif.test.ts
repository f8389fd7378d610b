import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gifLzw } from '#pixrnn/packing/lzw-codes.js';
import { describeGifLzw, rebuildGifLzw } from '#pixrnn/packing/lzw-gif.js';
import { noise } from '../../fixtures/draw.js';
import { referenceLzw } from './reference-lzw.js';

const { samples } = noise({ width: 60, height: 20 });

/** Returns image data with codes in blocks of some size. */
function imageData(values: Uint8Array, blockBytes: number): Uint8Array {
  const codes = referenceLzw(values, { ...gifLzw(8), period: 3838 });
  const bytes = [8];
  for (let at = 0; at < codes.length; at += blockBytes) {
    const block = codes.subarray(at, at + blockBytes);
    bytes.push(block.length, ...block);
  }
  return Uint8Array.from([...bytes, 0]);
}

test('blocks of any one size come back', () => {
  for (const blockBytes of [255, 254, 100, 1]) {
    const data = imageData(samples, blockBytes);
    const description = describeGifLzw(data, samples);
    assert.ok(description && description.length <= 6);
    assert.deepEqual(rebuildGifLzw(description, samples, data.length), data);
    assert.throws(() => rebuildGifLzw(description, samples, data.length - 1), { code: 'file-corrupt' });
  }
});

test('malformed image data have no description', () => {
  const data = imageData(samples, 255);
  assert.equal(describeGifLzw(data.subarray(0, -1), samples), null, 'without the empty block');
  assert.equal(describeGifLzw(Uint8Array.of(...data, 0), samples), null, 'with a byte after the empty block');
  assert.equal(describeGifLzw(data.with(0, 9), samples), null);
  assert.equal(describeGifLzw(data.with(0, 0), samples), null);
  assert.equal(describeGifLzw(Uint8Array.of(8, 0), samples), null);
  assert.equal(describeGifLzw(new Uint8Array(0), samples), null);
});

test('any description makes image data of a bounded length, or is rejected', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (description) => {
      try {
        assert.ok(rebuildGifLzw(description, samples, 3000).length <= 3000);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'file-corrupt');
      }
    }),
    { numRuns: 2000 },
  );
});
