import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAncillary, isPng, parseHeader, readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import { gradient } from '../../fixtures/draw.js';
import { assemblePng, chunk, pngOf } from '../../fixtures/png.js';

const png = pngOf(gradient({ width: 5, height: 4 }), {
  before: [chunk('pHYs', Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1))],
});
const unreadable = { name: 'PixrnnError', code: 'input-unreadable' };

test('chunks come back in order, and writing them gives the same file', () => {
  const { chunks, trailing } = readChunks(png);
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'pHYs', 'IDAT', 'IEND'],
  );
  assert.equal(trailing.length, 0);
  assert.deepEqual(writeChunks(chunks), png);
});

test('bytes after the end are returned apart', () => {
  const { trailing } = readChunks(Buffer.concat([png, Buffer.from('more')]));
  assert.equal(Buffer.from(trailing).toString(), 'more');
});

test('a file cut off anywhere is refused', () => {
  for (let length = 8; length < png.length; length++)
    assert.throws(() => readChunks(png.subarray(0, length)), unreadable);
});

test('any changed byte after the signature is noticed', () => {
  for (let index = 8; index < png.length; index++) {
    const damaged = Buffer.from(png);
    damaged[index]! ^= 0x20;
    assert.throws(() => readChunks(damaged), unreadable, `byte ${index}`);
  }
});

test('the order of chunks is checked', () => {
  const [header, , image, end] = readChunks(png).chunks;
  const text = chunk('tEXt', 'a\0b');
  assert.throws(() => readChunks(assemblePng([text, header!, image!, end!])), /IHDR/);
  assert.throws(() => readChunks(assemblePng([header!, header!, image!, end!])), /IHDR/);
  assert.throws(() => readChunks(assemblePng([header!, end!])), /no image data/);
  assert.throws(() => readChunks(assemblePng([header!, image!, text, image!, end!])), /between/);
});

test('header fields that PNG does not define are refused', () => {
  const header = readChunks(png).chunks[0]!.data;
  assert.deepEqual(parseHeader(header), { width: 5, height: 4, bitDepth: 8, colourType: 2 });
  const withByte = (index: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(header);
    copy[index] = value;
    return copy;
  };
  for (const bad of [
    withByte(3, 0),
    withByte(0, 0x80),
    withByte(10, 1),
    withByte(11, 1),
    withByte(12, 2),
    header.subarray(1),
  ]) {
    assert.throws(() => parseHeader(bad), unreadable);
  }
});

test('the signature and the ancillary bit', () => {
  assert.ok(isPng(png));
  assert.ok(!isPng(png.subarray(0, 7)));
  assert.ok(isAncillary('tEXt'));
  assert.ok(!isAncillary('PLTE'));
});
