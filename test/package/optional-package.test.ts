import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUCKETS, POSTGRES_QUEUE, REDIS_QUEUE } from '#pixrnn/farm/farm-packages.js';
import { isNotInstalled, loadOptional } from '#pixrnn/node/optional-package.js';
import { ARITHMETIC_CODING } from '#pixrnn/report/arithmetic-coding-package.js';
import { TENSORFLOW } from '#pixrnn/train/tensorflow-packages.js';

interface Package {
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  devDependencies: Record<string, string>;
}
const PACKAGE = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as Package;

test('messages name the versions of package.json', () => {
  const needs = [TENSORFLOW, ARITHMETIC_CODING, REDIS_QUEUE, POSTGRES_QUEUE, BUCKETS];
  for (const { name, version } of needs.flatMap(({ packages }) => packages)) {
    assert.equal(PACKAGE.peerDependencies[name], version, name);
    assert.equal(PACKAGE.devDependencies[name], version, name);
  }
});

test('every peer is optional', () => {
  const optional = Object.entries(PACKAGE.peerDependenciesMeta).filter(([, meta]) => meta.optional);
  assert.deepEqual(
    optional.map(([name]) => name),
    Object.keys(PACKAGE.peerDependencies),
  );
});

test('only the absence of the package itself counts as not installed', async () => {
  const absent = 'pixrnn-is-not-there';
  for (const specifier of [absent, `${absent}/src/part.js`]) {
    const error: unknown = await import(specifier).catch((e: unknown) => e);
    assert.ok(isNotInstalled(absent, error), specifier);
    assert.ok(!isNotInstalled('@tensorflow/tfjs-node', error));
    assert.ok(!isNotInstalled('pixrnn-is', error));
  }
  assert.ok(!isNotInstalled(absent, new Error(`Cannot find package '${absent}'`)));
});

test('a missing package is named with the command that installs it; other errors stay unchanged', async () => {
  const packages = [
    { name: 'pixrnn-is-not-there', version: '1.2.3' },
    { name: '@pixrnn/neither', version: '4.5.6' },
  ];
  const need = { packages, why: 'dreaming needs sheep', code: 'usage' } as const;
  const load = (name: string) => loadOptional(need, () => import(name));
  const install = '`npm install pixrnn-is-not-there@1.2.3 @pixrnn/neither@4.5.6`';
  for (const { name } of packages) {
    await assert.rejects(load(name), {
      code: 'usage',
      message: `dreaming needs sheep. Run ${install}, with --global if pixrnn is installed globally.`,
    });
  }
  await assert.rejects(load('pixrnn-something-else'), { code: 'ERR_MODULE_NOT_FOUND' });
  assert.equal(await loadOptional(need, () => Promise.resolve(7)), 7);
});
