import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { decodeWithPngjs } from './pngjs.js';

const raster = noise({ width: 7, height: 6 });
const payload = (records: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(1), brotliCompressSync(Buffer.from(records, 'latin1'))]);

test('another decoder reads the samples, and nothing is added', async () => {
  for (const channels of [1, 3] as const) {
    const drawn = blobs({ width: 20, height: 11, channels });
    const png = await writePng(drawn, []);
    assert.deepEqual(decodeWithPngjs(png, channels), drawn.samples);
    assert.ok(readChunks(png).chunks.every(({ type }) => ['IHDR', 'IDAT', 'IEND'].includes(type)));
  }
});

test('metadata comes back verbatim, in order, in its place', async () => {
  const before = [
    chunk('pHYs', Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 1)),
    chunk('tEXt', 'Title\0one'),
    chunk('PLTE', Uint8Array.of(1, 2, 3)),
    chunk('bKGD', '\0\x01\0\x02\0\x03'),
    chunk('prVt', ''),
  ];
  const after = [chunk('tEXt', 'Title\0two'), chunk('tIME', Uint8Array.of(7, 0xe8, 1, 2, 3, 4, 5))];
  for (const extra of [{ before }, { after }, { before, after }]) {
    for (const trailing of ['', 'after the end']) {
      const original = Buffer.concat([pngOf(raster, extra), Buffer.from(trailing)]);
      const { raster: read, metadata } = await readImage(original);
      const written = await writePng(read, metadata);
      const others = (png: Buffer): unknown => {
        const { chunks, trailing } = readChunks(png);
        return [
          chunks.map(({ type, data }) => (type === 'IDAT' ? type : [type, Buffer.from(data)])),
          Buffer.from(trailing),
        ];
      };
      assert.deepEqual(others(written), others(original));
      assert.deepEqual((await readImage(written)).raster, raster);
    }
  }
});

test('metadata that is not well formed is refused', async () => {
  const corrupt = { name: 'PixrnnError', code: 'file-corrupt' };
  for (const records of [
    '\0\0\0',
    '\0\0\0\x09tEXtshort',
    '\0\0\0\0t3Xt',
    '\0\0\0\0IHDR',
    '\0\0\0\x06tRNS\0\0\0\0\0\0',
    '\0\0\0\0IDAT\0\0\0\0IDAT',
    '\0\0\0\0IDAT\0\0\0\0PLTE',
    '\0\0\0\0IEND\0\0\0\0tEXt',
  ]) {
    await assert.rejects(writePng(raster, [payload(records)]), corrupt, JSON.stringify(records));
  }
  await assert.rejects(writePng(raster, [Uint8Array.of(1, 0xff, 0xff, 0xff)]), corrupt);
  await assert.rejects(writePng(raster, [payload(''), payload('')]), corrupt);
  await assert.rejects(writePng(raster, [Uint8Array.of(2)]), { code: 'unknown-revision' });
});

test('metadata that would unpack without end is refused', async () => {
  await assert.rejects(writePng(raster, [payload('\0'.repeat(65 << 20))]), { code: 'file-corrupt' });
});
