import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs, flat, gradient, noise } from '../../fixtures/draw.js';
import { assemblePng, chunk, encodePng, pngOf } from '../../fixtures/png.js';

const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });
const small = { width: 4, height: 3 };

test('RGB and gray samples come back exactly', async () => {
  for (const channels of [1, 3] as const) {
    for (const drawing of [gradient, noise, flat, blobs]) {
      for (const [width, height] of [
        [1, 1],
        [1, 9],
        [17, 5],
      ] as const) {
        const raster = drawing({ width, height, channels });
        assert.deepEqual(await readImage(pngOf(raster)), { raster, metadata: [] });
      }
    }
  }
});

test('colour chunks do not touch the samples', async () => {
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

test('an interlaced file gives the same samples', async () => {
  const raster = blobs({ width: 33, height: 21 });
  const png = await sharp(raster.samples, { raw: raster }).png({ progressive: true }).toBuffer();
  assert.equal(png[28], 1, 'interlaced');
  assert.deepEqual((await readImage(png)).raster, raster);
});

test('what the codec does not take is refused by name', async () => {
  const png = (bitDepth: number, colourType: number, bytesPerRow: number, before = [chunk('tEXt', 'a\0b')]): Buffer =>
    encodePng({ ...small, bitDepth, colourType, rows: new Uint8Array(bytesPerRow * small.height), before });
  const palette = [chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6))];
  await assert.rejects(readImage(png(16, 2, 24)), unsupported(/16-bit/));
  await assert.rejects(readImage(png(4, 0, 2)), unsupported(/4-bit/));
  await assert.rejects(readImage(png(8, 3, 4, palette)), unsupported(/palette/));
  await assert.rejects(readImage(png(8, 4, 8)), unsupported(/alpha/));
  await assert.rejects(readImage(png(8, 6, 16)), unsupported(/alpha/));
  await assert.rejects(
    readImage(png(8, 2, 12, [chunk('tRNS', '\0\x01\0\x02\0\x03')])),
    unsupported(/transparent colour/),
  );
  await assert.rejects(readImage(png(8, 2, 12, [chunk('acTL', '\0\0\0\x01\0\0\0\0')])), unsupported(/animated/));
  await assert.rejects(readImage(png(8, 2, 12, [chunk('CgBI', '\0\0\0\0')])), unsupported(/CgBI/));
});

test('other formats are refused by name', async () => {
  const image = sharp(noise(small).samples, { raw: { ...small, channels: 3 } });
  await assert.rejects(readImage(await image.clone().jpeg().toBuffer()), unsupported(/JPEG file/));
  await assert.rejects(readImage(await image.clone().webp().toBuffer()), unsupported(/WebP file/));
  await assert.rejects(readImage(await image.clone().gif().toBuffer()), unsupported(/GIF file/));
  await assert.rejects(readImage(await image.clone().tiff().toBuffer()), unsupported(/TIFF file/));
  await assert.rejects(readImage(await image.clone().avif().toBuffer()), unsupported(/AVIF or HEIF file/));
  await assert.rejects(readImage(Buffer.from('some words')), unsupported(/not a PNG file/));
  await assert.rejects(readImage(Buffer.from('\x8fP\x01', 'latin1')), unsupported(/compressed already/));
  await assert.rejects(readImage(Buffer.alloc(0)), { code: 'input-unreadable', message: /empty/ });
});

test('damaged image data is refused', async () => {
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

test('a huge image is refused before it is decoded', async () => {
  const header = Buffer.from('\0\x0f\x42\x40\0\x0f\x42\x40\x08\x02\0\0\0', 'latin1');
  const bomb = assemblePng([chunk('IHDR', header), chunk('IDAT', 'x'), chunk('IEND', '')]);
  await assert.rejects(readImage(bomb), { code: 'limit', message: /1000000 x 1000000 .* --max-pixels/ });
  const small = pngOf({ width: 3, height: 2, channels: 1, samples: new Uint8Array(6) });
  await readImage(small, { maxPixels: 6 });
  await assert.rejects(readImage(small, { maxPixels: 5 }), { code: 'limit', message: /3 x 2 .* limit of 5/ });
});
