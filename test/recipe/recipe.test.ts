import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compressBrotli } from '#pixrnn/brotli.js';
import { equalBytes } from '#pixrnn/bytes.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { FieldWriter } from '#pixrnn/recipe/fields.js';
import { makeRecipe, rebuildSource } from '#pixrnn/recipe/recipe.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { chunk } from '../../fixtures/png.js';
import { KINDS, randomRaster } from '../image/reference-png.js';
import { checkedRecipe, outcome, TEXTS } from './checked-recipe.js';
import { pakoPng as png } from './pako-png.js';

const malformed = { name: 'PixrnnError', code: 'file-corrupt' };

test('rebuilds a PNG file of every kind, interlaced or not', async () => {
  for (const kind of KINDS) {
    for (const interlaced of [false, true]) {
      const source = png(randomRaster(13, 9, kind), { interlaced });
      await checkedRecipe(source, `${JSON.stringify(kind)}, interlaced: ${interlaced}`);
    }
  }
});

test('rebuilds a PNG file of every level, with chunks, several parts and trailing bytes', async () => {
  const raster = blobs({ width: 60, height: 45 });
  const random = generator(1);
  const trailing = Uint8Array.from({ length: 50 }, () => 256 * random());
  for (const level of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    await checkedRecipe(png(raster, { level }), `level ${level}`);
    const delivery = { level, before: TEXTS, after: TEXTS, parts: 5, trailing };
    await checkedRecipe(png(raster, delivery), `level ${level}, with everything`);
    await checkedRecipe(png(raster, { ...delivery, interlaced: true }), `level ${level}, with everything, interlaced`);
  }
});

test('rebuilds files of any size and number of parts, at both borders', async () => {
  const sides = fc.integer({ min: 1, max: 20 });
  const property = fc.asyncProperty(
    sides,
    sides,
    fc.nat({ max: 30 }),
    fc.boolean(),
    async (width, height, parts, on) => {
      const source = png(blobs({ width, height }), { parts: parts + 1, interlaced: on });
      await checkedRecipe(source, `${width} x ${height}, ${parts + 1} parts`);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

test('rebuilds a file with empty IDAT chunks, and with the chunks of an animation', async () => {
  const raster = blobs({ width: 4, height: 3 });
  await checkedRecipe(png(raster, { parts: 200 }), 'empty parts'); // more parts than bytes
  const control = chunk('acTL', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0));
  const source = png(raster, { before: [control], after: [chunk('fcTL', new Uint8Array(26))] });
  const { raster: read, metadata } = await readImage(source, { firstFrame: true });
  const recipe = await makeRecipe(source, read, metadata);
  assert.ok(recipe && equalBytes(await rebuildSource(recipe, read, metadata), source));
});

test('a recipe of a plain file is short', async () => {
  const raster = blobs({ width: 60, height: 45 });
  const plain = await checkedRecipe(png(raster), 'plain');
  // The filters are random: 45 of 5 values need 14 bytes.
  assert.ok(plain.length <= 60, `${plain.length} bytes`);
  const rich = await checkedRecipe(png(raster, { before: TEXTS, after: TEXTS, parts: 4 }), 'rich');
  assert.ok(rich.length <= plain.length + 20, `${rich.length} bytes, the plain one has ${plain.length}`);
});

test('makes no recipe for a format without one, or for another image', async () => {
  const raster = blobs({ width: 9, height: 7 });
  const source = png(raster);
  assert.equal(await makeRecipe(Buffer.from('P5 1 1 255 x', 'latin1').subarray(0, 0), raster, []), null);
  const other = { ...raster, samples: raster.samples.map((value, i) => (i === 5 ? value ^ 1 : value)) };
  const recipe = await makeRecipe(source, other, []);
  assert.ok(recipe === null || equalBytes(await rebuildSource(recipe, other, []), source));
});

test('a recipe for another image is corrupt, or rebuilds some file', async () => {
  const source = png(blobs({ width: 12, height: 9 }), { before: TEXTS, parts: 3 });
  const recipe = await checkedRecipe(source, 'the whole');
  for (const kind of KINDS) {
    for (const [width, height] of [
      [12, 9],
      [1, 1],
      [40, 3],
    ] as const) {
      const raster = { ...randomRaster(width, height, kind), indexed: false };
      const code = await outcome(recipe, raster, []);
      assert.ok(code === null || code === 'file-corrupt', `${code}`);
    }
  }
});

/** Returns the Brotli stream of a list of numbers, and what they must not cost. */
const recipeOf = (...numbers: number[]) =>
  compressBrotli(numbers.reduce((fields, value) => fields.number(value), new FieldWriter()).finish());

test('claims of many streams, parts and bytes are corrupt, at once', { timeout: 120_000 }, async () => {
  const raster = blobs({ width: 4, height: 3 });
  const reject = async (recipe: Uint8Array, what: string): Promise<void> => {
    const began = performance.now();
    await assert.rejects(rebuildSource(recipe, raster, []), malformed, what);
    const seconds = (performance.now() - began) / 1000;
    assert.ok(seconds < 20, `${what}: ${seconds.toFixed(1)} s`);
  };
  // Format 0, 1000 bytes, no parameters; then runs of streams: method 1, no description, lengths of parts.
  const [start, stream] = [
    [0, 1000, 0],
    [1, 0],
  ];
  await reject(await recipeOf(...start, 1, ...stream, 0, 2 ** 18), 'many streams');
  await reject(await recipeOf(...start, 1, ...stream, 0, 2 ** 35 - 1), 'too many streams');
  await reject(await recipeOf(...start, 1, ...stream, 1, 0, 2 ** 24 - 1, 1), 'many empty parts');
  await reject(await recipeOf(...start, 1, ...stream, 1, 1, 2 ** 24, 1), 'too many parts');
  const lists = Array.from({ length: 1000 }, () => [...stream, 1, 1, 2 ** 24 - 1, 0]).flat();
  await reject(await recipeOf(...start, 1000, ...lists), 'many lists of parts of no stream');
  const several = Array.from({ length: 1000 }, (_, i) => [...stream, 1, 1 + (i % 2), 2 ** 20, 1]).flat();
  await reject(await recipeOf(...start, 1000, ...several), 'many lists of parts');
  await reject(await recipeOf(0, 2 ** 35 - 1), 'a source of 2^35 bytes');
  await reject(await recipeOf(0, 2 ** 27, 2 ** 30), 'parameters beyond the end');
  await reject(await recipeOf(99), 'an unknown format');
  await reject(await recipeOf(...start, 1, 4, 0, 0, 1, 0), 'an unknown method');
  await reject(await compressBrotli(new Uint8Array(0)), 'no field');
});
