import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '#pixrnn/bytes.js';
import { FieldReader, FieldWriter } from '#pixrnn/recipe/fields.js';
import type { Part } from '#pixrnn/recipe/format.js';
import { joinSource, readSkeleton, skeletonOf, writeSkeleton } from '#pixrnn/recipe/skeleton.js';

const malformed = { name: 'PixrnnError', code: 'file-corrupt', message: /the recipe for the source file is malformed/ };

function written(skeleton: Uint8Array, dictionary: Uint8Array): Uint8Array {
  const fields = new FieldWriter();
  writeSkeleton(skeleton, dictionary, fields);
  return fields.finish();
}

/** Reads a skeleton from bytes that must not have any others. */
function read(bytes: Uint8Array, dictionary: Uint8Array, length: number): Uint8Array {
  const fields = new FieldReader(bytes);
  const skeleton = readSkeleton(fields, dictionary, length);
  assert.equal(fields.remaining, 0);
  return skeleton;
}

/** Skeletons with pieces of the dictionary in any order, and dictionaries with repetitions. */
const pairs = fc
  .record({
    dictionary: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(fc.constantFrom(0, 1), { maxLength: 300 })),
    pieces: fc.array(fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 100 }))), {
      maxLength: 12,
    }),
  })
  .map(({ dictionary: values, pieces }) => {
    const dictionary = Uint8Array.from(values);
    const parts = pieces.map((piece) =>
      piece instanceof Uint8Array ? piece : dictionary.subarray(piece[0], piece[0] + piece[1]),
    );
    return { dictionary, skeleton: concatBytes(parts) };
  });

test('restores any skeleton with any dictionary', () => {
  fc.assert(
    fc.property(pairs, ({ skeleton, dictionary }) => {
      assert.deepEqual(read(written(skeleton, dictionary), dictionary, skeleton.length), skeleton);
    }),
    { numRuns: 1000 },
  );
});

test('a skeleton that is its dictionary is a single copy', () => {
  const dictionary = Uint8Array.from({ length: 100 }, (_, i) => i * i);
  assert.deepEqual([...written(dictionary, dictionary)], [0, 100, 0]);
  assert.deepEqual([...written(dictionary.subarray(20, 50), dictionary)], [0, 30, 20]);
});

test('a skeleton without a dictionary is a single literal, an empty one is nothing', () => {
  const skeleton = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  assert.deepEqual([...written(skeleton, new Uint8Array(0))], [9, ...skeleton]);
  assert.deepEqual([...written(new Uint8Array(0), skeleton)], []);
});

test('goes on copying after a change of some bytes', () => {
  const dictionary = Uint8Array.from({ length: 200 }, (_, i) => i * 7 + (i >> 3));
  const skeleton = dictionary.map((value, i) => (i === 90 || i === 91 ? value ^ 1 : value));
  const fields = [0, 90, 0, 2, skeleton[90]!, skeleton[91]!, 108, 92];
  assert.deepEqual([...written(skeleton, dictionary)], fields);
});

test('cuts a source into skeleton and parts, and joins them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uint8Array(), fc.uint8Array())), fc.uint8Array(), (pieces, rest) => {
      const source = concatBytes([...pieces.flat(), rest]);
      const parts: Part[] = [];
      let end = 0;
      for (const [gap, { length }] of pieces) {
        parts.push({ offset: end + gap.length, length });
        end += gap.length + length;
      }
      const skeleton = skeletonOf(source, parts);
      assert.deepEqual(skeleton, concatBytes([...pieces.map(([gap]) => gap), rest]));
      const joined = parts.map((part, i) => ({ ...part, bytes: pieces[i]![1] }));
      assert.deepEqual(joinSource(skeleton, joined), source);
    }),
  );
});

test('rejects literals and copies that leave skeleton or dictionary', () => {
  const dictionary = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1);
  const accepted = (fields: number[], length: number) => read(Uint8Array.from(fields), dictionary, length);
  assert.deepEqual([...accepted([1, 5, 8, 1], 9)], [5, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.deepEqual([...accepted([0, 9, 0, 1, 5], 10)], [...dictionary, 5]);
  for (const [length, ...fields] of [
    [9], // no fields
    [9, 1], // a literal that is cut off
    [9, 1, 5], // no copy
    [9, 1, 5, 8], // no position
    [9, 1, 5, 8, 2], // a copy beyond the dictionary
    [9, 1, 5, 8, 10],
    [9, 1, 5, 9, 0], // a copy beyond the skeleton
    [9, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], // a literal beyond the skeleton
    [9, 1, 5, 0, 0, 8, 5, 5], // an empty copy
    [9, 1, 5, 7, 0, 1, 5], // a copy of fewer than 8 bytes
    [9, 0x81, 0, 5, 8, 1], // a number that is not in its shortest form
    [9, 0xff, 0xff, 0xff, 0xff, 0x7f],
  ] as [number, ...number[]][]) {
    const fieldReader = new FieldReader(Uint8Array.from(fields));
    assert.throws(() => readSkeleton(fieldReader, dictionary, length), malformed, `[${fields.join()}]`);
  }
});

test('any bytes are a skeleton of the claimed length, or malformed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 255 })), { maxLength: 40 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.nat({ max: 60 }),
      (fields, dictionary, length) => {
        const run = () => readSkeleton(new FieldReader(Uint8Array.from(fields)), dictionary, length);
        try {
          assert.equal(run().length, length);
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          assert.throws(run, malformed);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('memory is that of the skeleton, however many copies make it', () => {
  const length = 2 ** 20;
  const copies = length / 8;
  const fields = new Uint8Array(3 * copies);
  for (let i = 0; i < copies; i++) fields[3 * i + 1] = 8; // an empty literal, then a copy of eight bytes
  const before = process.memoryUsage();
  const skeleton = readSkeleton(new FieldReader(fields), new Uint8Array(8).fill(42), length);
  const after = process.memoryUsage();
  assert.ok(skeleton.every((byte) => byte === 42));
  const grown = after.arrayBuffers + after.heapTotal - before.arrayBuffers - before.heapTotal;
  assert.ok(grown < 50e6, `${grown} bytes`);
});
