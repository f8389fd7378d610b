import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { concatBytes } from '#pixrnn/bytes.js';
import { joinFloats, splitFloats } from '#pixrnn/web/float-planes.js';

const MODELS = join(import.meta.dirname, '../../../models');

/** Returns a safetensors file with this header and these values. */
function fileOf(header: Uint8Array, values: Uint32Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return concatBytes([length, header, new Uint8Array(values.buffer)]);
}

test('every value comes back bit for bit', () => {
  const values = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 0x80000000, 0x7fc00001));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), fc.array(values, { maxLength: 50 }), (header, list) => {
      const file = fileOf(header, Uint32Array.from(list));
      assert.deepEqual(joinFloats(splitFloats(file)), file);
    }),
  );
});

test('bfloat16 values, an odd number of them, come back bit for bit', () => {
  for (const name of ['cifar10-row-lstm', 'cifar10-diagonal-bilstm']) {
    const file = readFileSync(join(MODELS, `${name}.safetensors`));
    assert.ok(file.includes('"dtype":"BF16"') && file.length % 4 === 2, name);
    const split = splitFloats(file);
    assert.deepEqual(Buffer.from(joinFloats(split)), file);
    assert.ok(gzipSync(split).length < 0.93 * gzipSync(file).length, name);
  }
});

test('any other file is left as it is', () => {
  for (const bytes of [Uint8Array.of(), Uint8Array.of(0, 97, 115, 109), new Uint8Array(40)]) {
    assert.equal(joinFloats(bytes), bytes);
  }
});

test('files that are cut off or no safetensors files are rejected', () => {
  const split = splitFloats(fileOf(new Uint8Array(5), Uint32Array.of(1, 2, 3)));
  for (const length of [8, 12, 20, split.length - 1])
    assert.throws(() => joinFloats(split.slice(0, length)), RangeError);
  assert.throws(() => splitFloats(Uint8Array.of(1, 2, 3)), RangeError);
  assert.throws(() => splitFloats(new Uint8Array(8).fill(255)), RangeError);
});

test('the weights of the default models are 8 % smaller to transfer', () => {
  for (const name of ['photo-rgb', 'photo-gray']) {
    const file = readFileSync(join(MODELS, `${name}.safetensors`));
    const ratio = gzipSync(splitFloats(file)).length / gzipSync(file).length;
    assert.ok(ratio < 0.93, `${name}: ${ratio}`);
  }
});
