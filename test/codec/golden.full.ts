import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { countRepresentations, isStored, parseFile } from '#pixrnn/codec/container.js';
import { openContainer } from '#pixrnn/codec/open-container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Model } from '#pixrnn/model/model.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { goldenSources } from '../../fixtures/golden-sources.js';
import { goldenCases, goldenFiles, goldenModels, readGolden, readSources, sha256 } from '../../fixtures/golden.js';
import { assertGolden, assertGoldenFiles, isFastCase, isFastFile } from './assert-golden.js';
import { modelOnly } from './round-trip.js';

// The golden cases that golden.test.ts leaves out, and what all of them cover.

let models: Model[];
let pool: EnginePool;
before(async () => {
  models = await goldenModels();
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

test('the other golden cases encode to the same bytes and decode to what was encoded', async () => {
  const cases = goldenCases(models).filter((golden) => !isFastCase(golden));
  assert.ok(cases.length > 100);
  await assertGolden(cases, models, pool);
});

test('the other golden files are the same bytes and decode to what was encoded', async () => {
  const files = goldenFiles().filter((file) => !isFastFile(file));
  assert.ok(files.length > 30);
  await assertGoldenFiles(files, pool);
});

test('golden source files are the same .prnn files and come back', async () => {
  const { cases } = readGolden();
  for (const { name, source, write } of goldenSources(readSources())) {
    const bytes = await write(pool);
    assert.deepEqual(await restoreFile(parseFile(bytes), { pool }), source, name);
    assert.deepEqual({ file: sha256(bytes), decoded: sha256(source) }, cases[name], name);
  }
});

test('the golden files contain every kind of tile', async () => {
  const kinds = new Set<string>();
  for (const { name, write } of goldenFiles()) {
    if (/effort [34]$/.test(name)) continue; // of the same kinds as at effort 1
    const container = await openContainer(await write(pool));
    for (const [kind, count] of Object.entries(countRepresentations(container))) if (count > 0) kinds.add(kind);
    if (container.activeAlphabet !== null) kinds.add('active alphabet');
    if (isStored(container.image)) continue;
    for (const { alpha, isGray, hiddenColour } of container.image) {
      if (alpha !== null) kinds.add('split');
      if (isGray) kinds.add('gray');
      if (hiddenColour !== null) kinds.add('hidden colour');
    }
  }
  const all = ['model', 'palette', 'raw', 'planes', 'stored', 'active alphabet', 'split', 'gray', 'hidden colour'];
  assert.deepEqual(kinds, new Set(all));
});

test("the model codes at least half of each drawn model's cases", async () => {
  const shipped = new Set(shippedModels().map(({ name }) => name));
  const drawn = models.filter(({ name }) => !shipped.has(name));
  assert.ok(drawn.some(({ spec }) => spec.architecture === 'photo'));
  for (const model of drawn) {
    // Tiles of one colour are coded by the palette coder.
    const cases = goldenCases([model]).filter(({ name }) => !name.includes('flat'));
    let byModel = 0;
    for (const { raster, effort } of cases) {
      const { representations } = await compressRaster(raster, { model, effort, pool: modelOnly(pool), verify: false });
      if (representations.model > 0) byModel++;
    }
    assert.ok(byModel >= cases.length / 2, `${model.name}: ${byModel} of ${cases.length}`);
  }
});
