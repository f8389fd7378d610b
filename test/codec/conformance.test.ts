import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { FORMAT_VERSION } from '#pixrnn/codec/container.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { assertComplete, assertConforms, readManifest, versionFolders } from './conformance-vectors.js';

/* The promise of docs/CONFORMANCE.md: the files of every released version of the format stay readable. */

const ROOT = join(import.meta.dirname, '../../..');
const FOLDERS = versionFolders(join(ROOT, 'fixtures/conformance'));

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

test('from release 1.0.0 on, every version of the format has vectors (npm run conformance)', () => {
  const { version: release } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  if (release.startsWith('0.')) return;
  for (let version = 1; version <= FORMAT_VERSION; version++) {
    const path = `fixtures/conformance/${version}`;
    assert.ok(FOLDERS.includes(join(ROOT, path)), `${path} is missing. Run: npm run conformance -- ${path}`);
  }
});

for (const folder of FOLDERS) {
  test(`the vectors in fixtures/conformance/${basename(folder)} are complete and decode`, async () => {
    assert.equal(basename(folder).split('-')[0], String(readManifest(folder).version));
    assertComplete(folder);
    await assertConforms(folder, pool);
  });
}
