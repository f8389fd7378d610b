import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { countRepresentations, decodeContainer, isPngStream } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { hashedBytes } from '#pixrnn/samples.js';
import {
  type Golden,
  encodeByModel,
  goldenCases,
  goldenFiles,
  goldenModels,
  readGolden,
  sha256,
} from '../../fixtures/golden.js';
import { modelOnly } from './round-trip.js';

// Where these fail, files that were written before no longer decode: a new version is due, and then `npm run golden`.

const expected = readGolden();
let models: Model[];
let pool: EnginePool;
before(async () => {
  models = await goldenModels();
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

test('the models are those that the golden streams were written with', () => {
  assert.deepEqual(Object.fromEntries(models.map(({ name, id }) => [name, idText(id)])), expected.models);
});

test('every golden case encodes to the same bytes and decodes to the same samples', async () => {
  const cases = goldenCases(models);
  const files = goldenFiles();
  assert.deepEqual(new Set([...cases, ...files].map(({ name }) => name)), new Set(Object.keys(expected.cases)));
  const engine = await Engine.create(await compileEngine());
  for (const golden of cases) {
    const { name, raster } = golden;
    const bytes = encodeByModel(engine, golden);
    const decoded = await decompressToRaster(bytes, { models, pool });
    const hashes = { file: sha256(bytes), samples: sha256(hashedBytes(decoded.raster.samples)) };
    assert.deepEqual(hashes, expected.cases[name], name);
    assert.deepEqual(decoded.raster, raster, name);
  }
  for (const { name, write, models: extra } of files) {
    const bytes = await write(pool);
    const { raster } = await decompressToRaster(bytes, { pool, models: extra });
    assert.deepEqual({ file: sha256(bytes), samples: sha256(hashedBytes(raster.samples)) }, expected.cases[name], name);
  }
});

test('the golden files hold every kind of tile', async () => {
  const kinds = new Set<string>();
  for (const { write } of goldenFiles()) {
    const container = decodeContainer(await write(pool));
    for (const [kind, count] of Object.entries(countRepresentations(container))) if (count > 0) kinds.add(kind);
    if (container.usedValues !== null) kinds.add('used values');
    if (isPngStream(container.image)) continue;
    for (const { alpha, isGray, hiddenColour } of container.image) {
      if (alpha !== null) kinds.add('split');
      if (isGray) kinds.add('gray');
      if (hiddenColour !== null) kinds.add('hidden colour');
    }
  }
  const all = ['model', 'colours', 'raw', 'png', 'used values', 'split', 'gray', 'hidden colour'];
  assert.deepEqual(kinds, new Set(all));
});

test("more than half of each drawn model's cases are coded by it", async () => {
  const shipped = new Set(shippedModels().map(({ name }) => name));
  const drawn = models.filter(({ name }) => !shipped.has(name));
  assert.ok(drawn.some(({ spec }) => spec.architecture === 'photo'));
  for (const model of drawn) {
    const cases = goldenCases([model]);
    let byModel = 0;
    for (const { raster, effort } of cases) {
      const { representations } = await compressRaster(raster, { model, effort, pool: modelOnly(pool), verify: false });
      if (representations.model > 0) byModel++;
    }
    assert.ok(byModel > cases.length / 2, `${model.name}: ${byModel} of ${cases.length}`);
  }
});

test('a fresh process with one bare engine gives the same', async () => {
  const runner = fileURLToPath(new URL('../../scripts/golden-run.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [runner], { maxBuffer: 2 ** 24 });
  assert.deepEqual(JSON.parse(stdout) as Golden, expected);
});
