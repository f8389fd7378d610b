import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { activeAlphabetOf } from '#pixrnn/codec/active-alphabet.js';
import { encodeVarint } from '#pixrnn/varint.js';
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
      assert.match(error.message, /^(it|the) .*\. [A-Z].*\.$/, 'the message states the fault and the remedy');
      if (message) assert.match(error.message, message);
      return true;
    },
  );
}

/** Returns the code of the error, or null if the bytes decode; any error but a PixrnnError fails the test. */
function outcome(bytes: Uint8Array): ErrorCode | null {
  try {
    decodeContainer(bytes);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}

test('detects every change of every byte before the digest', () => {
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

test('returns a changed digest to the caller, who compares it with the samples', () => {
  const { container, bytes } = smallFile();
  for (let i = bytes.length - 16; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x10;
    assert.deepEqual(decodeContainer(damaged), { ...container, digest: damaged.slice(-16) });
  }
});

test('rejects every truncation', () => {
  const { bytes } = smallFile();
  for (let length = 0; length < bytes.length; length++) assertRefused(bytes.slice(0, length), 'file-truncated');
});

test('changes with recomputed checks never crash', () => {
  fc.assert(
    fc.property(containers, fc.nat(), fc.integer({ min: 1, max: 255 }), (container, position, flip) => {
      const bytes = encodeContainer(container);
      bytes[position % Math.min(bytes.length, 64)]! ^= flip;
      outcome(withNewChecks(bytes, checkedParts(container)));
    }),
    { numRuns: 500 },
  );
});

test('rejects bytes after the end', () => {
  const { bytes } = smallFile();
  assertRefused([...bytes, 0], 'trailing-bytes', /ends at byte \d+, but 1 more/);
  assertRefused([...bytes, ...bytes], 'trailing-bytes');
});

test('names other file types and other versions', () => {
  assertRefused([0x89, 0x50, 0x4e, 0x47], 'input-unsupported', /starts with 89 50/);
  assertRefused([0x8f, 0x70, 0x09], 'unknown-revision', /version 9/);
  assertRefused([0x8f, 0x70, 0x80], 'unknown-revision', /version 0/);
  assertRefused([0x8f, 0x50, 0x02], 'unknown-revision', /pre-release/);
});

test('rejects numbers that are not in their shortest form', () => {
  const size = /shortest form/;
  assertRefused(part(0x8f, 0x70, 1, 0x81, 0x00, 1, 1), 'file-corrupt', size);
  assertRefused(part(0x8f, 0x70, 1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1), 'file-corrupt', size);
  assertRefused([...rgbHeader(1, 1), ...part(0x54, 0x82, 0x00, 7, 7), ...DIGEST], 'file-corrupt', size);
});

/** Returns a header with this format byte. */
const header = (format: number, ...models: number[]) => part(0x8f, 0x70, 0x81, format, 1, 1, ...models);

test('rejects undefined formats', () => {
  assertRefused(header(0x4e, 1), 'file-corrupt', /redundant format byte/);
  for (const format of [0x01, 0x02, 0x07, 0x0a]) assertRefused(header(format), 'file-corrupt', /bits per sample with/);
  for (const depth of [5, 6, 7]) assertRefused(header(depth << 2), 'file-corrupt', /invalid depth of \d+ bits/);
  for (const format of [0x2d, 0x2e, 0x30]) assertRefused(header(format), 'file-corrupt', /palette/);
  for (const format of [0x4c, 0x4d])
    assertRefused(header(format, 2), 'file-corrupt', /RGB model for an image without RGB/);
  for (const format of [0x00, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x13, 0x2c]) {
    const { channels, depth, indexed } = decodeContainer(
      Uint8Array.from([...header(format), ...part(0x50, 1, 0), ...DIGEST]),
    ).header;
    assert.deepEqual([channels, depth, indexed], [(format & 3) + 1, 2 ** ((format >> 2) & 7), format >= 0x20]);
  }
});

test('models are numbers or ids', () => {
  const models = (...bytes: number[]) => {
    const file = [...header(0xcf, ...bytes), ...part(0x49, 0), ...DIGEST];
    const { rgbModel, grayModel } = decodeContainer(Uint8Array.from(file)).header;
    return [rgbModel, grayModel];
  };
  assert.deepEqual(models(1, 2), [1, 2]);
  assert.deepEqual(models(255, 0, ...MODEL_ID), [255, MODEL_ID]);
  assert.deepEqual(models(0, ...MODEL_ID, 7), [MODEL_ID, 7]);
});

test('rejects an undefined effort, and an effort without a model', () => {
  for (const [effort, bits] of [0x20, 0x40].entries()) {
    const file = [...part(0x8f, 0x70, 1 | bits, 1, 1, 1), ...part(0x54, 1, 7), ...DIGEST];
    assert.equal(decodeContainer(Uint8Array.from(file)).header.effort, effort + 1);
    assertRefused(part(0x8f, 0x70, 0x81 | bits, 0x0e, 1, 1), 'file-corrupt', /effort/); // without a model
  }
  assertRefused(part(0x8f, 0x70, 0x61, 1, 1, 1), 'file-corrupt', /effort 3/);
});

test('rejects impossible sizes', () => {
  assertRefused(rgbHeader(0, 1), 'file-corrupt', /0 x 1/);
  assertRefused(rgbHeader(1, 0), 'file-corrupt', /1 x 0/);
  assertRefused(rgbHeader(2 ** 31, 1), 'file-corrupt', /2147483648 x 1/);
});

test('rejects more pixels than the limit', () => {
  assertRefused(rgbHeader(10001, 10000), 'limit', /10001 x 10000/);
  assertRefused(rgbHeader(10, 10), 'limit', /99/, 99);
  assertRefused(rgbHeader(10000, 10000), 'file-truncated');
  assertRefused(rgbHeader(MAX_SIDE, MAX_SIDE), 'limit');
});

test('rejects claims of gigabytes before allocating memory', () => {
  const before = process.memoryUsage();
  assertRefused(rgbHeader(MAX_SIDE, MAX_SIDE), 'file-truncated', /the tiles/, Infinity);
  assertRefused(rgbHeader(MAX_SIDE, 1), 'file-truncated', /the tiles/, Infinity);
  const padding = new Array<number>(40).fill(0);
  for (const type of [0x4d, 0x56, 0x50, 0x54, 0x49, 0x52, 0x53]) {
    for (const length of [2 ** 20, 2 ** 31, 2 ** 32 + 5, 2 ** 35 - 1]) {
      assertRefused([...rgbHeader(1000, 1000), type, ...encodeVarint(length), ...padding], 'file-truncated');
    }
  }
  const after = process.memoryUsage();
  assert.ok(after.arrayBuffers + after.heapTotal - before.arrayBuffers - before.heapTotal < 64e6);
});

test('rejects a payload of the wrong length', () => {
  const file = (...tile: number[]) => [...rgbHeader(1, 1), ...part(...tile), ...DIGEST];
  assert.equal(outcome(Uint8Array.from(file(0x54, 3, 7, 7, 7))), null);
  assert.equal(outcome(Uint8Array.from(file(0x49, 0))), null);
  for (const type of [0x54, 0x49]) {
    assertRefused(file(type, 4, 7, 7, 7, 7), 'file-corrupt', /has 4 coded bytes, more than the maximum of 3/);
  }
  assertRefused(file(0x52, 2, 7, 7), 'file-corrupt', /holds 2 bytes of raw samples instead of 3/);
  assertRefused(file(0x52, 4, 7, 7, 7, 7), 'file-corrupt', /holds 4 bytes of raw samples instead of 3/);
});

test('rejects inconsistent split tiles', () => {
  const rgba = (...payload: number[]) => [...header(0xcf, 1, 2), ...part(0x53, payload.length, ...payload), ...DIGEST];
  assert.equal(outcome(Uint8Array.from(rgba(0x00, 1, 7, 7))), null); // a byte of alpha and one of colours
  assert.equal(outcome(Uint8Array.from(rgba(0x10, 1, 2, 3, 0))), null); // with a hidden colour, both payloads empty
  assert.equal(outcome(Uint8Array.from(rgba(0x0a, 1, 9, 7, 8, 9))), null); // both raw
  assert.equal(outcome(Uint8Array.from(rgba(0x2a, 1, 9, 7))), null); // gray as well
  assert.equal(outcome(Uint8Array.from(rgba(0x30, 5, 1, 7, 7))), null); // one sample of a hidden gray
  for (const payload of [[], [0x00], [0x00, 2, 7], [0x03, 0], [0x0c, 0], [0x40, 0], [0x80, 0], [0x10, 1, 2, 3]]) {
    assertRefused(rgba(...payload), 'file-corrupt', /is malformed/);
  }
  assertRefused(rgba(0x0a, 1, 9, 7, 8), 'file-corrupt', /holds 2 bytes/);
  assertRefused(rgba(0x14, 1, 2, 3, 0), 'file-corrupt', /hidden colour/); // requires a model
  assertRefused(rgba(0x00, 2, 7, 7, 7), 'file-corrupt', /has 2 coded bytes/);
  assertRefused(rgba(0x23, 7), 'file-corrupt', /marked as gray/); // alpha is missing
  const rgb = (...payload: number[]) => [...header(0xce, 1, 2), ...part(0x53, payload.length, ...payload), ...DIGEST];
  assert.equal(outcome(Uint8Array.from(rgb(0x23, 7))), null); // gray, coded by a model
  assertRefused(rgb(0x00, 0), 'file-corrupt', /alpha, but the image has none/);
  assertRefused(rgb(0x33, 7, 7), 'file-corrupt', /hidden colour/);
  assertRefused([...header(0xcf, 1, 2), ...part(0x54, 1, 7), ...DIGEST], 'file-corrupt', /requires separate alpha/);
});

test('rejects a malformed list of values', async () => {
  const gray = (payload: Uint8Array) => [
    ...header(0x8c, 2),
    ...part(0x56, payload.length, ...payload),
    ...part(0x54, 1, 7),
    ...DIGEST,
  ];
  const bitmap = (length: number, value: number) => brotliCompressSync(Buffer.alloc(length, value));
  const read = (payload: Uint8Array) => activeAlphabetOf(decodeContainer(Uint8Array.from(gray(payload))));
  assert.deepEqual((await read(bitmap(32, 1)))?.bitmaps, [new Uint8Array(32).fill(1)]);
  for (const payload of [
    bitmap(32, 0),
    bitmap(31, 1),
    bitmap(33, 1),
    Buffer.concat([bitmap(32, 1), Buffer.of(0)]),
    Uint8Array.of(),
    Uint8Array.of(1, 2, 3),
  ]) {
    await assert.rejects(read(payload), { code: 'file-corrupt', message: /the active alphabet is malformed/ });
  }
});

test('rejects a PNG stream with other flags', () => {
  const file = (...payload: number[]) => [...header(0x0e), ...part(0x50, payload.length, ...payload), ...DIGEST];
  assert.equal(outcome(Uint8Array.from(file(1, 9))), null);
  assertRefused(file(), 'file-corrupt', /PNG stream/);
  assertRefused(file(2, 9), 'file-corrupt', /PNG stream/);
  assertRefused([...header(0x8c, 2), ...part(0x50, 1, 0), ...DIGEST], 'file-corrupt', /with models/);
});

test('rejects a misplaced chunk', () => {
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

test('rejects a model-coded tile without a model', () => {
  assertRefused([...header(0x0c), ...part(0x54, 1, 7), ...DIGEST], 'file-corrupt', /header names none/);
});
