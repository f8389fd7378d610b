import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { extrasOf } from '#pixrnn/image/ancillary-chunks.js';
import { unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';

const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });

const { samples } = blobs({ width: 24, height: 16 });
const image = sharp(samples, { raw: { width: 24, height: 16, channels: 3 } });

test('rejects JPEG and AVIF with both sizes', async () => {
  for (const [name, file] of [
    ['a JPEG', await image.clone().jpeg().toBuffer()],
    ['an AVIF', await image.clone().avif().toBuffer()],
  ] as const) {
    const message = `it is ${name} file, .*: ${file.length.toLocaleString('en-US')} bytes decode to 1,152 bytes of samples`;
    await assert.rejects(readImage(file), unsupported(new RegExp(`${message} \\(24 x 16 RGB\\).*allowLossySource`)));
  }
});

test("if allowed, returns the decoder's samples, neither rotated nor converted", async () => {
  const file = await image
    .clone()
    .withIccProfile('p3')
    .withMetadata({ density: 300, orientation: 6 })
    .jpeg({ quality: 80 })
    .toBuffer();
  const { raster, metadata, source } = await readImage(file, { allowLossySource: true });
  const decoded = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
  assert.deepEqual([raster.width, raster.height, raster.channels, raster.depth], [24, 16, 3, 8]);
  assert.deepEqual(Buffer.from(raster.samples as Uint8Array), decoded);
  assert.deepEqual([source.format, source.lossy], ['JPEG', true]);
  assert.match(source.warnings.join(), /decoded samples of the JPEG file are kept/);
  const { icc, exif, resolution } = extrasOf(await unpackMetadata(metadata[0]!));
  const info = await sharp(file).metadata();
  assert.deepEqual(Buffer.from(icc!), info.icc);
  assert.deepEqual(Buffer.from(exif!), info.exif!.subarray(6));
  assert.deepEqual(resolution, [11811, 11811]);
});

test('reads gray JPEG as gray and rejects CMYK', async () => {
  const gray = await image.clone().toColourspace('b-w').jpeg().toBuffer();
  assert.equal((await readImage(gray, { allowLossySource: true })).raster.channels, 1);
  const cmyk = await image.clone().toColourspace('cmyk').jpeg().toBuffer();
  await assert.rejects(readImage(cmyk, { allowLossySource: true }), unsupported(/CMYK images are not supported/));
});

test('reads AVIF if allowed', async () => {
  const file = await image.clone().avif({ lossless: true }).toBuffer();
  const { raster, source } = await readImage(file, { allowLossySource: true });
  assert.deepEqual([raster.width, raster.height, raster.channels, source.format], [24, 16, 3, 'AVIF']);
  assert.deepEqual(Buffer.from(raster.samples as Uint8Array), await sharp(file, { ignoreIcc: true }).raw().toBuffer());
});

test('rejects corrupt files and large ones', async () => {
  const file = await image.clone().jpeg().toBuffer();
  const options = { allowLossySource: true };
  await assert.rejects(readImage(file.subarray(0, 40), options), {
    code: 'input-unreadable',
    message: /JPEG file is damaged/,
  });
  await assert.rejects(readImage(file.subarray(0, -60), options), { code: 'input-unreadable', message: /JPEG/ });
  await assert.rejects(readImage(file, { ...options, maxPixels: 383 }), { code: 'limit' });
});
