import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { hashedBytes } from '#pixrnn/samples.js';
import { encodeByModel, goldenCases, goldenFiles, goldenModels, readGolden, sha256 } from '../../fixtures/golden.js';

// If these fail, existing files no longer decode: a new format version is due, then `npm run golden`.

const expected = readGolden();
let models: Model[];
let pool: EnginePool;
before(async () => {
  models = await goldenModels();
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

test('the golden streams were written with these models', () => {
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
