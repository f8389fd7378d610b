import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { chunksOf, extrasOf } from '#pixrnn/image/ancillary-chunks.js';
import { NO_METADATA, packMetadata, unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs } from '../../fixtures/draw.js';
import { randomRaster } from './reference-png.js';

const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });

test('reads lossless WebP exactly, including colours under alpha 0', async () => {
  for (const channels of [3, 4] as const) {
    const raster = randomRaster(31, 17, { channels, depth: 8, indexed: false });
    if (channels === 4) raster.samples.forEach((_, i) => i % 4 === 3 && i % 8 === 3 && (raster.samples[i] = 0));
    const file = await sharp(raster.samples, { raw: { width: 31, height: 17, channels } })
      .webp({ lossless: true, exact: true })
      .toBuffer();
    const read = await readImage(file);
    assert.deepEqual(read.raster, raster);
    assert.deepEqual([read.source.format, read.source.lossy, read.metadata], ['WebP', false, []]);
  }
});

test('samples can be transferred to another thread', async () => {
  const file = await sharp(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } })
    .webp({ lossless: true })
    .toBuffer();
  const { samples } = (await readImage(file)).raster;
  assert.equal(structuredClone(samples, { transfer: [samples.buffer as ArrayBuffer] }).length, 12);
  assert.equal(samples.length, 0);
});

test('writes RGB and RGBA exactly, with profile, EXIF and XMP verbatim', async () => {
  const extras = {
    icc: Buffer.from('a profile'),
    exif: Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'),
    xmp: Buffer.from('<x/>'),
  };
  const metadata = [(await packMetadata({ ...NO_METADATA, beforeImage: chunksOf(extras) }))!];
  for (const channels of [3, 4] as const) {
    for (const [width, height] of [
      [1, 1],
      [30, 21],
    ] as const) {
      const raster = randomRaster(width, height, { channels, depth: 8, indexed: false }, 5);
      assert.deepEqual((await readImage(await writeImage(raster, [], 'webp'))).raster, raster);
      const read = await readImage(await writeImage(raster, metadata, 'webp'));
      assert.deepEqual(read.raster, raster);
      const { icc, exif, xmp } = extrasOf(await unpackMetadata(read.metadata[0]!));
      assert.deepEqual({ icc: Buffer.from(icc!), exif: Buffer.from(exif!), xmp: Buffer.from(xmp!) }, extras);
    }
  }
});

test('writes no alpha if it is opaque everywhere, and keeps the colours', async () => {
  const raster = randomRaster(6, 5, { channels: 4, depth: 8, indexed: false });
  for (let i = 3; i < raster.samples.length; i += 4) raster.samples[i] = 255;
  const read = await readImage(await writeImage(raster, [], 'webp'));
  assert.equal(read.raster.channels, 3);
  assert.deepEqual(
    read.raster.samples,
    raster.samples.filter((_, i) => i % 4 !== 3),
  );
});

test('rejects lossy WebP with both sizes unless it is allowed', async () => {
  const file = await sharp(blobs({ width: 32, height: 16 }).samples, { raw: { width: 32, height: 16, channels: 3 } })
    .webp({ quality: 50 })
    .toBuffer();
  const sizes = new RegExp(`${file.length} bytes decode to 1,536 bytes .*32 x 16 RGB.*allowLossySource`);
  await assert.rejects(readImage(file), unsupported(sizes));
  const { raster, source } = await readImage(file, { allowLossySource: true });
  const { data } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual(Buffer.from(raster.samples as Uint8Array), data);
  assert.ok(source.lossy);
  assert.match(source.warnings.join(), /decoded samples of the WebP file are kept/);
});

test('rejects an animation, or reads its first frame', async () => {
  const frames = randomRaster(6, 10, { channels: 3, depth: 8, indexed: false });
  const file = await sharp(frames.samples, { raw: { width: 6, height: 10, channels: 3, pageHeight: 5 } })
    .webp({ lossless: true, exact: true })
    .toBuffer();
  await assert.rejects(readImage(file), unsupported(/animated WebP of 2 frames\. .*firstFrame/));
  const { raster, source } = await readImage(file, { firstFrame: true });
  assert.deepEqual(raster.samples, frames.samples.subarray(0, 6 * 5 * 3));
  assert.deepEqual(
    [raster.height, source.pages, source.lossy, source.warnings],
    [5, 2, false, ['only the first of 2 frames is kept']],
  );
});

test('rejects corrupt files', async () => {
  const whole = await writeImage(randomRaster(9, 9, { channels: 3, depth: 8, indexed: false }), [], 'webp');
  await assert.rejects(readImage(whole.subarray(0, -20)), unreadable(/cut off/));
  await assert.rejects(readImage(whole.subarray(0, 18)), unreadable(/WebP file is/));
  await assert.rejects(readImage(whole, { maxPixels: 80 }), { code: 'limit' });
});
