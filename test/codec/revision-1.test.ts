import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CHECK_BYTES, check16 } from '#pixrnn/codec/check.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { HAS_FLAGS } from '#pixrnn/codec/container-layout.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { goldenCases, goldenModels, readRevision1, sha256 } from '../../fixtures/golden.js';
import { checkedParts } from './samples.js';

// Files of revision 1 must stay readable. What it wrote differs from what is written now with effort 1 in one byte of the header.

const golden = readRevision1();
let models: Model[];
let pool: EnginePool;
before(async () => {
  models = (await goldenModels()).filter(({ name }) => name in golden.models);
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** The same file as revision 1 wrote it; `headerEnd` is where the header's check stands. */
function asRevision1(bytes: Uint8Array, headerEnd: number): Uint8Array {
  const copy = bytes.slice();
  copy[2] = 1 | ((bytes[2] as number) & HAS_FLAGS);
  const check = check16(copy.subarray(0, headerEnd));
  copy.set([check >> 8, check & 0xff], headerEnd);
  assert.equal(CHECK_BYTES, 2);
  return copy;
}

test('the models of its files are still here', () => {
  assert.deepEqual(Object.fromEntries(models.map(({ name, id }) => [name, idText(id)])), golden.models);
});

test('its files are written again with effort 1, byte for byte, and read', async () => {
  const seen = new Set<string>();
  for (const { name, model, raster, effort } of goldenCases(models)) {
    const expected = golden.cases[name.replace(/, effort 1$/, '')];
    if (effort !== 1 || expected === undefined) continue;
    const { bytes } = await compressRaster(raster, { model, effort, pool, verify: false });
    const { container } = await decompressToRaster(bytes, { models, pool });
    const old = asRevision1(bytes, checkedParts(container)[0]?.check as number);
    const decoded = await decompressToRaster(old, { models, pool });
    assert.deepEqual({ file: sha256(old), samples: sha256(decoded.raster.samples) }, expected, name);
    assert.deepEqual(decoded.raster, raster, name);
    seen.add(name.replace(/, effort 1$/, ''));
  }
  assert.deepEqual(seen, new Set(Object.keys(golden.cases)));
});
