import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IS_WINDOWS } from '../platform.js';
import { fullResultName, resultName } from '#pixrnn/batch/output-names.js';
import { planOutputs } from '#pixrnn/batch/plan.js';
import { plannedFiles } from '#pixrnn/farm/planned-files.js';
import { type RunCommand, runOf } from '#pixrnn/farm/run.js';
import { listing } from './listing.js';

async function planned(
  command: RunCommand,
  names: readonly string[],
  held?: number,
): Promise<Record<string, string | boolean | null>> {
  const run = runOf(command, '/in', command === 'verify' ? null : '/out', {});
  const found: Record<string, string | boolean | null> = {};
  for await (const { name, output, shared } of plannedFiles(
    run,
    listing(names.length, (i) => names[i]!),
    held,
  )) {
    assert.ok(!(name in found), name);
    found[name] = command === 'decompress' ? shared : output;
  }
  return found;
}

test('results have the names that one process gives them', async () => {
  const word = fc.constantFrom('a', 'b', 'c.d', 'a.png', 'x/a', 'x/a.tif');
  const name = fc.tuple(word, fc.constantFrom('.png', '.PNG', '.tif', '.jpg')).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 12, selector: IS_WINDOWS ? (one) => one.toLowerCase() : (one) => one }),
      async (names) => {
        const sources = names.map((path) => ({ path, below: path, fault: null }));
        const how = { nameOf: resultName, fullNameOf: fullResultName, folder: '/out', discards: () => false };
        const local = planOutputs(sources, how, (path) => path).map(({ path, output }) => [path, output.slice(5)]);
        for (const held of [100, 3]) {
          assert.deepEqual(await planned('compress', names, held), Object.fromEntries(local));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('images that may be restored under one name never replace each other', async () => {
  const names = ['a.prnn', 'a.png.prnn', 'b.prnn', 'c.1.prnn', 'c.2.prnn', 'd.txt'];
  const expected = { 'a.prnn': true, 'a.png.prnn': true, 'b.prnn': false, 'c.1.prnn': false, 'c.2.prnn': false };
  assert.deepEqual(await planned('decompress', names), expected);
  assert.deepEqual(Object.keys(await planned('verify', names)), Object.keys(expected));
});
