import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePackBits, describePackBits, rebuildPackBits } from '#pixrnn/packing/packbits.js';

const rows = fc
  .array(fc.tuple(fc.nat(255), fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }))), {
    minLength: 1,
    maxLength: 60,
  })
  .map((runs) => Uint8Array.from(runs.flatMap(([value, length]) => Array<number>(length).fill(value))));

/** Packets that repeat runs from a length on, and copy the rest. */
function encode(raw: Uint8Array, minRun: number, rowBytes: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < raw.length;) {
    const end = Math.min(raw.length, (Math.floor(at / rowBytes) + 1) * rowBytes);
    const run = (from: number): number => {
      let length = 1;
      while (length < 128 && from + length < end && raw[from + length] === raw[from]) length++;
      return length;
    };
    let copied = 0;
    while (copied < 128 && at + copied < end && run(at + copied) < minRun) copied++;
    if (copied > 0) bytes.push(copied - 1, ...raw.subarray(at, at + copied));
    else bytes.push((257 - run(at)) & 255, raw[at]!);
    at += copied > 0 ? copied : run(at);
  }
  return Uint8Array.from(bytes);
}

function describe(stream: Uint8Array, raw: Uint8Array, rowBytes: number): Uint8Array {
  const description = describePackBits(stream, raw, rowBytes);
  assert.ok(description, 'no description');
  assert.deepEqual(rebuildPackBits(description, raw, stream.length), stream);
  return description;
}

test('streams that repeat three equal bytes need a few bytes, by rows or without them', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 400 }), fc.boolean(), (raw, rowBytes, byRows) => {
      const stream = encode(raw, 3, byRows ? rowBytes : raw.length);
      assert.deepEqual(decodePackBits(stream, raw.length), raw);
      assert.ok(describe(stream, raw, rowBytes).length <= 4);
    }),
  );
});

test('two equal bytes between single ones are copied as libtiff does', () => {
  const raw = Uint8Array.of(1, 2, 2, 3, 4, 4, 4, 5, 5, 6, 6, 7);
  const stream = Uint8Array.of(3, 1, 2, 2, 3, 254, 4, 255, 5, 255, 6, 0, 7);
  assert.equal(describe(stream, raw, 12).length, 2);
  // A copy of 127 bytes does not take the next two.
  const long = Uint8Array.from({ length: 130 }, (_, i) => (i >= 127 && i < 129 ? 200 : i));
  const cut = Uint8Array.of(126, ...long.subarray(0, 127), 255, 200, 0, 129);
  assert.equal(describe(cut, long, 130).length, 3);
});

test('other encoders are described by exceptions', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 4, max: 9 }), (raw, minRun) => {
      const stream = encode(raw, minRun, raw.length);
      const description = describePackBits(stream, raw, raw.length);
      if (description) assert.deepEqual(rebuildPackBits(description, raw, stream.length), stream); // else too many
    }),
  );
  const raw = Uint8Array.from({ length: 3000 }, (_, i) => (i % 150 < 4 ? 7 : i));
  const stream = encode(raw, 5, 3000);
  const { length } = describe(stream, raw, 3000);
  assert.ok(length > 20 && length < 100, `${length} bytes`);
});

test('other bytes and malformed streams have no description', () => {
  const raw = Uint8Array.of(1, 2, 3, 3, 3, 3, 9);
  const stream = encode(raw, 3, 7);
  for (const [i, value] of raw.entries()) assert.equal(describePackBits(stream, raw.with(i, value ^ 1), 7), null);
  assert.equal(describePackBits(stream.subarray(0, -1), raw, 7), null);
  assert.equal(describePackBits(Uint8Array.of(...stream, 128), raw, 7), null, 'no operation');
  assert.equal(describePackBits(Uint8Array.of(128, ...stream), raw, 7), null, 'no operation');
  assert.throws(() => decodePackBits(stream.subarray(0, -2), 7), RangeError);
});

test('any description makes a stream of a bounded length, or is rejected', () => {
  const raw = Uint8Array.from({ length: 300 }, (_, i) => i >> 2);
  const good = describe(encode(raw, 3, 300), raw, 300);
  assert.throws(() => rebuildPackBits(good, raw, 10), { code: 'file-corrupt' });
  assert.throws(() => rebuildPackBits(Uint8Array.of(...good, 0), raw, 1000), { code: 'file-corrupt' });
  fc.assert(
    fc.property(fc.nat(2), fc.uint8Array({ maxLength: 9 }), (rule, rest) => {
      try {
        assert.ok(rebuildPackBits(Uint8Array.of(rule, ...rest), raw, 500).length <= 500);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'file-corrupt');
      }
    }),
    { numRuns: 2000 },
  );
});
