import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { type Golden, goldenCases, goldenModels, readGolden, sha256 } from '../../fixtures/golden.js';

// Where these fail, files that were written before no longer decode: a new revision is due, and then `npm run golden`.

const golden = readGolden();
let models: Model[];
let pool: EnginePool;
before(async () => {
  models = await goldenModels();
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

test('the models are those that the golden streams were written with', () => {
  assert.deepEqual(Object.fromEntries(models.map(({ name, id }) => [name, idText(id)])), golden.models);
});

test('every golden case encodes to the same bytes and decodes to the same samples', async () => {
  const cases = goldenCases(models);
  assert.deepEqual(new Set(cases.map(({ name }) => name)), new Set(Object.keys(golden.cases)));
  for (const { name, model, raster, effort } of cases) {
    const { bytes } = await compressRaster(raster, { model, effort, pool, verify: false });
    const decoded = await decompressToRaster(bytes, { models, pool });
    const hashes = { file: sha256(bytes), samples: sha256(decoded.raster.samples) };
    assert.deepEqual(hashes, golden.cases[name], name);
    assert.deepEqual(decoded.raster, raster, name);
  }
});

test("more than half of each drawn model's cases are coded by it", async () => {
  const shipped = new Set(shippedModels().map(({ name }) => name));
  const drawn = models.filter(({ name }) => !shipped.has(name));
  assert.ok(drawn.some(({ spec }) => spec.architecture === 'photo'));
  for (const model of drawn) {
    const cases = goldenCases([model]);
    let byModel = 0;
    for (const { raster, effort } of cases) {
      const { representations } = await compressRaster(raster, { model, effort, pool, verify: false });
      if (representations.model > 0) byModel++;
    }
    assert.ok(byModel > cases.length / 2, `${model.name}: ${byModel} of ${cases.length}`);
  }
});

test('a fresh process with one bare engine gives the same', async () => {
  const runner = fileURLToPath(new URL('../../scripts/golden-run.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [runner], { maxBuffer: 2 ** 24 });
  assert.deepEqual(JSON.parse(stdout) as Golden, golden);
});
