import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { blobs, draw, noise } from '../../fixtures/draw.js';
import { readTiff } from '#pixrnn/image/tiff-ifd.js';
import { TAG } from '#pixrnn/image/tiff-tags.js';
import { TIFF_LZW } from '#pixrnn/packing/lzw-codes.js';
import { describeLzw } from '#pixrnn/packing/lzw.js';
import { type Field, type TiffParts, referenceTiff } from '../image/reference-tiff.js';
import { referenceLzw } from '../packing/reference-lzw.js';
import { hasRecipe, recipeBytes } from './exact-files.js';

const bytes = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * i + (i >> 3)) & 255);

/** Every kind of sample that is read. */
const kinds: Omit<TiffParts, 'width' | 'height' | 'data'>[] = [
  ...[1, 2, 4, 8, 16].flatMap((bits) => [0, 1].map((photometric) => ({ bits, photometric }))),
  { bits: 8, photometric: 2, channels: 3 },
  { bits: 16, photometric: 2, channels: 3 },
  { bits: 8, photometric: 2, channels: 4, fields: [[338, 3, [2]]] },
  { bits: 16, photometric: 2, channels: 4, fields: [[338, 3, [2]]] },
  { bits: 8, photometric: 1, channels: 2, fields: [[338, 3, [2]]] },
  { bits: 4, photometric: 3, fields: [[320, 3, Array.from({ length: 48 }, (_, i) => (i * 5 + 1) * 257)]] },
  { bits: 8, photometric: 3, fields: [[320, 3, Array.from({ length: 768 }, (_, i) => (i & 255) * 257)]] },
];

test('uncompressed files of every kind come back, in both byte orders', async () => {
  const [width, height] = [37, 11];
  for (const kind of kinds) {
    const { bits, channels = 1 } = kind;
    const rowBytes = Math.ceil((width * channels * bits) / 8);
    const data = bytes(rowBytes * height);
    for (let y = 1; y <= height; y++) {
      const used = (width * channels * bits) % 8;
      if (used > 0) data[y * rowBytes - 1]! &= 0xff00 >> used; // padding of zeros
    }
    for (const bigEndian of [false, true]) {
      const size = await recipeBytes(referenceTiff({ ...kind, width, height, data, bigEndian }));
      assert.ok(size < 220, `${bits} bits, photometric ${kind.photometric}: ${size} bytes`);
    }
  }
});

const gray = { bits: 8, photometric: 1 };

test('padding bits that are not zero come back', async () => {
  const data = bytes(2 * 9);
  assert.ok(data.some((byte, i) => i % 2 === 1 && (byte & 0x7f) !== 0));
  await recipeBytes(referenceTiff({ width: 9, height: 9, bits: 1, photometric: 1, data }));
});

test('strips in any order, and bits in reverse order, come back', async () => {
  const parts: TiffParts = { ...gray, width: 30, height: 10, data: bytes(300) };
  const strips = (offsets: number[]): Field[] => [
    [278, 4, [4]],
    [273, 4, offsets],
    [279, 4, [120, 120, 60]],
  ];
  await recipeBytes(referenceTiff({ ...parts, fields: strips([8, 128, 248]) }));
  await recipeBytes(referenceTiff({ ...parts, fields: strips([188, 8, 128]) }));
  await recipeBytes(referenceTiff({ ...parts, fields: [[266, 3, [2]]] }));
});

test('the chosen page of several comes back with the others', async () => {
  const page = { ...gray, width: 20, height: 15 };
  const file = referenceTiff(
    { ...page, data: bytes(300) },
    { ...page, data: bytes(300).reverse() },
    { ...page, width: 15, height: 20, data: bytes(300) },
  );
  for (const number of [1, 2, 3]) await recipeBytes(file, { page: number });
});

/** A tile for each 16 x 16 pixels, with `outside` for the samples beyond the edge. */
function tiled(width: number, height: number, outside: (x: number, y: number) => number): Buffer {
  const inside = (x: number, y: number): number => (x * 7 + y * y) & 255;
  const tiles: number[][] = [];
  for (let top = 0; top < height; top += 16) {
    for (let left = 0; left < width; left += 16) {
      tiles.push(
        Array.from({ length: 256 }, (_, i) => {
          const [x, y] = [left + (i % 16), top + (i >> 4)];
          return x < width && y < height ? inside(x, y) : outside(x, y);
        }),
      );
    }
  }
  const fields: Field[] = [
    [273, 4, []],
    [278, 4, []],
    [279, 4, []],
    [322, 3, [16]],
    [323, 3, [16]],
    [324, 4, tiles.map((_, i) => 8 + i * 256)],
    [325, 4, tiles.map(() => 256)],
  ];
  return referenceTiff({ ...gray, width, height, data: tiles.flat(), fields });
}

