/*
 * Tiles that are coded from their samples alone, through the files that jobs exchange.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { samplesDigest, sha256Text } from '#pixrnn/codec/check.js';
import { assembleFile } from '#pixrnn/codec/assemble-file.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { imageCoding } from '#pixrnn/codec/image-coding.js';
import { modelsOfShape } from '#pixrnn/codec/models.js';
import { encodeSeparateTile } from '#pixrnn/codec/separate-tile.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { compressStored } from '#pixrnn/farm/compress-stored.js';
import { openStorage } from '#pixrnn/farm/open-storage.js';
import { runId, runOf } from '#pixrnn/farm/run.js';
import { doTile } from '#pixrnn/farm/tiles/do-tile.js';
import { encodeTileFile, parseTileFile } from '#pixrnn/farm/tiles/tile-file.js';
import { activeAlphabetOf, encodePlan, parsePlan, separateTile, tilePlan } from '#pixrnn/farm/tiles/tile-plan.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { packSamples } from '#pixrnn/samples.js';
import { compressImage } from '#pixrnn/service/compress-image.js';
import { blobs, draw, noise } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';

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
        const { chunk } = await encodeSeparateTile(separate.raster, separate.coding, { pool, signal });
        return encodeTileFile({ chunk, samplesDigest: sha256Text(band) });
      }),
    );
    const content = { shape: plan, metadata: [], digest: samplesDigest(raster.samples) };
    const payload = activeAlphabetOf(plan);
    const coding = {
      ...{ models: await modelsOfShape(plan, undefined, plan.effort), effort: plan.effort },
      activeAlphabet: payload && { payload },
    };
    const chunks = files.map((file) => parseTileFile(file)!.chunk);
    const assembled = assembleFile(content, chunks, coding, { restoration: null, exactness: 'auto' });
    assert.deepEqual(assembled, whole.bytes);
    for (const file of files) {
      const at = Math.floor(file.length / 2);
      assert.equal(parseTileFile(Uint8Array.from(file, (byte, i) => (i === at ? byte ^ 1 : byte))), null);
      for (const length of [0, 35, file.length - 1]) assert.equal(parseTileFile(file.subarray(0, length)), null);
    }
  });
}

for (const [name, isStored] of [
  ['a large image is assembled without decoding its source again', false],
  ['the file of a large image holds its source where that is smallest', true],
] as const) {
  test(name, { timeout: 120_000 }, async (context) => {
    const pool = await EnginePool.create({ threads: 2 });
    const folder = mkdtempSync(join(tmpdir(), 'pixrnn-tiles-'));
    context.after(() => {
      rmSync(folder, { recursive: true, force: true });
      return pool.close();
    });
    const raster = isStored ? noise({ width: WIDTH, height: 8 }) : blobs({ width: WIDTH, height: 16 }, 3);
    const source = pngOf(raster);
    const right = await compressImage({ bytes: source, name: 'a.png' }, { effort: 1 }, { pool });
    assert.equal(right.restores, 'file');
    assert.equal(right.representations.stored, isStored ? 1 : 0);
    const target = await openStorage(folder);
    const run = runOf('compress', '/in', folder, { effort: 1 });
    const job = { run: runId(run), file: 'a.png', version: '1', output: 'a.prnn' };
    const signal = new AbortController().signal;
    const compress = (bytes: Uint8Array) =>
      compressStored({
        ...{ run, job, target, pool, signal, model: undefined, splitPixels: 0 },
        file: { bytes, version: '1', attributes: null },
      });
    const split = await compress(source);
    assert.deepEqual(split, { tiles: [0, 1] });
    for (const tile of [0, 1]) {
      await doTile(run, { ...job, tile }, { source: target, target, pool, models: [], signal, splitPixels: 0 });
    }
    const undecodable = source.map((byte, i) => (i < 64 ? byte : 0));
    await assert.rejects(readImage(undecodable), { name: 'PixrnnError' });
    const coded = await compress(isStored ? source : undecodable);
    assert.ok('status' in coded);
    assert.deepEqual([coded.status, coded.bytes], ['done', right.bytes.length]);
    assert.deepEqual(new Uint8Array((await target.read('a.prnn')).bytes), right.bytes);
    await target.clean();
    assert.deepEqual(readdirSync(folder), ['a.prnn'], 'no bands are left');
  });
}
