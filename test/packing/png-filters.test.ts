import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AdaptiveFilter } from '#pixrnn/image/png-filters.js';
import { describeFilters, rebuildFilters, type FilteredPass } from '#pixrnn/packing/png-filters.js';
import { randomFrom } from '../palette/tiles.js';

/** Returns the rows of a smooth image with noise. */
function pass(width: number, height: number, seed = 1): FilteredPass {
  const random = randomFrom(seed);
  const rows = Uint8Array.from({ length: width * 3 * height }, (_, i) => {
    const [x, y] = [Math.floor((i % (width * 3)) / 3), Math.floor(i / (width * 3))];
    return 128 + 60 * Math.sin(x / 17) + 40 * Math.cos(y / 11 + (x * y) / 3000) + 9 * random() * Math.sin(y / 40);
  });
  return { rowBytes: width * 3, pixelBytes: 3, rows };
}

/** Returns libpng's choice for each row: the smallest sum of absolute values. */
function adaptive({ rowBytes, pixelBytes, rows }: FilteredPass): number[] {
  const filter = new AdaptiveFilter(rowBytes, pixelBytes);
  const chosen: number[] = [];
  const target = new Uint8Array(rowBytes + 1);
  for (let at = 0; at < rows.length; at += rowBytes) {
    const above = at === 0 ? new Uint8Array(rowBytes) : rows.subarray(at - rowBytes, at);
    filter.apply(rows.subarray(at, at + rowBytes), above, target, 0);
    chosen.push(target[0]!);
  }
  return chosen;
}

async function assertDescribed(passes: readonly FilteredPass[], filters: Uint8Array): Promise<Uint8Array> {
  const description = await describeFilters(passes, filters);
  assert.deepEqual(await rebuildFilters(description, passes), filters);
  return description;
}

test('filters of libpng need at most 20 bytes, however many rows there are', async () => {
  for (const height of [1, 40, 700]) {
    const rows = pass(96, height);
    const filters = adaptive(rows);
    assert.ok(height < 700 || new Set(filters).size > 2, 'the image needs several filters');
    const description = await assertDescribed([rows], Uint8Array.from(filters));
    assert.ok(description.length <= 20, `${description.length} bytes`);
  }
});

test('one filter for all rows needs at most 6 bytes', async () => {
  const rows = pass(60, 900);
  for (const filter of [0, 1, 2, 3, 4]) {
    const description = await assertDescribed([rows], new Uint8Array(900).fill(filter));
    assert.ok(description.length <= 6, `filter ${filter}: ${description.length} bytes`);
  }
});

test('passes of interlaced images have a first row each', async () => {
  const passes = [pass(10, 7), pass(20, 7, 2), pass(20, 14, 3)];
  const description = await assertDescribed(passes, Uint8Array.from(passes.flatMap(adaptive)));
  assert.ok(description.length <= 20, `${description.length} bytes`);
});

test('restores any filters of any rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 }),
      async (width, filters) => {
        await assertDescribed([pass(width, filters.length)], Uint8Array.from(filters));
      },
    ),
    { numRuns: 40 },
  );
});
