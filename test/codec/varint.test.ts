import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeVarint, encodeVarint, MAX_VARINT, varintLength } from '#pixrnn/varint.js';

function decode(...bytes: number[]): number | null {
  let i = 0;
  const value = decodeVarint(() => bytes[i++] ?? assert.fail('read past the end'));
  assert.ok(value === null || i === bytes.length, 'bytes left over');
  return value;
}

test('a varint has 7 bits per byte, low bits first', () => {
  assert.deepEqual(encodeVarint(0), [0]);
  assert.deepEqual(encodeVarint(127), [0x7f]);
  assert.deepEqual(encodeVarint(128), [0x80, 0x01]);
  assert.deepEqual(encodeVarint(300), [0xac, 0x02]);
  assert.deepEqual(encodeVarint(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x08]);
  assert.deepEqual(encodeVarint(MAX_VARINT), [0xff, 0xff, 0xff, 0xff, 0x7f]);
});

test('restores every number from the stated number of bytes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: 0, max: 70000 }),
        fc.maxSafeNat().map((n) => n % (MAX_VARINT + 1)),
      ),
      (n) => {
        const bytes = encodeVarint(n);
        assert.equal(bytes.length, varintLength(n));
        assert.equal(decode(...bytes), n);
      },
    ),
  );
});

test('rejects a number that is longer than necessary', () => {
  assert.equal(decode(0x80, 0x00), null);
  assert.equal(decode(0xac, 0x82, 0x00), null);
  assert.equal(decode(0xff, 0xff, 0xff, 0xff, 0x00), null);
});

test('rejects a number of more than 5 bytes after 5 bytes', () => {
  assert.equal(decode(0xff, 0xff, 0xff, 0xff, 0xff), null);
});

test('writes only integers from 0 to 2^35 - 1', () => {
  for (const value of [-1, 0.5, NaN, MAX_VARINT + 1]) assert.throws(() => encodeVarint(value), RangeError);
});
