import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOutputs, refuseCollisions } from '#pixrnn/batch/plan.js';
import { parseShard, takeShard } from '#pixrnn/batch/shard.js';
import type { Source } from '#pixrnn/batch/sources.js';

const nameOf = (path: string): string => path.replace(/\.\w+$/, '.prnn');
const sources = (...paths: string[]): Source[] =>
  paths.map((path) => ({ path, below: path.replace(/^photos\//, ''), fault: null }));

test('results lie beside their sources, or below another folder as the sources do', () => {
  const outputs = (folder?: string) =>
    planOutputs(sources('photos/a/b.png', 'c.png'), nameOf, folder).map(({ output }) => output);
  assert.deepEqual(outputs(), ['photos/a/b.prnn', 'c.prnn']);
  assert.deepEqual(outputs('out'), ['out/a/b.prnn', 'out/c.prnn']);
});

test('two sources with one result are refused by name', () => {
  const refuse = (folder: string | undefined, ...paths: string[]) =>
    refuseCollisions(planOutputs(sources(...paths), nameOf, folder), (path) => path);
  assert.throws(() => refuse(undefined, 'a.png', 'b.png', './a.tif'), {
    code: 'usage',
    message: /^a\.png and \.\/a\.tif would both become \.\/a\.prnn\./,
  });
  assert.throws(() => refuse('out', 'photos/a.png', 'a.png'), { code: 'usage' });
  assert.doesNotThrow(() => refuse(undefined, 'photos/a.png', 'a.png', 'A.tif.png'));
});

test('shards of a list hold each of its files once, whatever its order', () => {
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

test('a shard is a part and the number of parts', () => {
  assert.deepEqual(parseShard('2/3'), { index: 2, count: 3 });
  for (const text of ['', '2', '0/3', '4/3', '1/0', '-1/2', '1.5/2', '1/2/3', 'a/b']) {
    assert.throws(() => parseShard(text), { code: 'usage' }, text);
  }
});
