import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCovering } from '../../fixtures/covering.js';

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
