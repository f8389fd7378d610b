import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { decodeWithPngjs } from './pngjs.js';
import { randomRaster } from './reference-png.js';

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

test('restores metadata verbatim, in order, at its position', async () => {
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
      const others = (png: Uint8Array): unknown => {
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

test('rejects malformed metadata', async () => {
  const corrupt = { name: 'PixrnnError', code: 'file-corrupt' };
  for (const records of [
    '\0\0\0',
    '\0\0\0\x09tEXtshort',
    '\0\0\0\0t3Xt',
    '\0\0\0\0IHDR',
    '\0\0\0\x02tRNS\0\0',
    '\0\0\0\0IDAT\0\0\0\x06tRNS\0\0\0\0\0\0',
    '\0\0\0\x08acTL\0\0\0\0\0\0\0\0',
    '\0\0\0\x06tRNS\0\0\0\0\0\0\0\0\0\x06tRNS\0\0\0\0\0\0',
    '\0\0\0\0IDAT\0\0\0\0IDAT',
    '\0\0\0\0IDAT\0\0\0\0PLTE',
    '\0\0\0\0IEND\0\0\0\0tEXt',
  ]) {
    await assert.rejects(writePng(raster, [payload(records)]), corrupt, JSON.stringify(records));
  }
  await assert.rejects(writePng(raster, [Uint8Array.of(1, 0xff, 0xff, 0xff)]), corrupt);
  await assert.rejects(writePng(raster, [payload(''), payload('')]), corrupt);
  for (const start of [[], [2]]) await assert.rejects(writePng(raster, [Uint8Array.from(start)]), corrupt);
});

test('rejects metadata that would unpack without end', async () => {
  await assert.rejects(writePng(raster, [payload('\0'.repeat(65 << 20))]), { code: 'file-corrupt' });
});

test('reads metadata of the first versions', async () => {
  const stored = 'ARs4APiPlKttvBOI23Z+sWbBh4OKwWDVkF8C6KFSiDGA7nFcKKDpNx8fIHo7QM2YXgu1Alj46g==';
  const { chunks, trailing } = readChunks(await writePng(raster, [Buffer.from(stored, 'base64')]));
  assert.deepEqual(
    chunks.filter(({ type }) => type !== 'IHDR' && type !== 'IDAT').map(({ type, data }) => [type, ...data]),
    [['PLTE', 1, 2, 3], ['tEXt', 0x61, 0, 0x62], ['tIME', 7, 232, 1, 2, 3, 4, 5], ['IEND']],
  );
  assert.equal(Buffer.from(trailing).toString(), 'more');
});

test('rejects PLTE and tRNS that do not suit the image', async () => {
  const indexed = randomRaster(3, 3, { channels: 1, depth: 8, indexed: true });
  const corrupt = (message: RegExp): object => ({ name: 'PixrnnError', code: 'file-corrupt', message });
  await assert.rejects(writePng(indexed, []), corrupt(/does not fit the image: it has no PLTE chunk/));
  const palette = '\0\0\0\x03PLTEabc';
  await writePng(indexed, [payload(`${palette}\0\0\0\x01tRNSx`)]);
  await assert.rejects(writePng(indexed, [payload(`${palette}\0\0\0\x02tRNSxy`)]), corrupt(/palette of 1 colours/));
  await assert.rejects(writePng(indexed, [payload(palette + palette)]), corrupt(/more than one PLTE/));
  const alpha = randomRaster(3, 3, { channels: 4, depth: 8, indexed: false });
  await assert.rejects(
    writePng(alpha, [payload('\0\0\0\x02tRNSxy')]),
    corrupt(/both a tRNS chunk and an alpha channel/),
  );
});
