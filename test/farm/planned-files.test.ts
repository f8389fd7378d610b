import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fullResultName, resultName } from '#pixrnn/batch/output-names.js';
import { foldName, ignoresCase } from '#pixrnn/batch/ignores-case.js';
import { planOutputs } from '#pixrnn/batch/plan.js';
import { plannedFiles } from '#pixrnn/farm/planned-files.js';
import { type RunCommand, runOf } from '#pixrnn/farm/run.js';
import { listing } from './listing.js';

async function planned(
  command: RunCommand,
  names: readonly string[],
  { held, keyOf }: { readonly held?: number; readonly keyOf?: (name: string) => string } = {},
): Promise<Record<string, string | boolean | null>> {
  const run = runOf(command, '/in', command === 'verify' ? null : '/out', {});
  const found: Record<string, string | boolean | null> = {};
  const source = listing(names.length, (i) => names[i]!);
  const target = command === 'verify' ? null : { ...source, ...(keyOf && { keyOf }) };
  for await (const { name, output, shared } of plannedFiles(run, { source, target }, held)) {
    assert.ok(!(name in found), name);
    found[name] = output === null || shared ? shared : output;
  }
  return found;
}

test('results have the names that one process gives them', async () => {
  const keyOf = ignoresCase('/out') ? foldName : (name: string): string => name;
  const word = fc.constantFrom('a', 'b', 'c.d', 'a.png', 'x/a', 'x/a.tif');
  const name = fc.tuple(word, fc.constantFrom('.png', '.PNG', '.tif', '.jpg')).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 12, selector: keyOf }), async (names) => {
      const sources = names.map((path) => ({ path, below: path, fault: null }));
      const how = { nameOf: resultName, fullNameOf: fullResultName, folder: '/out', discards: () => false };
      const local = planOutputs(sources, how, (path) => path).map(({ path, output }) => [path, output.slice(5)]);
      for (const held of [100, 3]) {
        assert.deepEqual(await planned('compress', names, { held, keyOf }), Object.fromEntries(local));
      }
    }),
    { numRuns: 60 },
  );
});

test('images that may be restored under one name never replace each other', async () => {
  const names = ['a.prnn', 'a.png.prnn', 'b.prnn', 'c.1.prnn', 'c.2.prnn', 'd.txt'];
  const expected = { 'a.prnn': true, 'a.png.prnn': true, 'b.prnn': false, 'c.1.prnn': false, 'c.2.prnn': false };
  assert.deepEqual(await planned('decompress', names), expected);
  assert.deepEqual(Object.keys(await planned('verify', names)), Object.keys(expected));
});

test('names that a file system takes for one never replace each other', async () => {
  const names = ['A.tif', 'a.png', 'b.png', 'B.PNG', 'C.png', 'd.png'];
  for (const held of [100, 3]) {
    assert.deepEqual(await planned('compress', names, { held, keyOf: foldName }), {
      ...{ 'A.tif': 'A.tif.prnn', 'a.png': 'a.png.prnn', 'C.png': 'C.prnn', 'd.png': 'd.prnn' },
      ...{ 'b.png': true, 'B.PNG': true },
    });
  }
  const restored = ['a.prnn', 'A.png.prnn', 'b.prnn'];
  assert.deepEqual(await planned('decompress', restored, { keyOf: foldName }), {
    ...{ 'a.prnn': true, 'A.png.prnn': true, 'b.prnn': false },
  });
});
