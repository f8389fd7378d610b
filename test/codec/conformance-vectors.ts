import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { decodeModel } from '#pixrnn/model/model.js';
import { hashedBytes } from '#pixrnn/samples.js';
import type { Manifest } from '../../fixtures/conformance.js';
import { sha256 } from '../../fixtures/golden.js';

/* Checks folders of conformance vectors (docs/CONFORMANCE.md). */

/** Returns the folders of vectors in a folder. */
export function versionFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

/** Checks that a folder has the files of its manifest and no others, with their hashes. Returns their bytes in all. */
export function assertComplete(folder: string): number {
  const { accepted, rejected, models } = readManifest(folder);
  let bytes = readFileSync(join(folder, 'manifest.json')).length;
  const listed = [...accepted, ...rejected, ...Object.values(models)];
  for (const { file, sha256: hash } of listed) {
    const content = readFileSync(join(folder, file));
    assert.equal(sha256(content), hash, file);
    bytes += content.length;
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(files.length, listed.length + 1, 'files that the manifest does not list');
  return bytes;
}

/** Decodes all vectors of a folder: they give the samples and sources of the manifest, or are rejected. */
export async function assertConforms(folder: string, pool: Coders): Promise<void> {
  const { accepted, rejected, models: listed } = readManifest(folder);
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
  const models = Object.values(listed).map(({ file }) => decodeModel(read(file), file));
  for (const { file, samples, source } of accepted) {
    const bytes = read(file);
    assert.ok(samples !== null || source !== null, file);
    if (samples !== null) {
      const { raster } = await decompressToRaster(bytes, { pool, models });
      assert.equal(sha256(hashedBytes(raster.samples)), samples, file);
    }
    const restored = await restoreFile(parseFile(bytes), { pool, models });
    assert.equal(restored && sha256(restored), source, file);
  }
  for (const { file } of rejected) {
    await assert.rejects(decompressToRaster(read(file), { pool, models }), PixrnnError, file);
  }
}
