import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  currentModels,
  datedReleases,
  readReleased,
  type ReleasedModel,
  releasedText,
  updatedModels,
} from '../../scripts/released-models.js';

const ROOT = join(import.meta.dirname, '../../..');
const CURRENT = currentModels(ROOT);

test('no model of a release is changed, removed or missing in models/released.json (npm run weight-hashes)', () => {
  const released = readReleased(ROOT);
  assert.deepEqual(
    released.map(({ number, name, id, sha256 }) => ({ number, name, id, sha256 })),
    CURRENT,
  );
  assert.equal(releasedText(ROOT), `${JSON.stringify(released, null, 1)}\n`);
});

const MODELS = [1, 2].map((number) => ({ number, name: `m${number}`, id: `${number}`, sha256: `${number}` }));
const [FIRST, SECOND] = MODELS as [Omit<ReleasedModel, 'since'>, Omit<ReleasedModel, 'since'>];

test('models of a dated release stay as they are, others may change', () => {
  const [old, next] = [
    { ...FIRST, since: '1.0.0' },
    { ...SECOND, since: '1.1.0' },
  ];
  const update = (current: readonly Omit<ReleasedModel, 'since'>[]) =>
    updatedModels([old, next], current, new Set(['1.0.0']), '1.1.0');
  assert.deepEqual(update(MODELS), [old, next]);
  assert.deepEqual(update([FIRST, { ...SECOND, sha256: 'x' }]), [old, { ...next, sha256: 'x' }]);
  assert.deepEqual(update([FIRST]), [old]);
  for (const change of [{ sha256: 'x' }, { id: 'x' }, { name: 'x' }]) {
    assert.throws(
      () => update([{ ...FIRST, ...change }, SECOND]),
      /^Error: model 1, m1, was released in 1\.0\.0 and is changed\./,
    );
  }
  assert.throws(() => update([{ ...FIRST, number: 3 }, SECOND]), /and is removed\. Restore its weights/);
});

test('a release counts from its date in the changelog on', () => {
  const log =
    '## [1.2.0] - unreleased\n\n## [1.1.0] - 2027-02-01\n\n- see [1.0.5] - 2027-01-01\n\n## [1.0.0] - 2027-01-01\n';
  assert.deepEqual([...datedReleases(log)], ['1.1.0', '1.0.0']);
});

test('a weight file that differs from the released one fails', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'pixrnn-models-'));
  context.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'models'));
  for (const { name } of CURRENT) {
    cpSync(join(ROOT, `models/${name}.safetensors`), join(root, `models/${name}.safetensors`));
  }
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  const released = CURRENT.map((model) => ({ ...model, since: '1.0.0' }));
  writeFileSync(join(root, 'models/released.json'), JSON.stringify(released));
  writeFileSync(join(root, 'CHANGELOG.md'), '## [1.0.0] - 2026-12-01\n');
  assert.deepEqual(JSON.parse(releasedText(root)), released);
  rmSync(join(root, 'models/photo-gray.safetensors'));
  cpSync(join(ROOT, 'models/photo-gray-small.safetensors'), join(root, 'models/photo-gray.safetensors'));
  assert.throws(() => releasedText(root), /model 2, photo-gray, was released in 1\.0\.0 and is changed/);
});