test('tiles come back, whatever is beyond the edge', async () => {
  const [width, height] = [37, 45];
  const value = (x: number, y: number): number => (x * 7 + y * y) & 255;
  const zeros = await recipeBytes(tiled(width, height, () => 0));
  const last = (x: number, y: number): number => value(Math.min(x, width - 1), Math.min(y, height - 1));
  const replicated = await recipeBytes(tiled(width, height, last));
  // A buffer that is used for all tiles keeps what the one to the left, or the last one above, had there.
  const kept = await recipeBytes(
    tiled(width, height, (x, y) => {
      const above = y >= height ? [32 + (x % 16), y - 16] : [x, y];
      return value(above[0]! >= width ? above[0]! - 16 : above[0]!, above[1]!);
    }),
  );
  assert.ok(Math.max(zeros, replicated, kept) < 160, `${zeros}, ${replicated}, ${kept} bytes`);
  const corrected = await recipeBytes(tiled(width, height, (x, y) => (x === 40 && y === 3 ? 9 : 0)));
  assert.ok(corrected > zeros && corrected < zeros + 20);
});

test('LZW comes back, and shared or damaged strips have no recipe', async () => {
  const data = bytes(900);
  const lzw = Array.from(referenceLzw(Uint8Array.from(data), { ...TIFF_LZW, period: 3836 }));
  const parts: TiffParts = { ...gray, width: 30, height: 30, data: lzw, fields: [[259, 3, [5]]] };
  assert.ok((await recipeBytes(referenceTiff(parts))) < 140);
  const shared: Field[] = [
    [278, 4, [15]],
    [273, 4, [8, 8]],
    [279, 4, [450, 450]],
  ];
  assert.equal(await hasRecipe(referenceTiff({ ...parts, data, fields: shared })), false);
});

test('files of libtiff come back for any compression, predictor, tiling and depth', async () => {
  const images = [
    blobs({ width: 150, height: 90 }),
    noise({ width: 70, height: 100, channels: 1 }),
    draw({ width: 90, height: 70, channels: 3, depth: 16 }, (x, y, c) => x + y / 7 + c),
  ];
  for (const { width, height, channels, depth, samples } of images) {
    for (const compression of ['none', 'lzw', 'packbits'] as const) {
      for (const predictor of ['none', 'horizontal'] as const) {
        for (const tile of [false, true]) {
          const file = await sharp(samples, { raw: { width, height, channels } })
            .toColourspace(depth === 16 ? 'rgb16' : channels === 1 ? 'b-w' : 'srgb')
            .tiff({ compression, predictor, tile, tileWidth: 64, tileHeight: 64 })
            .toBuffer();
          const size = await recipeBytes(file);
          assert.ok(size < 250, `${compression}, ${predictor}, ${tile}: ${size} bytes`);
        }
      }
    }
  }
});

test('libtiff clears its table when compression falls', async () => {
  // Long strings, then noise: the ratio falls before the table is full.
  const image = draw({ width: 400, height: 400, channels: 1 }, (x, y) =>
    y < 200 ? (y >> 4) * 8 : (x * x * 7 + y * y) % 256,
  );
  const { width, height, samples } = image;
  const file = await sharp(samples, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'lzw', predictor: 'none' })
    .toBuffer();
  const [directory] = readTiff(file);
  const [offset = 0] = directory!.numbers(TAG.stripOffsets, []);
  const [length = 0] = directory!.numbers(TAG.stripByteCounts, []);
  const rows = directory!.number(TAG.rowsPerStrip, 0);
  const strip = Uint8Array.from(file.subarray(offset, offset + length));
  // Flags with the ratio, 8 bits, the period of a full table, no exceptions.
  assert.deepEqual(describeLzw(strip, samples.subarray(0, rows * width), TIFF_LZW), Uint8Array.of(14, 8, 0xfc, 29, 0));
  await recipeBytes(file);
});
