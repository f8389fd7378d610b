import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFiles, fuzzRecords } from './fuzzing.js';

test('100,000 mutated files are rebuilt or refused', async (t) => {
  const outcomes = await fuzzFiles(100_000, 11);
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.exact > 40_000, `${outcomes.exact} files are rebuilt`);
  assert.equal(outcomes.different, 0);
  assert.ok(outcomes.slowestMs < 5000, `the slowest file needs ${outcomes.slowestMs} ms`);
});

test('100,000 mutated records give some file or are refused', async (t) => {
  const outcomes = await fuzzRecords(100_000, 12);
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.different > 1000, `${outcomes.different} records give a file`);
  assert.ok(outcomes.slowestMs < 5000, `the slowest record needs ${outcomes.slowestMs} ms`);
});
