import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_BLOCKS, parityRows, restoreColumns } from '#pixrnn/parity/cauchy.js';
import { generator } from '../../fixtures/draw.js';

const LENGTH = 8;

function randomBytes(next: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => 256 * next());
}

/** Returns `count` different numbers below `below`, in ascending order. */
function choose(next: () => number, count: number, below: number): Set<number> {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(below * next()));
  return chosen;
}

test('any rows restore as many columns', () => {
  const sizes = fc.integer({ min: 1, max: MAX_BLOCKS - 1 }).chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.integer({ min: 1, max: Math.min(MAX_BLOCKS - columns, 90) }),
      seed: fc.integer(),
    }),
  );
  fc.assert(
    fc.property(sizes, ({ columns, rows, seed }) => {
      const next = generator(seed);
      const data = Array.from({ length: columns }, () => randomBytes(next, LENGTH));
      const parity = parityRows(data, rows, LENGTH);
      const lost = choose(next, 1 + Math.floor(next() * Math.min(columns, rows)), columns);
      const left = choose(next, lost.size, rows);
      const given = data.map((column, i) => (lost.has(i) ? null : column));
      const used = [...left].map((index) => ({ index, bytes: parity[index]! }));
      const expected = data.filter((_, i) => lost.has(i));
      assert.deepEqual(restoreColumns(given, used, LENGTH), expected);
      assert.equal(restoreColumns(given, used.slice(1), LENGTH), null, 'one row is missing');
    }),
    { numRuns: 60 },
  );
});

test('the last column may be shorter', () => {
  const data = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6), Uint8Array.of(9)];
  const [row] = parityRows(data, 1, 3);
  const rows = [{ index: 0, bytes: row! }];
  assert.deepEqual(restoreColumns([data[0]!, null, data[2]!], rows, 3), [data[1]]);
  assert.deepEqual(restoreColumns([data[0]!, data[1]!, null], rows, 3), [Uint8Array.of(9, 0, 0)]);
  assert.deepEqual(restoreColumns(data, rows, 3), [], 'nothing is missing');
});
