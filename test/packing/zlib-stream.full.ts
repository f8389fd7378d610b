import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Deflate, Z_FULL_FLUSH, Z_SYNC_FLUSH, Z_PARTIAL_FLUSH, deflate, type DeflateOptions } from 'pako';
import { concatBytes } from '#pixrnn/bytes.js';
import { describeZlib } from '#pixrnn/packing/zlib-stream.js';
import { assertDescribed, chromiumStream, filteredBytes } from './samples.js';

const raw = filteredBytes(60_000);

/** What zlib makes: pako with zlib's own hash. */
const zlib = (options: DeflateOptions, data = raw): Uint8Array => deflate(data, { ...options, legacyHash: true });

describe('streams of zlib need 8 bytes or less', () => {
  const parameters: DeflateOptions[] = [
    ...([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((level) => ({ level })),
    ...([0, 1, 2, 3, 4] as const).map((strategy) => ({ level: 6 as const, strategy })),
    ...([1, 5, 9] as const).map((memLevel) => ({ level: 7 as const, memLevel })),
    ...([9, 12] as const).map((windowBits) => ({ level: 9 as const, windowBits })),
  ];
  for (const options of parameters) {
    it(JSON.stringify(options), async () => {
      const description = await assertDescribed(zlib(options), raw);
      assert.ok(description.length <= 8, `${description.length} bytes`);
    });
  }

  it('with a window size that the header does not name, as libpng writes it', async () => {
    const stream = zlib({ level: 9 });
    stream.set([0x18, 0x19 + ((31 - ((0x18 * 256 + 0x19) % 31)) % 31)]);
    assert.ok((await assertDescribed(stream, raw)).length <= 8);
  });

  it('of less than 4 KiB, with stored blocks, and of nothing', async () => {
    for (const data of [
      filteredBytes(900),
      new Uint8Array(0),
      Uint8Array.of(7),
      crypto.getRandomValues(new Uint8Array(9000)),
    ]) {
      assert.ok((await assertDescribed(zlib({ level: 6 }, data), data)).length <= 8);
    }
  });
});

test('fixed blocks between stored ones need 8 bytes or less', async () => {
  const data = concatBytes([
    filteredBytes(50_000),
    crypto.getRandomValues(new Uint8Array(40_000)),
    filteredBytes(50_000),
  ]);
  const description = await assertDescribed(zlib({ level: 6, strategy: 4 }, data), data);
  assert.ok(description.length <= 8, `${description.length} bytes`);
});

test('flushed streams need a few bytes more', async () => {
  for (const mode of [Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH]) {
    const deflator = new Deflate({ level: 6, legacyHash: true });
    for (let at = 0; at < raw.length; at += 10_000) {
      const end = Math.min(raw.length, at + 10_000);
      deflator.push(raw.subarray(at, end), end === raw.length ? true : mode);
    }
    const description = await assertDescribed(deflator.result, raw);
    assert.ok(description.length <= 12, `${description.length} bytes`);
  }
});

test('bytes after the stream are kept', async () => {
  const trailing = Uint8Array.of(1, 2, 3, 0, 0);
  for (const stream of [zlib({ level: 6 }), chromiumStream(raw, 3), zlib({ level: 0 })]) {
    const description = await assertDescribed(concatBytes([stream, trailing]), raw);
    assert.deepEqual(description.subarray(-5), trailing);
  }
});

test('a description that is not tried is the same', async () => {
  for (const stream of [chromiumStream(raw, 6), zlib({ level: 6 })]) {
    assert.deepEqual(await describeZlib(stream, raw, { verify: false }), await describeZlib(stream, raw));
  }
});

test('uncompressed streams need no more than 32 bytes', async () => {
  assert.ok((await assertDescribed(zlib({ level: 0 }), raw)).length <= 32);
});

test('streams of other encoders cost little', async () => {
  for (const level of [1, 3, 6, 9]) {
    const stream = chromiumStream(raw, level);
    const description = await assertDescribed(stream, raw);
    assert.ok(description.length <= stream.length / 50, `level ${level}: ${description.length} of ${stream.length}`);
  }
});

test('what is no zlib stream of the data has no description', async () => {
  const stream = zlib({ level: 6 });
  const changed = (at: number): Uint8Array => stream.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const cases = [
    [stream.subarray(0, -1), raw],
    [stream, raw.subarray(0, -1)],
    [stream, concatBytes([raw, Uint8Array.of(0)])],
    [changed(0), raw],
    [changed(stream.length - 1), raw],
    [changed(400), raw],
    [new Uint8Array(0), raw],
    [new Uint8Array(0), new Uint8Array(0)],
  ] as const;
  for (const [bytes, data] of cases) assert.equal(await describeZlib(bytes, data), null);
});
