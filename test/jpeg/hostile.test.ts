import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import { emptyImage } from '#pixrnn/jpeg/frame.js';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import { readStructure } from '#pixrnn/jpeg/structure-reader.js';
import { writeJpeg } from '#pixrnn/jpeg/write-jpeg.js';
import { drawnImage } from './drawn-pixels.js';

const parse = (bytes: Uint8Array, maxPixels = 10_000): unknown => parseJpeg(bytes, { maxPixels });

/** Returns a file of an SOI marker and segments, each a marker and its payload. */
function fileOf(...segments: [marker: number, payload: number[]][]): Uint8Array {
  const parts = segments.map(([marker, payload]) => [0xff, marker, 0, payload.length + 2, ...payload]);
  return Uint8Array.from([0xff, 0xd8, ...parts.flat()]);
}

const frame = (width: number, height: number): number[] => {
  return [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
};
const SCAN: [number, number[]] = [0xda, [1, 1, 0, 0, 63, 0]];

test('unsupported kinds are refused with the reason', () => {
  const reasons: [number, RegExp][] = [
    [0xc3, /lossless JPEG is not supported/],
    [0xc5, /hierarchical JPEG is not supported/],
    [0xc9, /arithmetic-coded JPEG is not supported/],
    [0xca, /arithmetic-coded JPEG is not supported/],
    [0xcb, /lossless JPEG with arithmetic coding is not supported/],
    [0xde, /hierarchical JPEG is not supported/],
  ];
  for (const [marker, message] of reasons) {
    assert.throws(() => parse(fileOf([marker, frame(8, 8)])), { code: 'input-unsupported', message });
  }
  assert.throws(() => parse(fileOf([0xc0, [9, ...frame(8, 8).slice(1)]])), {
    code: 'input-unsupported',
    message: /9 bits a sample/,
  });
});

test('sizes are checked before memory is allocated', () => {
  const big = fileOf([0xc0, frame(65_535, 65_535)], SCAN);
  assert.throws(() => parse(big), { code: 'limit', option: 'maxPixels' });
  assert.throws(() => parse(big, Infinity), { code: 'input-unreadable', message: /too short for 65535 x 65535/ });
});

test('invalid headers are refused', () => {
  const invalid = [
    new Uint8Array(0),
    Uint8Array.of(0xff, 0xd8),
    Uint8Array.of(0x89, 0x50),
    fileOf(SCAN),
    fileOf([0xc0, frame(0, 8)], SCAN),
    fileOf([0xc0, frame(8, 0)], SCAN),
    fileOf([0xc0, frame(8, 8).slice(0, 8)], SCAN),
    fileOf([0xc0, [8, 0, 8, 0, 8, 5, ...Array<number>(15).fill(0x11)]], SCAN),
    fileOf([0xc0, [8, 0, 8, 0, 8, 1, 1, 0x51, 0]], SCAN),
    fileOf([0xc0, frame(8, 8)], [0xc0, frame(8, 8)], SCAN),
    fileOf([0xc0, frame(8, 8)], [0xda, [1, 2, 0, 0, 63, 0]]),
    fileOf([0xc0, frame(8, 8)], [0xda, [2, 1, 0, 1, 0, 0, 63, 0]]),
    fileOf([0xc0, frame(8, 8)], [0xda, [1, 1, 0x22, 0, 63, 0]]),
    fileOf([0xc2, frame(8, 8)], [0xda, [1, 1, 0, 0, 63, 0]]),
    fileOf([0xc2, frame(8, 8)], [0xda, [1, 1, 0, 5, 4, 0]]),
    fileOf([0xc2, frame(8, 8)], [0xda, [1, 1, 0, 1, 5, 0x20]]),
    fileOf([0xc4, [0, 3, ...Array<number>(15).fill(0), 1, 2, 3]], [0xc0, frame(8, 8)], SCAN),
  ];
  for (const bytes of invalid) {
    assert.throws(
      () => parse(bytes),
      { name: 'PixrnnError', code: 'input-unreadable' },
      Buffer.from(bytes).toString('hex'),
    );
  }
});

test('many scans and many nested candidates end in time', { timeout: 60_000 }, async () => {
  const file = await drawnImage(512, 512).jpeg({ quality: 10, progressive: true }).toBuffer();
  const at = file.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scans = Buffer.concat(Array<Buffer>(3000).fill(file.subarray(at, -2)));
  const repeated = Buffer.concat([file.subarray(0, -2), scans, file.subarray(-2)]);
  assert.equal(Buffer.compare(writeJpeg(parseJpeg(repeated, { maxPixels: 2 ** 20 })), repeated), 0);
  const cut = Buffer.concat(Array<Buffer>(60).fill(file.subarray(0, -2)));
  const nested = Buffer.concat([file, cut, Buffer.from('\xff\xd8\xff'.repeat(100_000), 'latin1')]);
  assert.equal(Buffer.compare(writeJpeg(parseJpeg(nested, { maxPixels: 2 ** 20 })), nested), 0);
});

test('many small segments and markers need little memory', async () => {
  const file = await drawnImage(30, 20).jpeg().toBuffer();
  const markers = Buffer.alloc(2 ** 21, '\xff\x01', 'latin1');
  const segments = Buffer.alloc(2 ** 21, '\xff\xe0\0\x02', 'latin1');
  const end = file.subarray(-2);
  for (const inserted of [markers, segments]) {
    const long = Buffer.concat([file.subarray(0, -2), inserted, end]);
    const parsed = parseJpeg(long, { maxPixels: 10_000 });
    assert.equal(Buffer.compare(writeJpeg(parsed), long), 0);
    assert.ok(readStructure(parsed.structure).length <= 2 ** 16 + 1);
  }
  assert.throws(() => parse(Buffer.concat([file.subarray(0, 2), segments, file.subarray(2)])), {
    code: 'input-unreadable',
    message: /more than 65536 segments/,
  });
});

test('records that do not fit their coefficients are refused', async () => {
  const parsed = parseJpeg(await drawnImage(30, 20).jpeg().toBuffer(), { maxPixels: 10_000 });
  const other = parseJpeg(await drawnImage(60, 20).jpeg().toBuffer(), { maxPixels: 10_000 });
  const corrupt = { name: 'PixrnnError', code: 'file-corrupt' };
  assert.throws(() => writeJpeg({ ...parsed, structure: other.structure }), corrupt);
  assert.throws(() => writeJpeg({ ...parsed, literals: Uint8Array.of(1) }), corrupt);
  assert.throws(() => writeJpeg({ ...parsed, nested: [other] }), corrupt);
  assert.throws(() => writeJpeg({ ...parsed, structure: new Uint8Array(0) }), corrupt);
  assert.throws(() => outlineOf(Uint8Array.of(99)), PixrnnError);
  assert.equal(emptyImage(outlineOf(parsed.structure).shape).components.length, 3);
});
