import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFiles, fuzzRecords } from './fuzzing.js';

/** Number of files and of records; PIXRNN_FUZZ_FILES=100000 needs some two minutes of CPU time. */
const COUNT = Number(process.env.PIXRNN_FUZZ_FILES ?? 15_000);

test(`${COUNT} mutated files are rebuilt or refused`, async (t) => {
  const outcomes = await fuzzFiles(COUNT, 11);
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.exact > 0.4 * COUNT, `${outcomes.exact} files are rebuilt`);
  assert.equal(outcomes.different, 0);
  assert.ok(outcomes.slowestMs < 5000, `the slowest file needs ${outcomes.slowestMs} ms`);
});

test(`${COUNT} mutated records give some file or are refused`, async (t) => {
  const outcomes = await fuzzRecords(COUNT, 12);
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.refused > 0.4 * COUNT, `${outcomes.refused} records are refused`);
  assert.ok(outcomes.different > 0.01 * COUNT, `${outcomes.different} records give a file`);
  assert.ok(outcomes.slowestMs < 5000, `the slowest record needs ${outcomes.slowestMs} ms`);
});
