import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOutputs } from '#pixrnn/batch/plan.js';
import { parseShard, takeShard } from '#pixrnn/batch/shard.js';
import type { Source } from '#pixrnn/batch/sources.js';

const nameOf = (path: string): string => path.replace(/\.\w+$/, '.prnn');
const sources = (...paths: string[]): Source[] =>
  paths.map((path) => ({ path, below: path.replace(/^photos\//, ''), fault: null }));

const fullNameOf = (path: string): string => `${path}.prnn`;

function plan(folder: string | undefined, ...paths: string[]) {
  return planOutputs(
    sources(...paths),
    { nameOf, fullNameOf, folder, discards: (path) => path === '/dev/null' },
    (path) => path,
  );
}

test('places outputs next to their sources, or in the same hierarchy below another folder', () => {
  const outputs = (folder?: string) => plan(folder, 'photos/a/b.png', 'c.png').map(({ output }) => output);
  assert.deepEqual(outputs(), ['photos/a/b.prnn', 'c.prnn']);
  assert.deepEqual(outputs('out'), ['out/a/b.prnn', 'out/c.prnn']);
});

test('allows any number of outputs on the null device', () => {
  const names = { nameOf: () => '/dev/null', fullNameOf: () => '/dev/null', folder: undefined };
  const plans = planOutputs(sources('a.png', 'b.png'), { ...names, discards: () => true }, (path) => path);
  assert.deepEqual(
    plans.map(({ output, fault }) => [output, fault]),
    [
      ['/dev/null', null],
      ['/dev/null', null],
    ],
  );
});

test('uses full names only for sources whose outputs would collide', () => {
  const outputs = (...paths: string[]) => plan(undefined, ...paths).map(({ output, fault }) => [output, fault]);
  assert.deepEqual(outputs('a.png', 'b.png', './a.tif'), [
    ['a.png.prnn', null],
    ['b.prnn', null],
    ['./a.tif.prnn', null],
  ]);
  assert.deepEqual(outputs('photos/a.png', 'a.png'), [
    ['photos/a.prnn', null],
    ['a.prnn', null],
  ]);
  // The full name of one output is the usual name of the third.
  assert.deepEqual(outputs('a.png', 'a.tif', 'a.png.tif'), [
    ['a.png.prnn', null],
    ['a.tif.prnn', null],
    ['a.png.tif.prnn', null],
  ]);
});

test('rejects sources whose full names collide too', () => {
  const [first, second, third] = plan('out', 'photos/a.png', 'a.png', 'b.png');
  assert.deepEqual([first?.fault?.code, second?.fault?.code, third?.fault], ['usage', 'usage', null]);
  assert.match(first?.fault?.message ?? '', /^a\.png would also be written to out\/a\.png\.prnn\. Rename/);
  assert.match(second?.fault?.message ?? '', /^photos\/a\.png would also be written to/);
});

test('the shards of a list contain each file once, in whatever order the list is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), (paths, count) => {
      const [list, reversed] = [sources(...paths), sources(...paths.toReversed())];
      const shards = Array.from({ length: count }, (_, i) => takeShard(list, { index: i + 1, count }));
      assert.deepEqual(
        shards
          .flat()
          .map(({ path }) => path)
          .sort(),
        [...paths].sort(),
      );
      const sizes = shards.map(({ length }) => length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      assert.deepEqual(takeShard(reversed, { index: 1, count }), shards[0]);
    }),
  );
});

test('parses a shard as a part and the number of parts', () => {
  assert.deepEqual(parseShard('2/3'), { index: 2, count: 3 });
  for (const text of ['', '2', '0/3', '4/3', '1/0', '-1/2', '1.5/2', '1/2/3', 'a/b']) {
    assert.throws(() => parseShard(text), { code: 'usage' }, text);
  }
});
