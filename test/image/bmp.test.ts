import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { type PngMetadata, unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { type ReadImage, readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { type BmpParts, referenceBmp } from './reference-bmp.js';

const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });

async function metadataOf({ metadata }: ReadImage): Promise<PngMetadata> {
  return unpackMetadata(metadata[0]!);
}

async function samplesOf(parts: BmpParts): Promise<number[]> {
  return Array.from((await readImage(referenceBmp(parts))).raster.samples);
}

test('24 bits are RGB, rows from bottom to top or from top to bottom, padded to 4 bytes', async () => {
  const pixels = [1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0];
  const read = await readImage(referenceBmp({ width: 2, height: 2, bits: 24, pixels }));
  const samples = Uint8Array.of(9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4);
  assert.deepEqual(read.raster, { width: 2, height: 2, channels: 3, depth: 8, indexed: false, samples });
  assert.equal(read.source.format, 'BMP');
  const topDown = await samplesOf({ width: 2, height: -2, bits: 24, pixels });
  assert.deepEqual(topDown, [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
  assert.deepEqual(await samplesOf({ width: 2, height: 2, bits: 24, version: 12, pixels }), Array.from(samples));
});

test('restores the resolution exactly', async () => {
  const { beforeImage } = await metadataOf(
    await readImage(referenceBmp({ width: 1, height: 1, bits: 24, pixels: [1, 2, 3, 0] })),
  );
  assert.deepEqual(
    beforeImage.map(({ type, data }) => [type, ...data]),
    [['pHYs', 0, 0, 14, 196, 0, 0, 11, 19, 1]],
  );
});

test('palettes stay palettes', async () => {
  const palette = [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0];
  for (const [bits, pixels] of [
    [1, [0b10100000, 0, 0, 0]],
    [2, [0b01000100, 0, 0, 0]],
    [4, [0x10, 0x10, 0, 0]],
    [8, [1, 0, 1, 0]],
  ] as const) {
    const colours = palette.slice(0, bits === 1 ? 8 : 12);
    const read = await readImage(referenceBmp({ width: 3, height: 1, bits, palette: colours, pixels: [...pixels] }));
    const samples = Uint8Array.of(1, 0, 1);
    assert.deepEqual(read.raster, { width: 3, height: 1, channels: 1, depth: bits, indexed: true, samples });
    const chunks = readChunks(await writePng(read.raster, read.metadata)).chunks;
    const plte = [3, 2, 1, 6, 5, 4, 9, 8, 7].slice(0, bits === 1 ? 6 : 9);
    assert.deepEqual([chunks[1]!.type, ...chunks[1]!.data], ['PLTE', ...plte]);
  }
});

test('decodes runs of 8- and 4-bit indices', async () => {
  const palette = Array.from({ length: 64 }, (_, i) => i);
  // 3 times 5; 3 single pixels and padding; end of row; 6 times 7; end of image
  const runs8 = [3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 6, 7, 0, 1];
  const rle8 = { width: 6, height: 2, bits: 8, compression: 1, palette, pixels: runs8 };
  assert.deepEqual(await samplesOf(rle8), [7, 7, 7, 7, 7, 7, 5, 5, 5, 1, 2, 3]);
  const runs4 = [3, 0x56, 0, 3, 0x12, 0x30, 0, 0, 6, 0x77, 0, 0, 0, 1];
  const rle4 = { ...rle8, bits: 4, compression: 2, pixels: runs4 };
  assert.deepEqual(await samplesOf(rle4), [7, 7, 7, 7, 7, 7, 5, 6, 5, 1, 2, 3]);
  const gap = unsupported(/run lengths that skip pixels/);
  await assert.rejects(samplesOf({ ...rle8, pixels: [3, 5, 0, 0, 6, 7, 0, 1] }), gap);
  await assert.rejects(samplesOf({ ...rle8, pixels: [6, 5, 0, 1] }), gap);
  await assert.rejects(samplesOf({ ...rle8, pixels: [0, 2, 1, 1, 0, 1] }), gap);
  await assert.rejects(
    samplesOf({ ...rle8, pixels: [7, 5, 0, 1] }),
    unreadable(/run of pixels extends beyond the image/),
  );
  await assert.rejects(samplesOf({ ...rle8, pixels: [6, 5] }), unreadable(/cut off: pixels are missing/));
});

test('scales fields of fewer bits, with sBIT', async () => {
  const pixel = (red: number, green: number, blue: number, greenBits: number): number[] => {
    const value = (red << (5 + greenBits)) | (green << 5) | blue;
    return [value & 255, value >> 8, 0, 0];
  };
  const size = { width: 1, height: 1, bits: 16 };
  const five = await readImage(referenceBmp({ ...size, pixels: pixel(31, 16, 1, 5) }));
  assert.deepEqual(Array.from(five.raster.samples), [255, 132, 8]);
  assert.deepEqual([...(await metadataOf(five)).beforeImage[0]!.data], [5, 5, 5]);
  const masks = [0xf800, 0x7e0, 0x1f];
  const six = await readImage(referenceBmp({ ...size, compression: 3, masks, pixels: pixel(31, 63, 0, 6) }));
  assert.deepEqual(Array.from(six.raster.samples), [255, 255, 0]);
  assert.deepEqual([...(await metadataOf(six)).beforeImage[0]!.data], [5, 6, 5]);
});

test('32 bits: alpha if the file has a mask for it; drops a spare byte only if it is empty', async () => {
  const size = { width: 2, height: 1, bits: 32 };
  const pixels = [1, 2, 3, 128, 4, 5, 6, 0];
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  for (const version of [56, 108, 124]) {
    const read = await readImage(referenceBmp({ ...size, version, compression: 3, masks, pixels }));
    assert.deepEqual([read.raster.channels, ...read.raster.samples], [4, 3, 2, 1, 128, 6, 5, 4, 0]);
  }
  const empty = await readImage(referenceBmp({ ...size, pixels: [1, 2, 3, 0, 4, 5, 6, 0] }));
  assert.deepEqual([empty.raster.channels, ...empty.raster.samples], [3, 3, 2, 1, 6, 5, 4]);
  assert.deepEqual(empty.source.warnings, []);
  const used = await readImage(referenceBmp({ ...size, pixels }));
  assert.deepEqual([used.raster.channels, ...used.raster.samples], [4, 3, 2, 1, 128, 6, 5, 4, 0]);
  assert.match(used.source.warnings.join(), /undefined fourth byte/);
});

test('keeps an embedded profile', async () => {
  const read = await readImage(
    referenceBmp({ width: 1, height: 1, bits: 24, version: 124, pixels: [1, 2, 3, 0], profile: 'ICC!' }),
  );
  assert.ok((await metadataOf(read)).beforeImage.some(({ type }) => type === 'iCCP'));
});

test('rejects corrupt files and unsupported kinds', async () => {
  const good = { width: 3, height: 2, bits: 24, pixels: Array<number>(24).fill(1) };
  const whole = referenceBmp(good);
  for (let length = 2; length < whole.length; length++) {
    await assert.rejects(readImage(whole.subarray(0, length)), unreadable(/cut off/), `${length} bytes`);
  }
  const refused = (change: Partial<BmpParts>, error: object): Promise<void> =>
    assert.rejects(readImage(referenceBmp({ ...good, ...change })), error);
  await refused({ width: 0 }, unreadable(/0 x 2 pixels/));
  await refused({ bits: 7 }, unsupported(/7 bits per pixel/));
  await refused({ compression: 4, bits: 0 }, unsupported(/with JPEG data/));
  await refused({ compression: 5, bits: 0 }, unsupported(/with PNG data/));
  await refused({ version: 64, compression: 3 }, unsupported(/24 bits per pixel/));
  await refused({ bits: 8, used: 4000 }, unreadable(/palette is cut off/));
  const masks = [0x3ff00000, 0xffc00, 0x3ff];
  await refused({ bits: 32, compression: 3, masks }, unsupported(/more than 8 bits per channel/));
  await refused({ bits: 32, compression: 3, masks: [0xf0f, 0xf0, 0xff0000] }, unreadable(/not contiguous/));
  await refused({ bits: 32, compression: 3, masks: [0xff, 0xff00, 0] }, unsupported(/an empty colour mask/));
  await assert.rejects(readImage(whole, { maxPixels: 5 }), { code: 'limit' });
});
