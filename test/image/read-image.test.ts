import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { blobs, flat, gradient, noise } from '../../fixtures/draw.js';
import { assemblePng, chunk, pngOf } from '../../fixtures/png.js';
import { palette, randomRaster, referencePng } from './reference-png.js';

const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });
const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const small = { width: 4, height: 3 };

test('reads RGB and gray samples exactly', async () => {
  for (const channels of [1, 3] as const) {
    for (const drawing of [gradient, noise, flat, blobs]) {
      for (const [width, height] of [
        [1, 1],
        [1, 9],
        [17, 5],
      ] as const) {
        const raster = drawing({ width, height, channels });
        const { raster: read, metadata } = await readImage(pngOf(raster));
        assert.deepEqual({ read, metadata }, { read: raster, metadata: [] });
      }
    }
  }
});

test('colour chunks do not change the samples', async () => {
  const raster = noise({ width: 16, height: 16 });
  const profile = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const before = [
    chunk('gAMA', Uint8Array.of(0, 0, 0x40, 0)),
    chunk('iCCP', profile.subarray(profile.indexOf('iCCP') + 4, profile.indexOf('IDAT') - 8)),
    chunk('sBIT', Uint8Array.of(5, 5, 5)),
    chunk('eXIf', 'II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0'),
  ];
  const read = await readImage(pngOf(raster, { before }));
  assert.deepEqual(read.raster, raster);
  assert.equal(read.metadata.length, 1);
});

test('an interlaced file has the same samples', async () => {
  const raster = blobs({ width: 33, height: 21 });
  const png = await sharp(raster.samples, { raw: raster }).png({ progressive: true }).toBuffer();
  assert.equal(png[28], 1, 'interlaced');
  assert.deepEqual((await readImage(png)).raster, raster);
});

test('keeps the other chunks of a palette image, and indices beyond the palette', async () => {
  const raster = randomRaster(9, 5, { channels: 1, depth: 4, indexed: true });
  const before = [palette(5), chunk('tRNS', Uint8Array.of(0, 7, 255)), chunk('hIST', '\0\x01\0\x02\0\x03\0\x04\0\x05')];
  const png = referencePng(raster, { before, after: [chunk('tEXt', 'Title\0x')] });
  const read = await readImage(png);
  assert.deepEqual(read.raster, raster);
  assert.ok(Math.max(...raster.samples) >= 5);
  const chunks = readChunks(await writePng(raster, read.metadata)).chunks;
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'PLTE', 'tRNS', 'hIST', 'IDAT', 'tEXt', 'IEND'],
  );
});

test('a transparent colour is a chunk, not an alpha channel', async () => {
  for (const kind of [
    { channels: 1, depth: 2 },
    { channels: 1, depth: 16 },
    { channels: 3, depth: 8 },
  ] as const) {
    const raster = randomRaster(6, 6, { ...kind, indexed: false });
    const key = chunk('tRNS', new Uint8Array(2 * kind.channels).fill(1));
    const read = await readImage(referencePng(raster, { before: [key] }));
    assert.deepEqual(read.raster, raster);
    const { chunks } = readChunks(await writePng(raster, read.metadata));
    assert.deepEqual([chunks[1]!.type, Buffer.from(chunks[1]!.data)], ['tRNS', Buffer.from(key.data)]);
  }
});

test('rejects PLTE and tRNS that do not suit the image', async () => {
  const of = (channels: 1 | 2 | 3 | 4, indexed: boolean, before: ReturnType<typeof chunk>[], after = before.slice(9)) =>
    readImage(referencePng(randomRaster(3, 3, { channels, depth: 8, indexed }), { before, after }));
  const [five, key] = [palette(5), chunk('tRNS', '\0\x01')];
  await assert.rejects(of(1, true, []), unreadable(/has no PLTE chunk/));
  await assert.rejects(of(1, true, [chunk('PLTE', '')]), unreadable(/PLTE chunk has 0 bytes/));
  await assert.rejects(of(1, true, [chunk('PLTE', 'abcd')]), unreadable(/PLTE chunk has 4 bytes/));
  await assert.rejects(of(1, true, [palette(257)]), unreadable(/PLTE chunk has 771 bytes/));
  await assert.rejects(of(3, false, [chunk('PLTE', 'abcd')]), unreadable(/PLTE chunk has 4 bytes/));
  await assert.rejects(of(1, true, [key, five]), unreadable(/tRNS chunk precedes PLTE/));
  await assert.rejects(of(1, true, [five, chunk('tRNS', '123456')]), unreadable(/6 bytes for a palette of 5 colours/));
  await assert.rejects(of(1, false, [key, key]), unreadable(/more than one tRNS/));
  await assert.rejects(of(1, false, [], [key]), unreadable(/tRNS chunk follows the image data/));
  await assert.rejects(of(3, false, [key]), unreadable(/2 bytes, which does not fit 8-bit RGB/));
  await assert.rejects(of(2, false, [key]), unreadable(/both a tRNS chunk and an alpha channel/));
  await assert.rejects(of(4, false, [key]), unreadable(/both a tRNS chunk and an alpha channel/));
});

