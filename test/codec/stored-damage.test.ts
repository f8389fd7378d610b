import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeStored, parseFile, VERSION_NUMBER } from '#pixrnn/codec/container.js';
import { encodeVarint } from '#pixrnn/varint.js';
import { assertRefused, outcome } from './refused.js';
import { storedPart } from './samples.js';

// Damaged and invalid files of kind `stored`, as containers; stored.test.ts restores their sources.

/** The byte of version and kind of a stored source. */
const STORED = 0x40 | VERSION_NUMBER;
const MAX_SIDE = 2 ** 31 - 1;

/** Returns the file of a stored source with these header bytes. */
const stored = (first: number, extension: number, width: number, height: number, ...rest: number[]) =>
  storedPart(0x8f, 0x70, first, extension, ...encodeVarint(width), ...encodeVarint(height), ...rest);

test('rejects invalid headers of stored sources', () => {
  const read = (bytes: number[]) => parseFile(Uint8Array.from(bytes));
  assert.deepEqual(read(stored(STORED, 0x40, 3, 4, 7)), {
    ...{ width: 3, height: 4, extension: '.png' },
    source: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 7),
  });
  assert.deepEqual(read(stored(STORED, 0x88, 3, 4)), {
    ...{ width: 3, height: 4, extension: '.GIF' },
    source: new Uint8Array(0),
  });
  assertRefused(stored(STORED, 0x18, 1, 1), 'file-corrupt', /unknown file extension/);
  assertRefused(stored(STORED, 0, 0, 1), 'file-corrupt', /0 x 1/);
  assertRefused(stored(STORED, 0, 1, 2 ** 31), 'file-corrupt', /1 x 2147483648/);
  assertRefused(stored(STORED, 0, MAX_SIDE, MAX_SIDE), 'limit');
  assertRefused(stored(STORED + 1, 0, 1, 1), 'unknown-version', /version 2 /);
});

test('detects every change of a stored source, every truncation, and bytes after its end', () => {
  const bytes = encodeStored({ width: 300, height: 4, extension: '.PNG', source: Uint8Array.of(0x89, 0x50, 1, 2, 3) });
  assert.equal(outcome(bytes), null);
  for (let i = 0; i < bytes.length; i++) {
    for (let flip = 1; flip < 256; flip++) {
      const damaged = bytes.slice();
      damaged[i]! ^= flip;
      assert.notEqual(outcome(damaged), null, `byte ${i} ^ ${flip}`);
    }
  }
  for (let length = 0; length < bytes.length; length++) {
    assert.notEqual(outcome(bytes.slice(0, length)), null, `${length} bytes`);
  }
  assert.equal(outcome(Uint8Array.of(...bytes, 0)), 'file-corrupt');
});
