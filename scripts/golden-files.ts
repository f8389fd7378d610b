/**
 * Writes the golden cases as .prnn files, the drawn models as weight files, and cases.json, the list of them with the
 * SHA-256 of what they decode to: input of a second decoder (docs/REFERENCE.md).
 *
 * Usage: golden-files FOLDER [MAX_PIXELS]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '#pixrnn/codec/container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { encodeModel, idText } from '#pixrnn/model/model.js';
import {
  encodeByModel,
  goldenCases,
  goldenFiles,
  goldenModels,
  readGolden,
  readSources,
  sha256,
} from '../fixtures/golden.js';
import { goldenSources } from '../fixtures/golden-sources.js';

interface Case {
  readonly name: string;
  readonly file: string;
  /** SHA-256 of the restored source file, or of the bytes of the samples if there is none. */
  readonly decoded: string;
}

const [folder, maxPixels = '1024'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: golden-files FOLDER [MAX_PIXELS]');

const golden = readGolden();
const engine = await Engine.create(await compileEngine());
const pool = await EnginePool.create({ threads: 1 });
const models = await goldenModels();
const cases: Case[] = [];
mkdirSync(folder, { recursive: true });

for (const golden of goldenCases(models)) {
  const { width, height } = golden.raster;
  if (width * height <= Number(maxPixels)) await writeCase(golden.name, encodeByModel(engine, golden));
}
const files = goldenFiles();
for (const { name, write } of [...files, ...goldenSources(readSources())]) await writeCase(name, await write(pool));
for (const model of [...models, ...files.flatMap(({ models = [] }) => models)]) {
  writeFileSync(join(folder, `${idText(model.id)}.safetensors`), encodeModel(model));
}
writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases, null, 1));
await pool.close();

/** Writes a file whose hash is that of the golden case. */
async function writeCase(name: string, bytes: Uint8Array): Promise<void> {
  const expected = golden.cases[name];
  if (sha256(bytes) !== expected?.file) throw new Error(`${name}: not the golden file`);
  const file = `${cases.length}.prnn`;
  writeFileSync(join(folder!, file), bytes);
  const restored = await restoreFile(parseFile(bytes), { pool });
  cases.push({ name, file, decoded: restored === null ? expected.decoded : sha256(restored) });
}
