import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { writeConformance } from '../../fixtures/conformance.js';
import { assertComplete, assertConforms, readManifest, versionFolders } from './conformance-vectors.js';

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

describe('newly written conformance vectors', () => {
  const root = mkdtempSync(join(tmpdir(), 'pixrnn-conformance-'));
  const folder = join(root, 'generated');
  before(() => writeConformance(folder));
  after(() => rmSync(root, { recursive: true }));

  it('are listed with their hashes, and small', (context) => {
    const bytes = assertComplete(folder);
    const { accepted, rejected } = readManifest(folder);
    context.diagnostic(`${accepted.length} files to accept, ${rejected.length} to reject, ${bytes} bytes in all`);
    assert.ok(accepted.length > 100 && rejected.length > 30 && bytes < 500_000);
  });

  it('have every feature once', () => {
    const features = readManifest(folder).accepted.flatMap((vector) => vector.features);
    assert.equal(new Set(features).size, features.length);
    for (const feature of ['coded as model', 'coded as palette', 'coded as planes', 'coded as raw', 'coded as stored'])
      assert.ok(features.includes(feature), feature);
  });

  it('decode to what the manifest says, or are rejected', () => assertConforms(folder, pool));

  it('of several versions are found, and a changed one fails', async () => {
    const [file] = readManifest(folder).accepted;
    const changed = join(root, 'versions', '2');
    cpSync(folder, join(root, 'versions', '1'), { recursive: true });
    cpSync(folder, changed, { recursive: true });
    writeFileSync(join(root, 'versions', 'README.md'), 'no version');
    assert.deepEqual(versionFolders(join(root, 'versions')), [join(root, 'versions', '1'), changed]);
    writeFileSync(join(changed, 'manifest.json'), JSON.stringify(withOtherSamples(changed, file!.file)));
    await assert.rejects(assertConforms(changed, pool), { message: new RegExp(file!.file) });
    writeFileSync(join(changed, file!.file), 'another file');
    assert.throws(() => assertComplete(changed), { message: new RegExp(file!.file) });
  });
});

/** Returns a manifest in which one vector has other hashes. */
function withOtherSamples(folder: string, changed: string): unknown {
  const manifest = readManifest(folder);
  const other = '0'.repeat(64);
  const accepted = manifest.accepted.map((vector) =>
    vector.file === changed ? { ...vector, samples: vector.samples && other, source: vector.source && other } : vector,
  );
  return { ...manifest, accepted };
}
