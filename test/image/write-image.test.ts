import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PngChunk } from '#pixrnn/image/png-chunks.js';
import { NO_METADATA, packMetadata } from '#pixrnn/image/png-metadata.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writeImage, writingRemarks } from '#pixrnn/node/image/write-image.js';
import { chunk } from '../../fixtures/png.js';
import { palette, randomRaster } from './reference-png.js';

const metadataOf = async (...beforeImage: PngChunk[]): Promise<Uint8Array[]> => [
  (await packMetadata({ ...NO_METADATA, beforeImage }))!,
];
const indexed: Raster = {
  width: 4,
  height: 1,
  channels: 1,
  depth: 2,
  indexed: true,
  samples: Uint8Array.of(0, 1, 2, 1),
};
const colours = chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));

test('other formats store palettes as colours, with alpha if tRNS has any', async () => {
  const opaque = [1, 2, 3, 4, 5, 6, 7, 8, 9, 4, 5, 6];
  const alpha = [1, 2, 3, 100, 4, 5, 6, 0, 7, 8, 9, 255, 4, 5, 6, 0];
  for (const format of ['tiff', 'webp', 'pnm'] as const) {
    const plain = await readImage(await writeImage(indexed, await metadataOf(colours), format));
    assert.deepEqual(plain.raster, {
      ...indexed,
      channels: 3,
      depth: 8,
      indexed: false,
      samples: Uint8Array.from(opaque),
    });
    const metadata = await metadataOf(colours, chunk('tRNS', Uint8Array.of(100, 0)));
    const transparent = await readImage(await writeImage(indexed, metadata, format));
    assert.deepEqual(transparent.raster, {
      ...indexed,
      channels: 4,
      depth: 8,
      indexed: false,
      samples: Uint8Array.from(alpha),
    });
  }
});

test('an index beyond the palette can only be written to PNG', async () => {
  const metadata = await metadataOf(palette(2));
  assert.deepEqual((await readImage(await writeImage(indexed, metadata, 'png'))).raster, indexed);
  await assert.rejects(writeImage(indexed, metadata, 'pnm'), {
    code: 'input-unsupported',
    message: /pixel with index 2, which is outside its palette\. Write \.png instead/,
  });
});

test('a transparent colour becomes alpha', async () => {
  const gray: Raster = { ...indexed, indexed: false };
  const key = await metadataOf(chunk('tRNS', Uint8Array.of(0, 1)));
  const written = await readImage(await writeImage(gray, key, 'pnm'));
  assert.deepEqual([written.raster.channels, ...written.raster.samples], [2, 0, 255, 85, 0, 170, 255, 85, 0]);
  const samples = Uint16Array.of(1, 2, 3, 1, 2, 4);
  const rgb: Raster = { width: 2, height: 1, channels: 3, depth: 16, indexed: false, samples };
  const rgbKey = await metadataOf(chunk('tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3)));
  const tiff = await readImage(await writeImage(rgb, rgbKey, 'tiff'));
  assert.deepEqual([tiff.raster.channels, ...tiff.raster.samples], [4, 1, 2, 3, 0, 1, 2, 4, 65535]);
});

test('WebP stores gray as RGB, and rejects samples that it cannot hold', async () => {
  for (const [channels, depth] of [
    [1, 1],
    [1, 2],
    [1, 4],
    [1, 8],
    [2, 8],
  ] as const) {
    const raster = randomRaster(7, 5, { channels, depth, indexed: false });
    const { raster: read } = await readImage(await writeImage(raster, [], 'webp'));
    const factor = 255 / (2 ** depth - 1);
    for (let pixel = 0; pixel < 35; pixel++) {
      for (let c = 0; c < 3; c++) {
        assert.equal(read.samples[pixel * read.channels + c], raster.samples[pixel * channels]! * factor);
      }
      if (channels === 2) assert.equal(read.samples[pixel * 4 + 3], raster.samples[pixel * 2 + 1]);
    }
  }
  const deep = randomRaster(2, 2, { channels: 3, depth: 16, indexed: false });
  await assert.rejects(writeImage(deep, [], 'webp'), {
    code: 'usage',
    message: /8 bits per sample, but the image has 16/,
  });
  const long = randomRaster(16384, 1, { channels: 3, depth: 8, indexed: false });
  await assert.rejects(writeImage(long, [], 'webp'), {
    code: 'usage',
    message: /at most 16383 pixels per side.*16384 x 1/,
  });
  const fits = randomRaster(16383, 1, { channels: 3, depth: 8, indexed: false });
  assert.deepEqual((await readImage(await writeImage(fits, [], 'webp'))).raster, fits);
});

test('reports what a format changes', async () => {
  const metadata = await metadataOf(
    chunk('gAMA', '\0\0\x40\0'),
    colours,
    chunk('pHYs', Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1)),
  );
  assert.deepEqual(await writingRemarks(indexed, metadata, 'png'), []);
  assert.deepEqual(await writingRemarks(indexed, metadata, 'tiff'), [
    'the palette becomes RGB: pixrnn writes TIFF files without a palette',
    'TIFF does not support these chunks: gAMA',
  ]);
  assert.deepEqual(await writingRemarks(indexed, metadata, 'webp'), [
    'the palette becomes RGB: pixrnn writes WebP files without a palette',
    'WebP does not support these chunks: gAMA, pHYs',
  ]);
  const gray = randomRaster(2, 2, { channels: 1, depth: 8, indexed: false });
  const key = await metadataOf(chunk('tRNS', Uint8Array.of(0, 1)), chunk('sBIT', Uint8Array.of(5)));
  assert.deepEqual(await writingRemarks(gray, key, 'pnm'), ['the transparent colour becomes an alpha channel']);
  assert.deepEqual(await writingRemarks(gray, [], 'webp'), ['gray becomes RGB with the same samples in each channel']);
});

test('every format rejects a malformed raster', async () => {
  const bad = { ...randomRaster(2, 2, { channels: 3, depth: 8, indexed: false }), width: 3 };
  for (const format of ['png', 'tiff', 'webp', 'pnm'] as const) {
    await assert.rejects(writeImage(bad, [], format), { name: 'PixrnnError', code: 'usage' });
  }
});
