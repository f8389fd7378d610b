/*
 * Tiles that are coded from their samples alone, through the files that jobs exchange.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { sha256Text } from '#pixrnn/codec/check.js';
import { compressCodedTiles, compressRaster } from '#pixrnn/codec/compress.js';
import { imageCoding } from '#pixrnn/codec/image-coding.js';
import { encodeSeparateTile } from '#pixrnn/codec/separate-tile.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { encodeTileFile, parseTileFile } from '#pixrnn/farm/tiles/tile-file.js';
import { encodePlan, parsePlan, separateTile, tilePlan } from '#pixrnn/farm/tiles/tile-plan.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { packSamples } from '#pixrnn/samples.js';
import { blobs, draw, noise } from '../../fixtures/draw.js';

const WIDTH = 1099; // two columns of tiles, the second one at an odd x

async function fromJpeg(chromaSubsampling: string, quality: number): Promise<Raster> {
  const { width, height, channels, samples } = blobs({ width: WIDTH, height: 48 }, 7);
  const jpeg = await sharp(samples, { raw: { width, height, channels } })
    .jpeg({ quality, chromaSubsampling })
    .toBuffer();
  const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { width, height, channels: 3, depth: 8, indexed: false, samples: new Uint8Array(data) };
}

const IMAGES: Readonly<Record<string, () => Promise<Raster>>> = {
  'JPEG, 4:2:0': () => fromJpeg('4:2:0', 80),
  'JPEG, 4:4:4': () => fromJpeg('4:4:4', 90),
  gray: () => Promise.resolve(blobs({ width: WIDTH, height: 30, channels: 1 }, 1)),
  'gray in RGB': () => Promise.resolve(draw({ width: WIDTH, height: 16 }, (x, y) => (x * 7 + y * 11) % 256)),
  'few values in 16 bits': () => Promise.resolve(draw({ width: WIDTH, height: 12, channels: 1, depth: 16 }, (x, y) => 16 * ((x * y) % 13))),
  'black and white': () => Promise.resolve(draw({ width: WIDTH, height: 20, channels: 1, depth: 1 }, (x, y) => ((x * y) % 5) * 60)),
  'alpha, hidden colour': () =>
    Promise.resolve(draw({ width: WIDTH, height: 16, channels: 4 }, (x, y, c) => (c === 3 ? (x % 64 < 32 ? 0 : 255) : x % 64 < 32 ? 9 : x + y))),
  noise: () => Promise.resolve(noise({ width: WIDTH, height: 8 })),
}; // prettier-ignore

for (const [name, make] of Object.entries(IMAGES)) {
  test(`${name}: separate tiles make the file of one process`, { timeout: 120_000 }, async (context) => {
    const pool = await EnginePool.create({ threads: 2 });
    context.after(() => pool.close());
    const raster = await make();
    const options = { effort: 2, pool } as const;
    const whole = await compressRaster(raster, options);
    const plan = parsePlan(encodePlan(tilePlan(raster, await imageCoding(raster, options))));
    const signal = new AbortController().signal;
    const tiles = tileGrid(raster.width, raster.height);
    const files = await Promise.all(
      tiles.map(async (tile, index) => {
        const band = packSamples(extractTile(raster, tile), raster.depth);
        const separate = await separateTile(plan, index, band, undefined);
        const coded = await encodeSeparateTile(separate.raster, separate.coding, { pool, signal });
        return encodeTileFile({ coded, samplesDigest: sha256Text(band) });
      }),
    );
    const codedTile = (index: number) => Promise.resolve(parseTileFile(files[index]!)!.coded);
    const assembled = await compressCodedTiles(raster, options, codedTile);
    assert.deepEqual(assembled.bytes, whole.bytes);
    assert.deepEqual({ ...assembled }, { ...whole });
    for (const file of files) {
      const at = Math.floor(file.length / 2);
      assert.equal(parseTileFile(Uint8Array.from(file, (byte, i) => (i === at ? byte ^ 1 : byte))), null);
      for (const length of [0, 35, file.length - 1]) assert.equal(parseTileFile(file.subarray(0, length)), null);
    }
  });
}
