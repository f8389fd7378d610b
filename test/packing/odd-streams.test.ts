/** Valid streams that no usual encoder makes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { BitWriter, assertDescribed, filteredBytes, zlibStream } from './samples.js';

/** Appends a literal of a fixed block; all bytes here are below 144. */
const literal = (writer: BitWriter, byte: number): BitWriter => writer.word(0x30 + byte, 8);
const end = (writer: BitWriter): BitWriter => writer.word(0, 7);

/** Returns a stored block. */
function stored(writer: BitWriter, bytes: Uint8Array, final: boolean, padding = 0): BitWriter {
  writer
    .bits(final ? 1 : 0, 1)
    .bits(0, 2)
    .pad(padding)
    .bits(bytes.length, 16)
    .bits(0xffff - bytes.length, 16);
  for (const byte of bytes) writer.bits(byte, 8);
  return writer;
}

async function check(writer: BitWriter, raw: Uint8Array): Promise<Uint8Array> {
  const stream = zlibStream(writer.bytes(), raw);
  assert.deepEqual(new Uint8Array(inflateSync(stream)), raw, 'the test makes another stream');
  return assertDescribed(stream, raw);
}

test('empty blocks of all types', async () => {
  const writer = new BitWriter();
  stored(writer, new Uint8Array(0), false);
  end(writer.bits(0, 1).bits(1, 2));
  end(writer.bits(0, 1).bits(1, 2));
  stored(writer, Uint8Array.of(9, 8, 7), false);
  end(writer.bits(1, 1).bits(1, 2));
  await check(writer, Uint8Array.of(9, 8, 7));
});

test('stored blocks of odd sizes, with padding that is not zero', async () => {
  const raw = filteredBytes(1000);
  const writer = new BitWriter();
  stored(writer, raw.subarray(0, 1), false, 1);
  stored(writer, raw.subarray(1, 600), false, 1);
  stored(writer, raw.subarray(600, 601), false);
  stored(writer, raw.subarray(601), true, 1);
  await check(writer, raw);
});

test('padding that is not zero at the end', async () => {
  const writer = literal(new BitWriter().bits(1, 1).bits(1, 2), 5);
  end(writer).pad(1);
  await check(writer, Uint8Array.of(5));
});

test('a length of 258 as 227 + 31, and literals where matches are long', async () => {
  const writer = new BitWriter().bits(1, 1).bits(1, 2);
  for (let i = 0; i < 42; i++) literal(writer, 3);
  writer
    .word(0xc0 + 4, 8)
    .bits(31, 5)
    .word(0, 5); // 284 and 31: length 258, distance 1
  writer.word(0xc0 + 5, 8).word(1, 5); // 285: length 258, distance 2
  writer
    .word(0xc0 + 4, 8)
    .bits(15, 5)
    .word(6, 5)
    .bits(1, 2); // length 242, distance 10
  writer.word(1, 7).word(2, 5); // length 3, distance 3
  end(writer);
  await check(writer, new Uint8Array(42 + 258 + 258 + 242 + 3).fill(3));
});

test('dynamic blocks with one distance, long tables, and runs written one by one', async () => {
  // Literals 0 and 1, end, and length 3; one distance code of one bit, so that the code is incomplete.
  const writer = new BitWriter().bits(1, 1).bits(2, 2).bits(29, 5).bits(29, 5).bits(15, 4);
  // Code length code: 0 and 2 with one and two bits, 1 with two; the others are unused. Order 16, 17, 18, 0, 8, ...
  const lengths = new Map([
    [0, 1],
    [1, 2],
    [2, 2],
  ]);
  for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
    writer.bits(lengths.get(symbol) ?? 0, 3);
  const words = new Map([
    [0, [0, 1]],
    [1, [2, 2]],
    [2, [3, 2]],
  ] as const);
  const write = (length: 0 | 1 | 2): void => {
    const [word, bits] = words.get(length)!;
    writer.word(word, bits);
  };
  for (let s = 0; s < 286; s++) write(s < 2 || s === 256 || s === 257 ? 2 : 0);
  for (let s = 0; s < 30; s++) write(s === 0 ? 1 : 0);
  // 0, 1, 1, then a match of length 3 at distance 1, then the end.
  writer.word(0, 2).word(1, 2).word(1, 2).word(3, 2).word(0, 1).word(2, 2);
  await check(writer, Uint8Array.of(0, 1, 1, 1, 1, 1));
});
