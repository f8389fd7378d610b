import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PixrnnError } from '#pixrnn/errors.js';
import { decodeSafetensors, encodeSafetensors, toBfloat16 } from '#pixrnn/model/safetensors.js';

/** Returns a file with this header (an object as JSON, or bytes) and `dataBytes` zero bytes. */
function fileOf(header: unknown, dataBytes = 0, claimed?: bigint): Uint8Array {
  const json = header instanceof Uint8Array ? header : Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(claimed ?? BigInt(json.length));
  bytes.set(json, 8);
  return bytes;
}

const tensor = (shape: unknown, from: unknown, to: unknown, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

function assertRefused(bytes: Uint8Array, why: RegExp, what: string): void {
  const memory = process.memoryUsage();
  assert.throws(
    () => decodeSafetensors(bytes),
    (error) => error instanceof PixrnnError && error.code === 'model-invalid' && why.test(error.message),
    what,
  );
  const grown = process.memoryUsage().arrayBuffers - memory.arrayBuffers;
  assert.ok(grown < 2 ** 21, `${what}: ${grown} bytes allocated`);
}

describe('safetensors', () => {
  it('keep names, shapes, values and metadata', () => {
    const name = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((n) => n !== '__metadata__' && n !== '__proto__');
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    const tensors = fc.dictionary(name, fc.array(value, { maxLength: 20 }), { maxKeys: 6, noNullPrototype: true });
    const metadata = fc.dictionary(name, fc.string({ unit: 'grapheme' }), { maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(tensors, metadata, fc.boolean(), (lists, texts, flat) => {
        const file = {
          metadata: texts,
          tensors: new Map(
            Object.entries(lists).map(([key, list]) => {
              const shape = flat ? [list.length] : [1, list.length, 1];
              return [key, { shape, values: Float32Array.from(list) }] as const;
            }),
          ),
        };
        const bytes = encodeSafetensors(file);
        const back = decodeSafetensors(bytes);
        assert.deepEqual(back.metadata, file.metadata);
        // Maps are ordered: the order is that of the data.
        assert.deepEqual([...back.tensors.keys()].sort(), [...file.tensors.keys()].sort());
        for (const [key, expected] of file.tensors) assert.deepEqual(back.tensors.get(key), expected);
        // The offset in a larger buffer does not matter, and an additional byte is rejected.
        const shifted = new Uint8Array(bytes.length + 3);
        shifted.set(bytes, 3);
        assert.deepEqual(decodeSafetensors(shifted.subarray(3)), back);
        assertRefused(new Uint8Array([...bytes, 0]), /does not match its tensors/, 'a byte too many');
      }),
      { numRuns: 60 },
    );
  });

  it('follow the format: a little-endian length, JSON, values aligned to 8 bytes', () => {
    const bytes = encodeSafetensors({
      metadata: { a: 'b' },
      tensors: new Map([['t', { shape: [2], values: Float32Array.of(1.1, -2) }]]),
    });
    const header = '{"__metadata__":{"a":"b"},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const length = Math.ceil(header.length / 8) * 8;
    assert.equal(Buffer.from(bytes).readBigUInt64LE(), BigInt(length));
    assert.equal(Buffer.from(bytes.subarray(8, 8 + length)).toString(), header.padEnd(length));
    assert.deepEqual([...bytes.subarray(8 + length)], [0xcd, 0xcc, 0x8c, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('store values of 16 bits as bfloat16, if all are', () => {
    const values = toBfloat16(Float32Array.of(1.1, -2, 0, 1e-40, -3.0e38));
    assert.deepEqual([...values.subarray(0, 3)], [1.1015625, -2, 0]);
    const bytes = encodeSafetensors({ metadata: {}, tensors: new Map([['t', { shape: [5], values }]]) });
    assert.match(Buffer.from(bytes).toString('latin1'), /"dtype":"BF16","shape":\[5\],"data_offsets":\[0,10\]/);
    assert.deepEqual(Buffer.from(bytes.subarray(-10, -6)).toString('hex'), '8d3f00c0');
    assert.deepEqual(decodeSafetensors(bytes).tensors.get('t')?.values, values);
  });

  it('are rounded to the nearest bfloat16, to the even one of two', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true, max: 2 ** 120, min: -(2 ** 120) });
    const spacing = (x: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x)))) - 7);
    fc.assert(
      fc.property(value, (x) => {
        const [rounded] = toBfloat16(Float32Array.of(x)) as Float32Array & [number];
        assert.ok(Math.abs(rounded - x) <= spacing(x) / 2, `${x} becomes ${rounded}`);
        assert.equal(toBfloat16(Float32Array.of(rounded))[0], rounded);
      }),
    );
    assert.deepEqual([...toBfloat16(Float32Array.of(1 + 1 / 256, 1 + 3 / 256))], [1, 1 + 2 / 128]);
  });

  it('are rejected wherever they are truncated', () => {
    const bytes = encodeSafetensors({
      metadata: {},
      tensors: new Map([['t', { shape: [3], values: Float32Array.of(1, 2.1, 3) }]]),
    });
    for (let n = 0; n < bytes.length; n++) assertRefused(bytes.subarray(0, n), /safetensors/, `${n} bytes`);
  });

  it('are rejected with hostile headers before any allocation', () => {
    const huge = 2 ** 28;
    const cases: Record<string, [bytes: Uint8Array, why: RegExp]> = {
      'a header longer than the file': [fileOf({}, 0, 3n), /header does not fit/],
      'a header of 2^63 bytes': [fileOf({}, 0, 1n << 63n), /header does not fit/],
      'a header of 2^64 - 1 bytes': [fileOf({}, 0, (1n << 64n) - 1n), /header does not fit/],
      'a header above its limit': [fileOf(Buffer.alloc(2 ** 20 + 1, ' ')), /header does not fit/],
      'no JSON': [fileOf(Buffer.from('{"t":')), /not JSON/],
      'no UTF-8': [fileOf(Buffer.from([0x22, 0xff, 0x22])), /not JSON/],
      'an empty header': [fileOf(new Uint8Array(0)), /not JSON/],
      'deep nesting': [fileOf(Buffer.from('['.repeat(100_000))), /not JSON/],
      'a list': [fileOf([]), /not an object/],
      null: [fileOf(null), /not an object/],
      'a tensor that is a number': [fileOf({ t: 4 }), /t is not an object/],
      'a tensor that is null': [fileOf({ t: null }), /t is not an object/],
      'metadata that are no text': [fileOf({ __metadata__: { a: 1 } }), /not a string/],
      'half precision': [fileOf({ t: tensor([2], 0, 4, 'F16') }, 4), /neither F32 nor BF16/],
      'double precision': [fileOf({ t: tensor([1], 0, 8, 'F64') }, 8), /neither F32 nor BF16/],
      'a name of Object.prototype': [fileOf({ t: tensor([1], 0, 4, 'toString') }, 4), /neither F32 nor BF16/],
      'half of the bytes of bfloat16': [fileOf({ t: tensor([2], 0, 2, 'BF16') }, 2), /offsets of tensor t/],
      'no dtype': [fileOf({ t: { shape: [1], data_offsets: [0, 4] } }, 4), /neither F32 nor BF16/],
      'no shape': [fileOf({ t: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /invalid shape/],
      'a negative dimension': [fileOf({ t: tensor([-1], 0, 4) }, 4), /invalid shape/],
      'two negative dimensions': [fileOf({ t: tensor([-1, -1], 0, 4) }, 4), /invalid shape/],
      'half a dimension': [fileOf({ t: tensor([0.5, 2], 0, 4) }, 4), /invalid shape/],
      'a dimension in words': [fileOf({ t: tensor(['1'], 0, 4) }, 4), /invalid shape/],
      'a huge dimension': [fileOf({ t: tensor([2 ** 53], 0, 4) }, 4), /invalid shape/],
      'a huge product': [
        fileOf({ t: tensor(new Array(8).fill(huge), 0, 4) }, 4),
        /the offsets of tensor \w+ are wrong/,
      ],
      'a product of 2^32 + 1': [fileOf({ t: tensor([641, 6700417], 0, 4) }, 4), /the offsets of tensor \w+ are wrong/],
      'a great many dimensions': [fileOf({ t: tensor(new Array(9).fill(1), 0, 4) }, 4), /invalid shape/],
      'no offsets': [fileOf({ t: { dtype: 'F32', shape: [1] } }, 4), /invalid offsets/],
      'three offsets': [fileOf({ t: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 8] } }, 4), /invalid offsets/],
      'a negative offset': [fileOf({ t: tensor([2], -4, 4) }, 4), /invalid offsets/],
      'an offset that is no number': [fileOf({ t: tensor([1], '0', 4) }, 4), /invalid offsets/],
      'an end before the begin': [fileOf({ t: tensor([1], 4, 0) }, 4), /the offsets of tensor \w+ are wrong/],
      'an end out of range': [fileOf({ t: tensor([2 ** 20], 0, 2 ** 22) }, 4), /does not match its tensors/],
      'offsets and shape that differ': [fileOf({ t: tensor([2], 0, 4) }, 4), /the offsets of tensor \w+ are wrong/],
      overlap: [fileOf({ a: tensor([2], 0, 8), b: tensor([2], 4, 12) }, 12), /the offsets of tensor b are wrong/],
      'the same bytes twice': [
        fileOf({ a: tensor([1], 0, 4), b: tensor([1], 0, 4) }, 4),
        /the offsets of tensor \w+ are wrong/,
      ],
      'a gap': [fileOf({ a: tensor([1], 0, 4), b: tensor([1], 8, 12) }, 12), /the offsets of tensor b are wrong/],
      'a gap at the start': [fileOf({ a: tensor([1], 4, 8) }, 8), /the offsets of tensor a are wrong/],
      'bytes of no tensor': [fileOf({ a: tensor([1], 0, 4) }, 8), /does not match its tensors/],
    };
    for (const [what, [bytes, why]] of Object.entries(cases)) assertRefused(bytes, why, what);
  });

  it('are rejected with non-finite values', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const values = Float32Array.of(1, 2, bad);
      const bytes = encodeSafetensors({ metadata: {}, tensors: new Map([['t', { shape: [3], values }]]) });
      assertRefused(bytes, /t has a value that is NaN or infinite/, String(bad));
    }
  });
});
