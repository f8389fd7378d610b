import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CandidateBytes, chooseResult, type Exactness } from '#pixrnn/codec/choose-result.js';

const bytes = fc.integer({ min: 1, max: 100_000 });
const candidates: fc.Arbitrary<CandidateBytes> = fc.record({
  pixels: bytes,
  exact: fc.option(bytes),
  stored: fc.option(bytes),
});

/** Returns the choices for these sizes with `auto`, `exact` and `pixels`. */
const choices = (pixels: number, exact: number | null, stored: number | null) =>
  (['auto', 'exact', 'pixels'] as const).map((exactness) => chooseResult({ pixels, exact, stored }, exactness));

test('restores the source by default if that costs at most 200 bytes or 1 %', () => {
  const chosen = (pixels: number, exact: number) => chooseResult({ pixels, exact, stored: null }, 'auto');
  assert.equal(chosen(1000, 1200), 'exact');
  assert.equal(chosen(1000, 1201), 'pixels');
  assert.equal(chosen(20_000, 20_200), 'exact');
  assert.equal(chosen(20_000, 20_201), 'pixels');
  assert.equal(chosen(1_000_000, 1_010_000), 'exact');
  assert.equal(chosen(1_000_000, 1_010_001), 'pixels');
});

test('restores the source at any cost, or never, if asked', () => {
  assert.deepEqual(choices(1000, 5000, null), ['pixels', 'exact', 'pixels']);
  assert.deepEqual(choices(1000, 1001, null), ['exact', 'exact', 'pixels']);
});

test('stores the source only where nothing that restores enough is smaller', () => {
  assert.deepEqual(choices(1000, 1100, 1050), ['stored', 'stored', 'pixels']);
  assert.deepEqual(choices(1000, 1100, 1100), ['exact', 'exact', 'pixels']);
  assert.deepEqual(choices(1000, 1100, 999), ['stored', 'stored', 'stored']);
  assert.deepEqual(choices(1000, 5000, 3000), ['pixels', 'stored', 'pixels']);
  assert.deepEqual(choices(1000, null, 3000), ['pixels', 'stored', 'pixels']);
  assert.deepEqual(choices(1000, null, 1000), ['pixels', 'stored', 'pixels']);
  assert.deepEqual(choices(1000, null, null), ['pixels', null, 'pixels']);
});

test('chooses a candidate that exists, restores enough and has none smaller that restores as much', () => {
  const exactnesses = fc.constantFrom<Exactness>('auto', 'exact', 'pixels');
  fc.assert(
    fc.property(candidates, exactnesses, (sizes, exactness) => {
      const choice = chooseResult(sizes, exactness);
      if (choice === null) {
        assert.deepEqual([exactness, sizes.exact, sizes.stored], ['exact', null, null]);
        return;
      }
      const size = sizes[choice];
      assert.ok(size !== null);
      if (exactness === 'exact') assert.notEqual(choice, 'pixels');
      if (exactness === 'pixels') assert.ok(size === Math.min(sizes.pixels, sizes.stored ?? Infinity));
      if (exactness !== 'pixels') {
        const restoring = Math.min(sizes.exact ?? Infinity, sizes.stored ?? Infinity);
        if (choice === 'pixels')
          assert.ok(restoring > sizes.pixels + Math.max(200, 0.01 * sizes.pixels) || sizes.stored === restoring);
        else assert.equal(size, restoring);
      }
    }),
    { numRuns: 2000 },
  );
});
