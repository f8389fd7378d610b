import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCovering } from '../../fixtures/covering.js';
import { readCovering } from '../../fixtures/covering-cases.js';
import { goldenHash, readGolden } from '../../fixtures/golden.js';

const file = (name: string, size: number, ...features: string[]) => ({ name, size, features });

test('a choice covers every feature with small files', () => {
  const files = [
    file('large', 100, 'raw', 'model'),
    file('raw', 1, 'raw'),
    file('again', 1, 'raw'),
    file('model', 9, 'model'),
    file('all', 12, 'model', 'alpha', 'palette'),
  ];
  const chosen = chooseCovering(files).map(({ file, covers }) => [file.name, covers]);
  assert.deepEqual(chosen, [
    ['raw', ['raw']],
    ['all', ['model', 'alpha', 'palette']],
  ]);
});

test('no files have no choice', () => assert.deepEqual(chooseCovering([]), []));

test('the choice in covering.json was made from the golden cases', () => {
  const { golden, cases } = readCovering();
  assert.equal(golden, goldenHash(), 'the golden cases have changed. Run: npm run golden');
  const names = new Set(Object.keys(readGolden().cases));
  assert.deepEqual(
    Object.keys(cases).filter((name) => !names.has(name)),
    [],
  );
});
