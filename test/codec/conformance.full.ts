import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseFile } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { decodeModel, type Model } from '#pixrnn/model/model.js';
import { hashedBytes } from '#pixrnn/samples.js';
import { type Manifest, writeConformance } from '../../fixtures/conformance.js';
import { sha256 } from '../../fixtures/golden.js';

// The vectors are generated until the format is frozen; then they are in fixtures/conformance.

describe('the conformance vectors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-conformance-'));
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
  let manifest: Manifest;
  let models: Model[];
  let pool: EnginePool;

  before(async () => {
    await writeConformance(folder);
    manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    pool = await EnginePool.create({ threads: 1 });
    models = Object.values(manifest.models).map(({ file }) => decodeModel(read(file), file));
  });
  after(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  it('are listed with their hashes, and small', () => {
    const { accepted, rejected } = manifest;
    for (const { file, sha256: hash } of [...accepted, ...rejected, ...Object.values(manifest.models)]) {
      assert.equal(sha256(read(file)), hash, file);
    }
    assert.equal(readdirSync(join(folder, 'accepted')).length, accepted.length);
    assert.equal(readdirSync(join(folder, 'rejected')).length, rejected.length);
    const bytes = accepted.reduce((sum, { file }) => sum + read(file).length, 0);
    assert.ok(accepted.length > 100 && bytes < 250_000, `${accepted.length} files of ${bytes} bytes`);
  });

  it('have every feature once', () => {
    const features = manifest.accepted.flatMap((vector) => vector.features);
    assert.equal(new Set(features).size, features.length);
    for (const feature of ['coded as model', 'coded as palette', 'coded as planes', 'coded as raw', 'coded as stored'])
      assert.ok(features.includes(feature), feature);
  });

  it('to accept decode to the samples and sources of the manifest', async () => {
    for (const { file, samples, source } of manifest.accepted) {
      const bytes = read(file);
      assert.ok(samples !== null || source !== null, file);
      if (samples !== null) {
        const { raster } = await decompressToRaster(bytes, { pool, models });
        assert.equal(sha256(hashedBytes(raster.samples)), samples, file);
      }
      const restored = await restoreFile(parseFile(bytes), { pool, models });
      assert.equal(restored && sha256(restored), source, file);
    }
  });

  it('to reject are rejected by an error that names the fault', async () => {
    for (const { file } of manifest.rejected) {
      await assert.rejects(decompressToRaster(read(file), { pool, models }), PixrnnError, file);
    }
  });
});
