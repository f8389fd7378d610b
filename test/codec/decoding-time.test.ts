import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { type Container, decodeContainer, encodeContainer, parseFile } from '#pixrnn/codec/container.js';
import { decompressRows } from '#pixrnn/codec/decode-rows.js';
import {
  decodingSeconds,
  lettersOf,
  SHIPPED_PREDICTORS,
  SHIPPED_WEIGHTS,
  weightCount,
} from '#pixrnn/codec/decoding-time.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { jpegSource } from '#pixrnn/codec/jpeg-source.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyModel } from '../../fixtures/tiny-model.js';
import { cameraFile } from './jpeg-files.js';
import { modelOnly } from './round-trip.js';
import { RGB, sampleContainer, tilesOf } from './samples.js';

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
});
after(() => pool.close());

/** Threads that must not be used. */
const unused = {
  threads: 1,
  run: () => Promise.reject(new Error('something was decoded')),
  runPlain: () => Promise.reject(new Error('something was decoded')),
};

/** A file of some hundred bytes that claims 100 megapixels, each to be decoded with a model. */
function bomb(): Container {
  return sampleContainer({ ...RGB, width: 10_000, height: 10_000 }, () => 1);
}

test('weights and predictors are those of the shipped models', async () => {
  for (const shipped of shippedModels()) {
    const model = await loadShipped(shipped);
    assert.equal(SHIPPED_WEIGHTS[shipped.number], weightCount(model), shipped.name);
    const letters = lettersOf(model);
    assert.equal(SHIPPED_PREDICTORS[shipped.number] ?? '', /[FGH]/.test(letters) ? letters : '', shipped.name);
  }
});

test('a small file that claims a large image is refused before anything is decoded', async () => {
  const file = encodeContainer(bomb());
  assert.ok(file.length < 1500, `${file.length} bytes`);
  const { decodingSeconds: seconds } = await inspectFile(file);
  assert.ok(seconds !== null && seconds > 1500 && seconds < 4000, String(seconds));
  const limits = {
    code: 'limit',
    option: 'maxSeconds',
    message: /about \d+ s of CPU time, more than the limit of 600\./,
  };
  await assert.rejects(decompressToRaster(file, { pool: unused }), limits);
  await assert.rejects(decompressToRaster(file, { pool: unused, maxSeconds: seconds - 1 }), { code: 'limit' });
  await assert.rejects(decompressToRaster(file, { pool: unused, maxSeconds: seconds + 1 }), /something was decoded/);
  await assert.rejects(decompressRows(file, [0, 5000], { pool: unused }), limits);
  await assert.rejects(decompressRows(file, [0, 10], { pool: unused }), /something was decoded/);
});

test('the estimate is in proportion to pixels and grows with the effort; without a model it is nearly nothing', () => {
  const seconds = (container: Container): number => decodingSeconds(container) as number;
  const one = sampleContainer({ ...RGB, width: 1000, height: 1000 });
  const four = sampleContainer({ ...RGB, width: 2000, height: 2000 });
  assert.ok(Math.abs(seconds(four) / seconds(one) - 4) < 1e-9);
  const first = sampleContainer({ ...RGB, width: 1000, height: 1000, rgbModel: 13, effort: 1 });
  assert.ok(seconds(first) < seconds(one) / 3);
  assert.equal(seconds(sampleContainer({ ...RGB, rgbModel: null, width: 5000, height: 5000 })), 0);
});

test('flat tiles cost nearly nothing, next to others too', async () => {
  const flat = { width: 1100, height: 60, channels: 4, depth: 8, indexed: false } as const;
  const samples = new Uint8Array(1100 * 60 * 4).fill(77);
  const { bytes } = await compressRaster({ ...flat, samples }, { pool, verify: false });
  const container = decodeContainer(bytes);
  assert.ok((decodingSeconds(container) as number) < 0.1);
  samples.set(blobs({ width: 90, height: 40 }).samples, 0);
  const mixed = await compressRaster({ ...flat, samples }, { pool, verify: false, effort: 1 });
  const tiles = tilesOf(decodeContainer(mixed.bytes)).map(({ colours }) => colours.representation);
  assert.equal(tiles[1], 'palette', 'the right tile has one colour');
});

test('the estimate of a model that is not shipped needs the model', async () => {
  const model = tinyModel(3);
  const { bytes } = await compressRaster(blobs({ width: 20, height: 9 }), {
    ...{ pool: modelOnly(pool), model },
    effort: 1,
    verify: false,
  });
  const container = decodeContainer(bytes);
  assert.equal(decodingSeconds(container), null);
  assert.ok((decodingSeconds(container, { models: [model] }) as number) > 0);
});

test('JPEG files are refused by the estimate', async () => {
  const { bytes } = await compressJpeg(jpegSource('a.jpg', await cameraFile(400, 300), {}), { pool, effort: 1 });
  const { decodingSeconds: seconds } = await inspectFile(bytes);
  assert.ok(seconds !== null && seconds > 0.01 && seconds < 2, String(seconds));
  const options = { pool: unused, maxSeconds: seconds / 2 };
  await assert.rejects(restoreFile(parseFile(bytes), options), { code: 'limit' });
  await restoreFile(parseFile(bytes), { pool });
});

test('decoding stops where a payload needs more than the estimate', async () => {
  const width = 1030 * 2;
  const samples = new Uint8Array(width * 64).fill(9);
  const flat = { width, height: 64, channels: 1, depth: 8, indexed: false, samples } as const;
  const container = decodeContainer((await compressRaster(flat, { pool, verify: false })).bytes);
  // Zeros are escapes: none of the candidate colours is right, and each sample is coded by itself.
  const image = tilesOf(container).map((tile) => ({
    ...tile,
    colours: { ...tile.colours, payload: Uint8Array.of(0) },
    samplesCrc: null,
  }));
  assert.ok((decodingSeconds({ ...container, image }) as number) < 0.1);
  const { decodeRaster } = await import('#pixrnn/codec/decompress.js');
  await assert.rejects(decodeRaster({ ...container, image }, { pool, maxSeconds: 0.05 }), {
    code: 'limit',
    message: /needs more than [\d.]+ s, much more than estimated/,
  });
});