test('stripMetadata keeps what belongs to the image', async () => {
  const types = async (png: Buffer): Promise<string[]> => {
    const { raster, metadata } = await readImage(png, { stripMetadata: true });
    return readChunks(await writePng(raster, metadata)).chunks.map(({ type }) => type);
  };
  const extra = [chunk('gAMA', '\0\0\x40\0'), chunk('tEXt', 'a\0b')];
  const indexed = randomRaster(3, 3, { channels: 1, depth: 8, indexed: true });
  const colour = randomRaster(3, 3, { channels: 3, depth: 8, indexed: false });
  const before = [...extra, palette(4), chunk('tRNS', '\0')];
  const trailing = Buffer.concat([referencePng(indexed, { before, after: extra }), Buffer.from('more')]);
  assert.deepEqual(await types(trailing), ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
  assert.deepEqual(await types(referencePng(colour, { before: [...extra, palette(4)] })), ['IHDR', 'IDAT', 'IEND']);
});

test('rejects an animated PNG, or reads its still image and reports that', async () => {
  const raster = noise(small);
  const [count, frame] = [chunk('acTL', '\0\0\0\x02\0\0\0\0'), chunk('fcTL', 'x'.repeat(26))];
  const text = chunk('tEXt', 'a\0b');
  const asFrame = pngOf(raster, { before: [count, frame, text], after: [frame, chunk('fdAT', '\0\0\0\x01x')] });
  await assert.rejects(readImage(asFrame), unsupported(/animated PNG of 2 frames\. .*firstFrame/));
  const read = await readImage(asFrame, { firstFrame: true });
  assert.deepEqual(read.raster, raster);
  assert.equal(read.source.pages, 2);
  assert.match(read.source.warnings.join(), /only the first frame is kept; 4 animation chunks/);
  const chunks = readChunks(await writePng(raster, read.metadata)).chunks.map(({ type }) => type);
  assert.deepEqual(chunks, ['IHDR', 'tEXt', 'IDAT', 'IEND']);
  const notAFrame = await readImage(pngOf(raster, { before: [count], after: [frame, frame] }), { firstFrame: true });
  assert.match(notAFrame.source.warnings.join(), /the still image, which is not part of the animation/);
});

test('names unsupported formats', async () => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
  const cases: [string, RegExp][] = [
    ['some words', /not an image file of a known format\. pixrnn reads JPEG, PNG, TIFF, WebP, BMP/],
    ['\x8fP\x01', /already a \.prnn file\. Use pixrnn decompress/],
    ['\xff\x0a', /JPEG XL files are not supported/],
    ['\0\0\0\x0cJXL \r\n', /JPEG XL files are not supported/],
    ['\0\0\0\x0cjP  \r\n', /JPEG 2000 files are not supported/],
    ['\0\0\0\x18ftypheic', /HEIF files \(HEVC\) are not supported/],
    ['PF\n1 1\n-1\n', /PFM files \(floating-point samples\) are not supported/],
    ['<svg xmlns="">', /SVG files \(vector graphics\) are not supported/],
  ];
  for (const [text, message] of cases) await assert.rejects(readImage(bytes(text)), unsupported(message));
  await assert.rejects(readImage(Buffer.alloc(0)), unreadable(/empty/));
});

test('rejects a page that the file lacks', async () => {
  const png = pngOf(noise(small));
  assert.equal((await readImage(png, { page: 1 })).source.pages, 1);
  await assert.rejects(readImage(png, { page: 2 }), unsupported(/no image 2: PNG files contain a single image/));
  await assert.rejects(readImage(png, { page: 0 }), unsupported(/numbered from 1/));
  await assert.rejects(readImage(png, { page: 1.5 }), unsupported(/numbered from 1/));
});

test('rejects an image that no buffer can hold, whatever the limit', async () => {
  const header = Buffer.from('\0\x7f\xff\xff\0\x7f\xff\xff\x08\x06\0\0\0', 'latin1');
  const png = assemblePng([chunk('IHDR', header), chunk('IDAT', 'x'), chunk('IEND', '')]);
  await assert.rejects(readImage(png, { maxPixels: Infinity }), {
    code: 'limit',
    message: /more than one array can hold/,
  });
});

test('rejects corrupt image data', async () => {
  const header = Buffer.from('\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0', 'latin1');
  const file = (data: Uint8Array): Buffer =>
    assemblePng([chunk('IHDR', header), { type: 'IDAT', data }, chunk('IEND', '')]);
  const good = deflateSync(Buffer.alloc(13 * 3));
  await readImage(file(good));
  const wrongChecksum = Buffer.from(good);
  wrongChecksum[good.length - 1]! ^= 1;
  const wrongFilter = deflateSync(Buffer.alloc(13 * 3, 9));
  for (const data of [
    good.subarray(0, -5),
    wrongChecksum,
    wrongFilter,
    deflateSync(Buffer.alloc(13 * 2)),
    Buffer.alloc(0),
  ]) {
    await assert.rejects(readImage(file(data)), { code: 'input-unreadable', message: /image data/ });
  }
});

test('rejects a huge image before decoding it', async () => {
  const header = Buffer.from('\0\x0f\x42\x40\0\x0f\x42\x40\x08\x02\0\0\0', 'latin1');
  const bomb = assemblePng([chunk('IHDR', header), chunk('IDAT', 'x'), chunk('IEND', '')]);
  await assert.rejects(readImage(bomb), { code: 'limit', message: /1000000 x 1000000 .* maxPixels/ });
  const small = pngOf({ width: 3, height: 2, channels: 1, samples: new Uint8Array(6) });
  await readImage(small, { maxPixels: 6 });
  await assert.rejects(readImage(small, { maxPixels: 5 }), { code: 'limit', message: /3 x 2 .* limit of 5/ });
});
