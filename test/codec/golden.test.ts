import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { goldenCases, goldenFiles, goldenModels, readGolden, readSources } from '../../fixtures/golden.js';
import { assertGolden, assertGoldenFiles, isFastCase, isFastFile } from './assert-golden.js';
import { goldenSources } from '../../fixtures/golden-sources.js';

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

// A choice that covers the format; golden.full.ts codes all others.
test('golden cases encode to the same bytes and decode to what was encoded', async () => {
  const cases = goldenCases(models);
  const files = goldenFiles();
  const sources = goldenSources(readSources());
  assert.deepEqual(
    new Set([...cases, ...files, ...sources].map(({ name }) => name)),
    new Set(Object.keys(expected.cases)),
  );
  await assertGolden(cases.filter(isFastCase), models, pool);
  await assertGoldenFiles(files.filter(isFastFile), pool);
});
