import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAncillary, readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import { gradient } from '../../fixtures/draw.js';
import { assemblePng, chunk, pngOf } from '../../fixtures/png.js';

const png = pngOf(gradient({ width: 5, height: 4 }), {
  before: [chunk('pHYs', Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1))],
});
const unreadable = { name: 'PixrnnError', code: 'input-unreadable' };

test('returns chunks in order, and writing them gives the same file', () => {
  const { chunks, trailing } = readChunks(png);
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'pHYs', 'IDAT', 'IEND'],
  );
  assert.equal(trailing.length, 0);
  assert.deepEqual(Buffer.from(writeChunks(chunks)), png);
});

test('returns bytes after the end separately', () => {
  const { trailing } = readChunks(Buffer.concat([png, Buffer.from('more')]));
  assert.equal(Buffer.from(trailing).toString(), 'more');
});

test('rejects a file truncated anywhere', () => {
  for (let length = 8; length < png.length; length++)
    assert.throws(() => readChunks(png.subarray(0, length)), unreadable);
});

test('detects any changed byte after the signature', () => {
  for (let index = 8; index < png.length; index++) {
    const damaged = Buffer.from(png);
    damaged[index]! ^= 0x20;
    assert.throws(() => readChunks(damaged), unreadable, `byte ${index}`);
  }
});

test('checks the order of chunks', () => {
  const [header, , image, end] = readChunks(png).chunks;
  const text = chunk('tEXt', 'a\0b');
  assert.throws(() => readChunks(assemblePng([text, header!, image!, end!])), /IHDR/);
  assert.throws(() => readChunks(assemblePng([header!, header!, image!, end!])), /IHDR/);
  assert.throws(() => readChunks(assemblePng([header!, end!])), /no image data/);
  assert.throws(
    () => readChunks(assemblePng([header!, image!, text, image!, end!])),
    /IDAT chunks are separated by a tEXt chunk/,
  );
  const palette = chunk('PLTE', 'abc');
  assert.throws(() => readChunks(assemblePng([header!, image!, palette, end!])), /PLTE chunk follows/);
  assert.throws(() => readChunks(assemblePng([header!, palette, palette, image!, end!])), /more than one PLTE/);
  assert.throws(() => readChunks(assemblePng([header!, image!, chunk('IEND', 'x')])), /IEND chunk is not empty/);
});

test('rejects an unknown critical chunk by name', () => {
  const [header, , image, end] = readChunks(png).chunks;
  for (const chunks of [
    [chunk('CgBI', '\0\0\0\0'), header!, image!, end!],
    [header!, chunk('CgBI', ''), image!, end!],
  ]) {
    assert.throws(() => readChunks(assemblePng(chunks)), {
      code: 'input-unsupported',
      message: /unknown critical chunk, CgBI/,
    });
  }
});

test('reads the ancillary bit', () => {
  assert.ok(isAncillary('tEXt'));
  assert.ok(!isAncillary('PLTE'));
});
