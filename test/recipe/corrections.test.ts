import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_CORRECTIONS, applyCorrections, correctionsOf } from '#pixrnn/recipe/corrections.js';
import { FieldReader } from '#pixrnn/recipe/fields.js';

function corrected(bytes: Uint8Array, corrections: Uint8Array): Uint8Array {
  const result = bytes.slice();
  const fields = new FieldReader(corrections);
  applyCorrections(result, fields);
  assert.equal(fields.remaining, 0);
  return result;
}

test('corrections turn expected bytes into actual ones', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.array(fc.nat(1999)), (expected, changed) => {
      const actual = expected.slice();
      for (const at of changed) if (at < actual.length) actual[at]! ^= 1 + (at & 127);
      const corrections = correctionsOf(expected, actual);
      assert.ok(corrections);
      assert.deepEqual(corrected(expected, corrections), actual);
    }),
  );
  assert.deepEqual(correctionsOf(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), NO_CORRECTIONS);
  assert.deepEqual(correctionsOf(Uint8Array.of(1, 2, 3), Uint8Array.of(9, 2, 8)), Uint8Array.of(2, 0, 9, 1, 8));
});

test('other bytes and other lengths have no corrections', () => {
  assert.equal(correctionsOf(new Uint8Array(10_000), new Uint8Array(10_000).fill(1)), null);
  assert.equal(correctionsOf(new Uint8Array(10), new Uint8Array(11)), null);
});

test('corrections outside the bytes, or that end too early, are rejected', () => {
  for (const fields of [[1, 3, 0], [2, 0, 1, 2, 0], [1, 0], [2, 0, 1], []]) {
    assert.throws(() => corrected(new Uint8Array(3), Uint8Array.from(fields)), { code: 'file-corrupt' });
  }
});
