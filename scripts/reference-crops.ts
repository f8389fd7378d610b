/**
 * Codes a crop of 96 x 96 pixels of an image with every shipped model, as input of the reference decoder
 * (docs/REFERENCE.md): .prnn files, and cases.json with the SHA-256 of what they decode to.
 *
 * Usage: reference-crops IMAGE FOLDER [EFFORT]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { compressRaster } from '#pixrnn/codec/compress.js';
import type { Effort } from '#pixrnn/effort.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { architectureOf } from '#pixrnn/model/architectures.js';
import type { Model } from '#pixrnn/model/model.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { hashedBytes } from '#pixrnn/samples.js';
import type { CaseFile } from '../fixtures/case-files.js';
import { encodeByModel, sha256 } from '../fixtures/golden.js';

const SIDE = 96;
const [image, folder, effortText = '3'] = process.argv.slice(2);
if (image === undefined || folder === undefined) throw new Error('usage: reference-crops IMAGE FOLDER [EFFORT]');
const effort = Number(effortText) as Effort;

const engine = await Engine.create(await compileEngine());
const pool = await EnginePool.create({ threads: 1 });
const cases: CaseFile[] = [];
mkdirSync(folder, { recursive: true });
for (const shipped of shippedModels()) {
  const model = await loadShipped(shipped);
  const raster = await crop(model);
  const bytes = await encode(model, raster);
  if (bytes === null) {
    console.log(`${model.name}: another coding is smaller at effort ${effort}`);
    continue;
  }
  const file = `${model.name}.prnn`;
  writeFileSync(join(folder, file), bytes);
  const name = `${model.name}, effort ${effort}`;
  cases.push({ name, file, decoded: sha256(hashedBytes(raster.samples)) });
  console.log(`${name}: ${bytes.length} bytes`);
}
writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases, null, 1));
await pool.close();

/** Returns the middle of the image in the model's channels and depth; bits are 1 from 128 on. */
async function crop({ spec }: Model): Promise<Raster> {
  const { width, height } = await sharp(image).metadata();
  const place = { left: (width - SIDE) >> 1, top: (height - SIDE) >> 1, width: SIDE, height: SIDE };
  const cropped = sharp(image).removeAlpha().extract(place);
  const pixels = await (spec.channels === 1 ? cropped.toColourspace('b-w') : cropped).raw().toBuffer();
  const isOfBits = !architectureOf(spec.architecture).depths(spec).includes(8);
  const samples = Uint8Array.from(pixels, (value) => (isOfBits ? value >> 7 : value));
  const size = { width: SIDE, height: SIDE, channels: spec.channels };
  return { ...size, depth: isOfBits ? 1 : 8, indexed: false, samples };
}

/** Returns a file that the model codes, null if `compress` finds a smaller one. */
async function encode(model: Model, raster: Raster): Promise<Uint8Array | null> {
  if (model.spec.architecture !== 'multi-scale') return encodeByModel(engine, { name: '', model, raster, effort });
  const { bytes, representations } = await compressRaster(raster, { model, effort, pool, verify: false });
  return representations.model > 0 ? bytes : null;
}
