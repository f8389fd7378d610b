import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import type { Samples } from '#pixrnn/samples.js';
import { blobs, cutout, draw } from '../../fixtures/draw.js';
import { originImage } from '../../fixtures/origin-image.js';

// The rows of a tile that are shown while it is decoded.

const SIZE = { width: 40, height: 24 };

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
});
after(() => pool.close());

/** Returns the rows that were reported while the image was decoded, each by itself. */
async function rowsOf(raster: Raster): Promise<Samples[]> {
  const { bytes, representations } = await compressRaster(raster, { pool, effort: 1 });
  assert.equal(representations.model + representations.planes, 1);
  const rows: Samples[] = [];
  const { raster: decoded } = await decompressToRaster(bytes, {
    pool,
    onTileRows: (tile, row, samples) => {
      assert.deepEqual([tile.width, tile.height, row], [raster.width, raster.height, rows.length]);
      rows.push(samples);
    },
  });
  assert.deepEqual(decoded, raster);
  return rows;
}

const gray = blobs({ ...SIZE, channels: 1 });
const deep = blobs({ ...SIZE, channels: 1, depth: 16 });
for (const [name, raster] of [
  ['gray', gray],
  ['RGB', blobs(SIZE)],
  ['RGB whose pixels are gray', draw(SIZE, (x, y) => gray.samples[y * SIZE.width + x]!)],
  ['RGB and alpha, with a hidden colour', cutout({ ...SIZE, channels: 4 })],
  ['16 bits', deep],
  ['an active alphabet', { ...deep, samples: deep.samples.map((value) => value & 0xfff0) }],
] as const) {
  test(`the rows of a tile are its samples: ${name}`, async () => {
    const rows = await rowsOf(raster);
    assert.equal(rows.length, SIZE.height);
    rows.forEach((row, y) => {
      const length = raster.width * raster.channels;
      assert.deepEqual(row, raster.samples.slice(y * length, (y + 1) * length));
    });
  });
}

test('the rows of an image that is coded as luma and chroma are about its luma', async () => {
  const jpeg = ORIGINS.find(({ name }) => name === 'JPEG, 4:2:0')!;
  const raster = originImage(jpeg, { x: 0, y: 0 }, { width: 120, height: 88 });
  const rows = await rowsOf(raster);
  assert.equal(rows.length, raster.height);
  let at = 0;
  for (const row of rows) {
    for (let i = 0; i < row.length; i += 3, at += 3) {
      const [r, g, b] = raster.samples.subarray(at, at + 3) as unknown as [number, number, number];
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      const isClipped = [r, g, b].some((value) => value === 0 || value === 255);
      assert.ok(isClipped || Math.abs(row[i]! - luma) < 3, `${row[i]} for ${luma}`);
      assert.equal(row[i], row[i + 1]);
    }
  }
});
