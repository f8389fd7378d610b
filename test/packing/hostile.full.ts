import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PixrnnError } from '#pixrnn/errors.js';
import { rebuildFilters } from '#pixrnn/packing/png-filters.js';
import { describeZlib, rebuildZlib } from '#pixrnn/packing/zlib-stream.js';
import { chromiumStream, filteredBytes } from './samples.js';

const raw = filteredBytes(20_000);
const MAX_BYTES = 30_000;

/** Rebuilds a stream of at most MAX_BYTES, or fails as documented. */
async function assertBounded(description: Uint8Array, data = raw): Promise<void> {
  try {
    const stream = await rebuildZlib(description, data, MAX_BYTES);
    assert.ok(stream.length <= MAX_BYTES);
  } catch (error) {
    assert.ok(error instanceof PixrnnError && error.code === 'file-corrupt', String(error));
  }
}

test('any bytes rebuild a stream or are refused', async () => {
  const starts = fc.constantFrom(
    [],
    [0x06, 0x47],
    [0x86, 0xc7, 0xff],
    [0x80, 0x78, 0x01],
    [0xa0, 0x78, 0x01, 0, 127, 255, 16, 0, 63, 0, 255, 0, 0],
    // Trees without and with an optimal parser, buckets that lose their older half, skipped positions, chunks.
    [0x80, 0x78, 0x01, 0, 127, 255, 16, 0, 63, 0, 255, 0, 0],
    [0xa0, 0x78, 0x01, 0, 127, 255, 4, 34, 63, 0, 74, 0, 0],
    [0x80, 0x78, 0x01, 0, 127, 255, 0, 16, 0, 5, 255, 0x20, 1],
    [0x80, 0x78, 0x01, 1, 127, 255, 0, 1, 0, 9, 255, 0x31, 0x14],
    [0x80, 0x78, 0x01, 0, 127, 255, 0, 1, 0, 4, 255, 0x20, 0x62],
    [0x80, 0x78, 0x01, 0, 127, 255, 0, 1, 0, 4, 255, 0x20, 0x7f],
    [0xa0, 0x78, 0x01, 0, 0, 2, 16, 0, 0, 0, 255, 0, 0x80, 31],
    [0x80, 0x78, 0x01, 0, 0, 3, 0, 1, 0, 0, 255, 0x20, 0xff, 1],
  );
  await fc.assert(
    fc.asyncProperty(starts, fc.uint8Array({ maxLength: 60 }), async (start, rest) => {
      await assertBounded(Uint8Array.of(...start, ...rest));
    }),
    { numRuns: 300 },
  );
});

test('damaged descriptions rebuild a stream or are refused', async () => {
  for (const level of [1, 6]) {
    const description = await describeZlib(chromiumStream(raw, level), raw);
    assert.ok(description);
    await fc.assert(
      fc.asyncProperty(fc.nat(description.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        await assertBounded(description.map((byte, i) => (i === at ? byte ^ change : byte)));
      }),
      { numRuns: 60 },
    );
    for (let length = 0; length < Math.min(40, description.length); length++) {
      await assertBounded(description.subarray(0, length));
    }
  }
});

test('descriptions of other data are refused or make a stream in time', async () => {
  const description = await describeZlib(chromiumStream(raw, 6), raw);
  assert.ok(description);
  const start = performance.now();
  for (const data of [new Uint8Array(200_000), new Uint8Array(0), filteredBytes(500)])
    await assertBounded(description, data);
  assert.ok(performance.now() - start < 10_000);
});

test('a stream that is one byte too long is refused', async () => {
  const stream = chromiumStream(raw, 6);
  const description = await describeZlib(stream, raw);
  assert.ok(description);
  await assert.rejects(rebuildZlib(description, raw, stream.length - 1), { code: 'file-corrupt' });
});

test('any bytes make filters from 0 to 4', async () => {
  const passes = [{ rowBytes: 30, pixelBytes: 3, rows: filteredBytes(30 * 50) }];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (description) => {
      const filters = await rebuildFilters(description, passes);
      assert.ok(filters.length === 50 && filters.every((filter) => filter <= 4));
    }),
    { numRuns: 30 },
  );
});
