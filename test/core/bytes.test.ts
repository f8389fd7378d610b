import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, equalBytes, hexText, latin1Bytes, latin1Text, utf8Text, viewOf } from '#pixrnn/bytes.js';

const bytes = fc.uint8Array({ maxLength: 40 });

test('joins, compares and prints bytes as Buffer does', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), bytes, (parts, other) => {
      const joined = concatBytes(parts);
      assert.deepEqual(joined, new Uint8Array(Buffer.concat(parts)));
      assert.equal(hexText(joined), Buffer.from(joined).toString('hex'));
      assert.equal(latin1Text(joined), Buffer.from(joined).toString('latin1'));
      assert.deepEqual(latin1Bytes(latin1Text(joined)), joined);
      assert.equal(utf8Text(joined), Buffer.from(joined).toString('utf8'));
      assert.equal(equalBytes(joined, other), Buffer.compare(joined, other) === 0);
      assert.ok(equalBytes(joined, joined.slice()));
    }),
  );
});

test('keeps a byte order mark', () => {
  assert.equal(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)), '\ufeffA');
});

test('a view of a part contains only that part', () => {
  const part = Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 3);
  assert.deepEqual([viewOf(part).byteLength, viewOf(part).getUint16(0)], [2, 0x0203]);
});
