import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseFile } from '#pixrnn/codec/container.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { describeLost, lostParts, surveyFile } from '#pixrnn/codec/damage.js';
import { jpegSource } from '#pixrnn/codec/jpeg-source.js';
import { type SalvagedImage, type SalvagedSource, salvage } from '#pixrnn/codec/salvage.js';
import { TYPE_VALUES } from '#pixrnn/codec/container-layout.js';
import { sourceFile } from '#pixrnn/codec/source-file.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { cameraFile } from './jpeg-files.js';

/** Four tiles. */
const IMAGE = blobs({ width: 3500, height: 6 });
const SOURCE = pngOf(IMAGE, { before: [chunk('tEXt', 'Title\0a drawing')] });

let pool: EnginePool;
let file: Uint8Array;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
  const image = await readImage(SOURCE);
  const source = sourceFile('a.png', SOURCE, image, {});
  const options = { metadata: image.metadata, source, exactness: 'exact', effort: 1, pool, verify: false } as const;
  ({ bytes: file } = await compressRaster(image.raster, options));
});
after(() => pool.close());

function changed(from: number, to: number, bytes = file): Uint8Array {
  return bytes.map((byte, i) => (i >= from && i < to ? byte ^ 0x55 : byte));
}

const salvaged = async (bytes: Uint8Array) => (await salvage(bytes, { pool })) as SalvagedImage;

/** Asserts that all tiles but the lost ones are those of the image, and returns the numbers of the lost ones, from 1. */
function checkTiles({ raster, lost }: SalvagedImage): number[] {
  const grid = tileGrid(IMAGE.width, IMAGE.height);
  const whole = { ...IMAGE, samples: IMAGE.samples };
  return grid.flatMap((tile, i) => {
    const isLost = lost.some((part) => part.tile?.x === tile.x && part.tile.y === tile.y);
    const [found, expected] = [extractTile(raster, tile), extractTile(whole, tile)];
    if (!isLost) assert.deepEqual(found, expected, `tile ${i + 1}`);
    else
      assert.ok(
        [...found].every((value) => value === 85 || value === 170),
        'it is filled',
      );
    return isLost ? [i + 1] : [];
  });
}

test('a sound file is salvaged as a whole', async () => {
  const found = await salvaged(file);
  assert.deepEqual([found.lost, found.isWhole, checkTiles(found)], [[], true, []]);
  assert.equal(found.metadata.length, 1);
});

test('damage in a tile loses that tile, whatever byte it hits', async () => {
  const { parts } = surveyFile(file);
  assert.equal(parts.length, 4);
  for (const [i, part] of parts.entries()) {
    assert.ok(part?.isSound);
    const { start, end } = part;
    for (const [from, to] of [
      [start, start + 1], // the type
      [start + 1, start + 3], // the length
      [start + 3, start + 7], // the CRC
      [start + 20, start + 120],
      [end - 1, end],
    ] as const) {
      const found = await salvaged(changed(from, to));
      assert.deepEqual(checkTiles(found), [i + 1], `tile ${i + 1}, bytes ${from} to ${to}`);
      assert.deepEqual([found.isWhole, found.metadata.length], [false, 1]);
    }
  }
});

test('the report names the rectangle and the bytes', () => {
  const part = surveyFile(file).parts[2]!;
  const lost = lostParts(surveyFile(changed(part.start + 30, part.start + 31)));
  assert.deepEqual(lost.map(describeLost), [
    `tile 3 of 4 (875 x 6 at 1750, 0), bytes ${part.start} to ${part.end - 1}`,
  ]);
});

test('damage before the tiles loses metadata and recipe, not the image', async () => {
  const { others } = surveyFile(file);
  for (const part of others) {
    const found = await salvaged(changed(part.start + 4, part.start + 5));
    // Without the active alphabet no tile decodes to what was compressed.
    const expected = part.type === TYPE_VALUES ? [[1, 2, 3, 4], false, 5] : [[], true, 1];
    assert.deepEqual([checkTiles(found), found.isWhole, found.lost.length], expected);
  }
  const found = await salvaged(changed(others[0]!.start, others[0]!.start + 2));
  assert.deepEqual([checkTiles(found), found.metadata.length], [[], 0]);
});

test('a truncated file gives the tiles before its end', async () => {
  const { parts } = surveyFile(file);
  const found = await salvaged(file.slice(0, parts[2]!.start + 10));
  assert.deepEqual(checkTiles(found), [3, 4]);
  assert.deepEqual(checkTiles(await salvaged(file.slice(0, parts[0]!.start))), [1, 2, 3, 4]);
});

test('random damage never gives wrong samples, and no error but a PixrnnError', { timeout: 120_000 }, async () => {
  const random = generator(5);
  let lostTiles = 0;
  for (let i = 0; i < 30; i++) {
    const from = Math.floor(random() * file.length);
    const to = from + 1 + Math.floor(random() * 200);
    const damaged = file.map((byte, at) => (at >= from && at < to ? Math.floor(256 * random()) : byte));
    try {
      lostTiles += checkTiles(await salvaged(damaged)).length;
    } catch (error) {
      assert.ok(error instanceof PixrnnError && from < 20, `bytes ${from} to ${to}: ${String(error)}`);
    }
  }
  assert.ok(lostTiles > 0 && lostTiles < 4 * 30);
});

test('a JPEG file keeps its segments if its coefficients are damaged', async () => {
  const source = await cameraFile(64, 48);
  const { bytes } = await compressJpeg(jpegSource('a.jpg', source, {}), { pool, effort: 1 });
  assert.ok('record' in parseFile(bytes), 'its coefficients are coded');
  const part = surveyFile(bytes).parts[0]!;
  const found = (await salvage(changed(part.start + 9, part.start + 10, bytes), { pool })) as SalvagedSource;
  assert.deepEqual([found.extension, found.isWhole, found.lost.length], ['.jpg', false, 1]);
  const read = await readImage(found.source, { allowLossySource: true });
  const original = await readImage(source, { allowLossySource: true });
  assert.deepEqual([read.raster.width, read.raster.height], [64, 48]);
  assert.deepEqual(read.metadata, original.metadata);
  assert.equal(((await salvage(bytes, { pool })) as SalvagedSource).isWhole, true);
  await assert.rejects(salvage(changed(30, 31, bytes), { pool }), { code: 'file-corrupt', message: /the record/ });
});

test('of a stored source all bytes are left', async () => {
  const noise = blobs({ width: 4, height: 4 });
  const { bytes, representations } = await compressRaster(noise, {
    ...{ pool, exactness: 'exact', verify: false },
    source: sourceFile('a.png', pngOf(noise), await readImage(pngOf(noise)), {}),
  });
  if (representations.stored === 0) return assert.fail('it is stored');
  const found = (await salvage(changed(40, 41, bytes), { pool })) as SalvagedSource;
  assert.deepEqual([found.source.length, found.isWhole], [pngOf(noise).length, false]);
});
