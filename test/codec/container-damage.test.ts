import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { encodeVarint } from '#pixrnn/codec/varint.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { checkedParts, containers, MODEL_ID, part, rgbHeader, smallFile, withNewChecks } from './samples.js';

const DIGEST = new Array<number>(16).fill(0);
const MAX_SIDE = 2 ** 31 - 1;

function assertRefused(bytes: Uint8Array | number[], code: ErrorCode, message?: RegExp, maxPixels?: number): void {
  const options = maxPixels === undefined ? {} : { maxPixels };
  assert.throws(
    () => decodeContainer(Uint8Array.from(bytes), options),
    (error) => {
      assert.ok(error instanceof PixrnnError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /^(it|the) .*\. [A-Z].*\.$/, 'what is wrong, and what to do');
      if (message) assert.match(error.message, message);
      return true;
    },
  );
}

/** The code of the error, or null if the bytes decode; anything but a PixrnnError is a crash. */
function outcome(bytes: Uint8Array): ErrorCode | null {
  try {
    decodeContainer(bytes);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}

test('every change of every byte before the digest is noticed', () => {
  const { bytes } = smallFile();
  const codes = new Set(['input-unsupported', 'unknown-revision', 'file-truncated', 'file-corrupt']);
  for (let i = 0; i < bytes.length - 16; i++) {
    for (let flip = 1; flip < 256; flip++) {
      const damaged = bytes.slice();
      damaged[i]! ^= flip;
      const code = outcome(damaged);
      assert.ok(code !== null && codes.has(code), `byte ${i} ^ ${flip}: ${code}`);
    }
  }
});

test('a change of the digest is handed on, for whoever has the samples', () => {
  const { container, bytes } = smallFile();
  for (let i = bytes.length - 16; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x10;
    assert.deepEqual(decodeContainer(damaged), { ...container, digest: damaged.slice(-16) });
  }
});

test('every truncation is refused as such', () => {
  const { bytes } = smallFile();
  for (let length = 0; length < bytes.length; length++) assertRefused(bytes.slice(0, length), 'file-truncated');
});

test('changes with the checks recomputed never crash', () => {
  fc.assert(
    fc.property(containers, fc.nat(), fc.integer({ min: 1, max: 255 }), (container, position, flip) => {
      const bytes = encodeContainer(container);
      bytes[position % Math.min(bytes.length, 64)]! ^= flip;
      outcome(withNewChecks(bytes, checkedParts(container)));
    }),
    { numRuns: 500 },
  );
});

test('bytes after the end are refused', () => {
  const { bytes } = smallFile();
  assertRefused([...bytes, 0], 'trailing-bytes', /ends at byte \d+, but 1 more/);
  assertRefused([...bytes, ...bytes], 'trailing-bytes');
});

test('other files and other revisions are named', () => {
  assertRefused([0x89, 0x50, 0x4e, 0x47], 'input-unsupported', /begins with 89 50/);
  assertRefused([0x8f, 0x50, 0x09], 'unknown-revision', /revision 9/);
  assertRefused([0x8f, 0x50, 0x80], 'unknown-revision', /revision 0/);
});

test('numbers that are not in their shortest form are refused', () => {
  const size = /shortest form/;
  assertRefused(part(0x8f, 0x50, 2, 0x81, 0x00, 1, ...MODEL_ID), 'file-corrupt', size);
  assertRefused(part(0x8f, 0x50, 2, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 1, ...MODEL_ID), 'file-corrupt', size);
  assertRefused([...rgbHeader(1, 1), ...part(0x54, 0x82, 0x00, 7, 7), ...DIGEST], 'file-corrupt', size);
});

test('flags that mean nothing are refused', () => {
  assertRefused(part(0x8f, 0x50, 0x82, 0, 1, 1, ...MODEL_ID), 'file-corrupt', /without a flag/);
  for (let bit = 2; bit < 8; bit++) {
    assertRefused(part(0x8f, 0x50, 0x82, 1 << bit, 1, 1, ...MODEL_ID), 'file-corrupt', /unknown flags/);
  }
});

test('efforts that there are not, or not there, are refused', () => {
  const header = (revision: number, ...rest: number[]) => part(0x8f, 0x50, revision, ...rest);
  const rest = [1, 1, ...MODEL_ID];
  for (const [effort, known] of [0x20, 0x40].entries()) {
    const file = [...header(2 | known, ...rest), ...part(0x54, 1, 7), ...DIGEST];
    assert.equal(decodeContainer(Uint8Array.from(file)).header.effort, effort + 1);
    assertRefused(header(1 | known, ...rest), 'file-corrupt', /effort/); // revision 1 had none
    assertRefused(header(0x82 | known, 2, 1, 1), 'file-corrupt', /effort/); // nor has a file without a model
  }
  for (const revision of [1, 2]) assertRefused(header(revision | 0x60, ...rest), 'file-corrupt', /effort 3/);
});

test('a file of revision 1 is one of effort 1', () => {
  const file = (revision: number) => [...part(0x8f, 0x50, revision, 1, 1, ...MODEL_ID), ...part(0x54, 1, 7), ...DIGEST];
  assert.equal(decodeContainer(Uint8Array.from(file(1))).header.effort, 1);
  assert.equal(decodeContainer(Uint8Array.from(file(2))).header.effort, 3);
});

test('impossible sizes are refused', () => {
  assertRefused(rgbHeader(0, 1), 'file-corrupt', /0 x 1/);
  assertRefused(rgbHeader(1, 0), 'file-corrupt', /1 x 0/);
  assertRefused(rgbHeader(2 ** 31, 1), 'file-corrupt', /2147483648 x 1/);
});

test('more pixels than the limit are refused', () => {
  assertRefused(rgbHeader(10001, 10000), 'limit', /10001 x 10000/);
  assertRefused(rgbHeader(10, 10), 'limit', /99/, 99);
  assertRefused(rgbHeader(10000, 10000), 'file-truncated');
  assertRefused(rgbHeader(MAX_SIDE, MAX_SIDE), 'limit');
});

test('claims of gigabytes are refused before memory is taken', () => {
  const before = process.memoryUsage();
  assertRefused(rgbHeader(MAX_SIDE, MAX_SIDE), 'file-truncated', /the tiles/, Infinity);
  assertRefused(rgbHeader(MAX_SIDE, 1), 'file-truncated', /the tiles/, Infinity);
  const padding = new Array<number>(40).fill(0);
  for (const type of [0x4d, 0x54, 0x52]) {
    for (const length of [2 ** 20, 2 ** 31, 2 ** 32 + 5, 2 ** 35 - 1]) {
      assertRefused([...rgbHeader(1000, 1000), type, ...encodeVarint(length), ...padding], 'file-truncated');
    }
  }
  const after = process.memoryUsage();
  assert.ok(after.arrayBuffers + after.heapTotal - before.arrayBuffers - before.heapTotal < 64e6);
});

test('a payload of the wrong length is refused', () => {
  const file = (...tile: number[]) => [...rgbHeader(1, 1), ...part(...tile), ...DIGEST];
  assert.equal(outcome(Uint8Array.from(file(0x54, 3, 7, 7, 7))), null);
  assertRefused(file(0x54, 0, 7), 'file-corrupt');
  assertRefused(file(0x54, 4, 7, 7, 7, 7), 'file-corrupt', /has 4 coded bytes, where 1 to 3/);
  assertRefused(file(0x52, 2, 7, 7), 'file-corrupt', /holds 2 raw samples instead of 3/);
  assertRefused(file(0x52, 4, 7, 7, 7, 7), 'file-corrupt', /holds 4 raw samples instead of 3/);
});

test('a chunk that does not belong where it is is refused', () => {
  const tile = [0x54, 1, 0, 0, 0, 0, 7];
  const header = rgbHeader(1030, 1);
  assert.equal(outcome(Uint8Array.from([...header, ...part(...tile), ...part(...tile), ...DIGEST])), null);
  assertRefused(
    [...header, ...part(...tile), ...part(0x4d, 0), ...DIGEST],
    'file-corrupt',
    /tile 2 of 2 begins with 0x4d/,
  );
  assertRefused([...header, ...part(0x58, 0), ...part(...tile), ...DIGEST], 'file-corrupt', /0x58/);
});

test('a model-coded tile without a model is refused', () => {
  const file = [...part(0x8f, 0x50, 0x82, 2, 1, 1), ...part(0x54, 1, 7), ...DIGEST];
  assertRefused(file, 'file-corrupt', /header names none/);
});
