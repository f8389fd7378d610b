import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomBytes } from '#pixrnn/sampling/random-bytes.js';
import { deviation } from './chi-square.js';

/** Counts the values of a function of each byte, or of `length` other indices. */
function counts(classes: number, length: number, valueOf: (i: number) => number): Float64Array {
  const found = new Float64Array(classes);
  for (let i = 0; i < length; i++) found[valueOf(i)]!++;
  return found;
}

function assertUniform(found: Float64Array, what: string): void {
  const total = found.reduce((sum, count) => sum + count, 0);
  const z = deviation(found, new Float64Array(found.length).fill(total / found.length));
  assert.ok(Math.abs(z) < 4, `${what}: ${z}`);
}

test('the generator is xoshiro128**', () => {
  // The first words from the state 1, 2, 3, 4, computed with big integers in Python by the authors' definition.
  const words = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804];
  const random = RandomBytes.from([1, 2, 3, 4]);
  for (const word of words) assert.equal(random.nextWord(), word);
  assert.deepEqual([...RandomBytes.from([1, 2, 3, 4]).take(10)], [0, 0x2d, 0, 0, 0, 0, 0, 0, 0x80, 0x70]);
  assert.throws(() => RandomBytes.from([0, 0, 0, 0]), RangeError);
});

test('the same seed gives the same bytes on every machine', () => {
  // Computed by the same Python program.
  assert.equal(Buffer.from(RandomBytes.of(1, 0, 0).take(16)).toString('hex'), 'b4aeb2c72fc1b4625dc463456a398de7');
  assert.equal(Buffer.from(RandomBytes.of(2 ** 53 - 1).take(16)).toString('hex'), 'e1142cb208e2dd5257b5d616f4e1f4b7');
});

test('each seed has different bytes', () => {
  const seeds = [[], [0], [1], [2], [0, 0], [0, 1], [1, 0], [1, 1], [2 ** 32], [2 ** 32 + 1], [2 ** 53 - 1], [1, 0, 0]];
  const starts = seeds.map((seed) => Buffer.from(RandomBytes.of(...seed).take(8)).toString('hex'));
  assert.equal(new Set(starts).size, seeds.length);
});

test('bytes, bits and the values after them are uniform', () => {
  const length = 2 ** 20;
  for (const seed of [1, 2, 77]) {
    const bytes = RandomBytes.of(seed, 5).take(length);
    assertUniform(
      counts(256, length, (i) => bytes[i]!),
      'bytes',
    );
    for (let bit = 0; bit < 8; bit++)
      assertUniform(
        counts(2, length, (i) => (bytes[i]! >> bit) & 1),
        `bit ${bit}`,
      );
    for (const lag of [1, 2, 3, 4, 8, 16]) {
      const pairs = counts(256, length - lag, (i) => (bytes[i]! >> 4) * 16 + (bytes[i + lag]! >> 4));
      assertUniform(pairs, `bytes ${lag} apart`);
      assertUniform(
        counts(4, length - lag, (i) => (bytes[i]! & 1) * 2 + (bytes[i + lag]! & 1)),
        `low bits ${lag} apart`,
      );
    }
  }
});

test('the first bytes of neighbouring seeds are uniform and independent', () => {
  const count = 2 ** 17;
  for (const seedOf of [
    (i: number) => [i],
    (i: number) => [1, i],
    (i: number) => [i, 0, 1],
    (i: number) => [1, i >> 8, i & 255],
  ]) {
    const starts = Array.from({ length: count }, (_, i) => RandomBytes.of(...seedOf(i)).take(4));
    for (let at = 0; at < 4; at++) {
      assertUniform(
        counts(256, count, (i) => starts[i]![at]!),
        `byte ${at}`,
      );
      const pairs = counts(256, count - 1, (i) => (starts[i]![at]! & 15) * 16 + (starts[i + 1]![at]! & 15));
      assertUniform(pairs, `byte ${at} of neighbours`);
    }
  }
});
