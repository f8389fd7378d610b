import assert from 'node:assert/strict';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import type { EnginePool } from '#pixrnn/engine/pool.js';
import type { Model } from '#pixrnn/model/model.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { hashedBytes } from '#pixrnn/samples.js';
import { readCovering } from '../../fixtures/covering-cases.js';
import {
  encodeByModel,
  type GoldenCase,
  type GoldenFile,
  goldenOf,
  readGolden,
  sha256,
} from '../../fixtures/golden.js';
import { goldenIn } from '../../scripts/machines/engines.js';
import type { Machine } from '../../scripts/machines/machine.js';

const COVERING = new Set(Object.keys(readCovering().cases));
const SHIPPED = new Set(shippedModels().map(({ name }) => name));

/** Encodes golden cases with the model, decodes them in the pool, and compares hashes and samples. */
export async function assertGolden(
  cases: readonly GoldenCase[],
  models: readonly Model[],
  pool: EnginePool,
): Promise<void> {
  const expected = readGolden();
  const engine = await Engine.create(await compileEngine());
  for (const golden of cases) {
    const { name, raster } = golden;
    const bytes = encodeByModel(engine, golden);
    const decoded = await decompressToRaster(bytes, { models, pool });
    const hashes = { file: sha256(bytes), decoded: sha256(hashedBytes(decoded.raster.samples)) };
    assert.deepEqual(hashes, expected.cases[name], name);
    assert.deepEqual(decoded.raster, raster, name);
  }
}

/** Writes golden files, decodes them, and compares hashes. */
export async function assertGoldenFiles(files: readonly GoldenFile[], pool: EnginePool): Promise<void> {
  const expected = readGolden();
  for (const { name, write, models } of files) {
    const bytes = await write(pool);
    const { raster } = await decompressToRaster(bytes, { pool, models });
    assert.deepEqual({ file: sha256(bytes), decoded: sha256(hashedBytes(raster.samples)) }, expected.cases[name], name);
  }
}

/** Codes the golden cases of these names in a JavaScript engine, and compares hashes. */
export async function assertGoldenIn(machine: Machine, names: readonly string[]): Promise<void> {
  assert.deepEqual(await goldenIn(machine, names), goldenOf(names));
}

/**
 * Whether golden.test.ts codes a golden case: those that cover the format, without the shipped models. golden.full.ts codes
 * the others.
 */
export function isFastCase({ name, model }: GoldenCase): boolean {
  return COVERING.has(name) && !SHIPPED.has(model.name);
}

/** Whether golden.test.ts codes a golden file: those that cover the format, without the slow search for origins. */
export function isFastFile({ name }: GoldenFile): boolean {
  return COVERING.has(name) && !name.startsWith('file: RGB from ');
}
