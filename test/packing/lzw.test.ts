import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LzwVariant, OLD_TIFF_LZW, TIFF_LZW, gifLzw } from '#pixrnn/packing/lzw-codes.js';
import { decodeLzw } from '#pixrnn/packing/lzw-decode.js';
import { describeLzw, rebuildLzw } from '#pixrnn/packing/lzw.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { referenceLzw } from './reference-lzw.js';

const corrupt = { name: 'PixrnnError', code: 'file-corrupt' };

const variants = fc.oneof(
  fc.constantFrom(TIFF_LZW, OLD_TIFF_LZW),
  fc.integer({ min: 2, max: 8 }).map((bits) => gifLzw(bits)),
);

/** Values with many repetitions: runs of values that follow one another. */
const valuesOf = ({ valueBits }: LzwVariant, maxRuns: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(fc.nat(2 ** valueBits - 1), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: maxRuns })
    .map((runs) => Uint8Array.from(runs.flatMap(([value, length]) => Array<number>(length).fill(value))));

const cases = variants.chain((variant) => fc.tuple(fc.constant(variant), valuesOf(variant, 60)));

/** Returns the description of a stream, after checking that it rebuilds the stream. */
function describe(stream: Uint8Array, values: Uint8Array, variant: LzwVariant): Uint8Array {
  const description = describeLzw(stream, values, variant);
  assert.ok(description, 'no description');
  assert.deepEqual(rebuildLzw(description, values, stream.length), stream);
  return description;
}

test('streams of greedy encoders need a few bytes', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 30 }), fc.boolean(), ([variant, values], period, clearsFirst) => {
      const stream = referenceLzw(values, { ...variant, period, clearsFirst });
      assert.deepEqual(decodeLzw(stream, variant, values.length), values);
      assert.ok(describe(stream, values, variant).length <= 7);
    }),
  );
});

test('full tables are cleared or kept', () => {
  const { samples } = noise({ width: 100, height: 60 });
  for (const variant of [TIFF_LZW, OLD_TIFF_LZW, gifLzw(8)]) {
    for (const period of [0, 3836, 3837, 3839]) {
      if (variant.earlyChange && period !== 3836) continue; // TIFF has no codes after 4094
      const stream = referenceLzw(samples, { ...variant, period });
      assert.deepEqual(decodeLzw(stream, variant, samples.length), samples);
      assert.ok(describe(stream, samples, variant).length <= 6);
    }
  }
});

test('shorter strings and irregular clear codes are exceptions', () => {
  const { samples } = blobs({ width: 90, height: 70 });
  for (const variant of [TIFF_LZW, gifLzw(8)]) {
    const cuts = (at: number): boolean => at % 211 === 0;
    const clears = (at: number): boolean => at % 1009 === 0;
    const stream = referenceLzw(samples, { ...variant, cuts, clears });
    const { length } = describe(stream, samples, variant);
    assert.ok(length > 20 && length < stream.length / 20, `${length} of ${stream.length} bytes`);
  }
  fc.assert(
    fc.property(cases, fc.integer({ min: 3, max: 50 }), ([variant, values], every) => {
      const cuts = (at: number): boolean => at % every === 1;
      const clears = (at: number): boolean => at % (5 * every) === 2;
      const stream = referenceLzw(values, { ...variant, cuts, clears });
      const description = describeLzw(stream, values, variant);
      if (description) assert.deepEqual(rebuildLzw(description, values, stream.length), stream); // else too many
    }),
  );
});

test('streams of single values need no exceptions', () => {
  const values = Uint8Array.from({ length: 500 }, (_, i) => (i >> 4) & 3);
  const codes = Array.from(values).flatMap((value, i) => (i % 2 === 0 ? [4, value] : [value]));
  // Codes of 3 bits, a clear code before every second value.
  const bits = [...codes, 5].flatMap((code) => [code & 1, (code >> 1) & 1, code >> 2]);
  const stream = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (stream[i >> 3]! |= bit << (i % 8)));
  assert.equal(describe(stream, values, gifLzw(2)).length, 4);
});

test('whatever follows the last code comes back', () => {
  const values = Uint8Array.from({ length: 300 }, (_, i) => (i * i) & 15);
  const stream = referenceLzw(values, gifLzw(4));
  for (const tail of [[0], [1, 2, 3], [255, 255]]) describe(Uint8Array.of(...stream, ...tail), values, gifLzw(4));
  describe(stream.with(-1, stream.at(-1)! | 0x80), values, gifLzw(4));
  describe(stream.subarray(0, -1), values, gifLzw(4)); // the end code is cut
});

test('other values, damaged streams and long tails have no description', () => {
  const values = Uint8Array.from({ length: 300 }, (_, i) => (i * i) & 15);
  const stream = referenceLzw(values, gifLzw(4));
  assert.equal(describeLzw(stream, values.with(100, values[100]! ^ 1), gifLzw(4)), null);
  assert.equal(describeLzw(stream, Uint8Array.of(...values, 1), gifLzw(4)), null);
  assert.equal(describeLzw(stream, values.with(3, 16), gifLzw(4)), null);
  assert.equal(describeLzw(stream.subarray(0, 40), values, gifLzw(4)), null);
  assert.equal(describeLzw(Uint8Array.of(...stream, ...new Uint8Array(1000)), values, gifLzw(4)), null);
  assert.equal(describeLzw(new Uint8Array(0), values, gifLzw(4)), null);
});

test('any description makes a stream of a bounded length, or is rejected', () => {
  const values = Uint8Array.from({ length: 400 }, (_, i) => (i * i) & 15);
  const stream = referenceLzw(values, gifLzw(4));
  const good = describe(stream, values, gifLzw(4));
  assert.throws(() => rebuildLzw(good, values, stream.length - 1), corrupt);
  assert.throws(() => rebuildLzw(Uint8Array.of(...good, 0), values, 1000), corrupt);
  assert.throws(() => rebuildLzw(good.with(1, 3), values, 1000), corrupt, 'values of 4 bits, codes for 3');
  const head = fc.tuple(fc.nat(127), fc.integer({ min: 0, max: 9 }), fc.nat(130), fc.nat(5));
  fc.assert(
    fc.property(head, fc.uint8Array({ maxLength: 12 }), (start, rest) => {
      try {
        assert.ok(rebuildLzw(Uint8Array.of(...start, ...rest), values, 1000).length <= 1000);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'file-corrupt');
      }
    }),
    { numRuns: 2000 },
  );
});
