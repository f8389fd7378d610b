import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeContainer, encodeContainer, VERSION_NUMBER } from '#pixrnn/codec/container.js';
import { activeAlphabetOf } from '#pixrnn/codec/active-alphabet.js';
import { encodeVarint } from '#pixrnn/varint.js';
import { DEFAULT_EFFORT, EFFORTS } from '#pixrnn/effort.js';
import { assertRefused, outcome } from './refused.js';
import {
  checkedParts,
  containers,
  MODEL_ID,
  part,
  pixelHeader,
  rgbHeader,
  smallFile,
  withNewChecks,
} from './samples.js';

const DIGEST = new Array<number>(16).fill(0);
const SOURCE_DIGEST = new Array<number>(32).fill(0);
/** Bytes of the digests of samples and source, which have no check. */
const DIGESTS = DIGEST.length + SOURCE_DIGEST.length;
const MAX_SIDE = 2 ** 31 - 1;

test('detects every change of every byte before the digests', () => {
  const { bytes } = smallFile();
  const codes = new Set(['input-unsupported', 'unknown-version', 'file-truncated', 'file-corrupt']);
  for (let i = 0; i < bytes.length - DIGESTS; i++) {
    for (let flip = 1; flip < 256; flip++) {
      const damaged = bytes.slice();
      damaged[i]! ^= flip;
      const code = outcome(damaged);
      assert.ok(code !== null && codes.has(code), `byte ${i} ^ ${flip}: ${code}`);
    }
  }
});

test('returns changed digests to the caller, who compares them with the samples and the source', () => {
  const { container, bytes } = smallFile();
  for (let i = bytes.length - DIGESTS; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x10;
    const restoration = { ...container.restoration, digest: damaged.slice(-32) };
    assert.deepEqual(decodeContainer(damaged), { ...container, restoration, digest: damaged.slice(-DIGESTS, -32) });
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

test('names other file types, drafts and later versions', () => {
  assertRefused([0x89, 0x50, 0x4e, 0x47], 'input-unsupported', /starts with 89 50/);
  for (const [number, name] of [
    [0x00, /in draft 0 of the format, from before version 1\. This pixrnn reads version 1\. Decompress/],
    [0x8a, /in draft 10 /],
    [0x0f, /in draft 15 /],
    [0x11, /in version 2 of the format, but this pixrnn reads version 1\. Update pixrnn\.$/],
    [0xbf, /in a later version /],
  ] as const)
    assertRefused([0x8f, 0x70, number], 'unknown-version', name);
  assertRefused(
    [0x8f, 0x50, 0x02],
    'unknown-version',
    /in a format from before version 1\. .* compress the result again/,
  );
});

test('rejects numbers that are not in their shortest form', () => {
  const size = /shortest form/;
  assertRefused(part(0x8f, 0x70, VERSION_NUMBER, 0x0b, 0x81, 0x00, 1, 1), 'file-corrupt', size);
  assertRefused(part(0x8f, 0x70, VERSION_NUMBER, 0x0b, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1), 'file-corrupt', size);
  assertRefused([...rgbHeader(1, 1), ...part(0x54, 0x82, 0x00, 7, 7), ...DIGEST], 'file-corrupt', size);
});

test('rejects undefined formats', () => {
  assertRefused(pixelHeader(0x0e, 0x0b, 1), 'file-corrupt', /redundant format byte/);
  for (const format of [0x01, 0x02, 0x07, 0x0a])
    assertRefused(pixelHeader(format, 0), 'file-corrupt', /bits per sample with/);
  for (const depth of [5, 6, 7]) assertRefused(pixelHeader(depth << 2, 0), 'file-corrupt', /invalid depth of \d+ bits/);
  for (const format of [0x2d, 0x2e, 0x30]) assertRefused(pixelHeader(format, 0), 'file-corrupt', /palette/);
  for (const format of [0x0c, 0x0d])
    assertRefused(pixelHeader(format, 0x0b, 2), 'file-corrupt', /RGB model for an image without RGB/);
  for (const format of [0x00, 0x0c, 0x0d, 0x0f, 0x10, 0x13, 0x2c]) {
    const file = [...pixelHeader(format, 0), ...part(0x49, 0), ...DIGEST];
    const { channels, depth, indexed } = decodeContainer(Uint8Array.from(file)).header;
    assert.deepEqual([channels, depth, indexed], [(format & 3) + 1, 2 ** ((format >> 2) & 7), format >= 0x20]);
  }
});

test('models are numbers or ids', () => {
  const models = (...bytes: number[]) => {
    const file = [...pixelHeader(0x0f, 0x1b, ...bytes), ...part(0x49, 0), ...DIGEST];
    const { rgbModel, grayModel } = decodeContainer(Uint8Array.from(file)).header;
    return [rgbModel, grayModel];
  };
  assert.deepEqual(models(1, 2), [1, 2]);
  assert.deepEqual(models(255, 0, ...MODEL_ID), [255, MODEL_ID]);
  assert.deepEqual(models(0, ...MODEL_ID, 7), [MODEL_ID, 7]);
});

test('rejects an undefined effort, and an effort without a model', () => {
  for (const effort of EFFORTS) {
    const file = [...part(0x8f, 0x70, VERSION_NUMBER, 0x08 | effort, 1, 1, 1), ...part(0x54, 1, 7), ...DIGEST];
    assert.equal(decodeContainer(Uint8Array.from(file)).header.effort, effort);
    assertRefused(
      part(0x8f, 0x70, VERSION_NUMBER, effort, 1, 1),
      'file-corrupt',
      /has the effort \d, but names no model/,
    );
  }
  for (const effort of [0, 5, 6, 7])
    assertRefused(
      part(0x8f, 0x70, VERSION_NUMBER, 0x08 | effort, 1, 1, 1),
      'file-corrupt',
      /has the effort \d, which is invalid/,
    );
  assertRefused(part(0x8f, 0x70, VERSION_NUMBER, 7, 1, 1), 'file-corrupt', /has the effort 7, but names no model/);
  const file = [...part(0x8f, 0x70, VERSION_NUMBER, 0, 1, 1), ...part(0x49, 0), ...DIGEST];
  assert.equal(decodeContainer(Uint8Array.from(file)).header.effort, DEFAULT_EFFORT);
});

test('rejects undefined kinds of files and reserved bits', () => {
  const kind = /has an invalid kind of file/;
  for (const first of [0xa0 | VERSION_NUMBER, 0x60 | VERSION_NUMBER, 0xe0 | VERSION_NUMBER])
    assertRefused(part(0x8f, 0x70, first, 0, 1, 1), 'file-corrupt', kind);
  // A JPEG file has no format byte; a stored source has none either, and the bit announces a preview.
  assertRefused(part(0x8f, 0x70, 0xc0 | VERSION_NUMBER, 0, 1, 1), 'file-truncated');
  const reserved = /has reserved bits set/;
  for (const coding of [0x03, 0x2b, 0xa3])
    assertRefused(part(0x8f, 0x70, 0x20 | VERSION_NUMBER, coding, 20, 1, 1), 'file-corrupt', reserved);
  for (const coding of [0x80, 0x81])
    assertRefused(part(0x8f, 0x70, VERSION_NUMBER, coding, 1, 1), 'file-corrupt', reserved);
  for (const format of [0x4c, 0x8c]) assertRefused(pixelHeader(format, 0), 'file-corrupt', reserved);
});

test('rejects an undefined extension, and an omitted signature without a stored source', () => {
  const file = (...extension: number[]) => [
    ...part(0x8f, 0x70, VERSION_NUMBER, 0x20, ...extension, 1, 1),
    ...part(0x58, 1, 7),
    ...part(0x49, 0),
    ...DIGEST,
    ...SOURCE_DIGEST,
  ];
  const extensionOf = (byte: number) => decodeContainer(Uint8Array.from(file(byte))).restoration?.extension;
  assert.deepEqual([0x00, 0x80, 0x02, 0x83].map(extensionOf), ['.png', '.PNG', '.tif', '.TIF']);
  for (const byte of [0x18, 0x3f, 0x98, 0xbf]) assertRefused(file(byte), 'file-corrupt', /unknown file extension/);
  for (const byte of [0x40, 0xc0]) assertRefused(file(byte), 'file-corrupt', /omits a signature/);
});

test('rejects a recipe that is missing or misplaced, and a digest that is cut off', () => {
  const [header, recipe, tile] = [part(0x8f, 0x70, VERSION_NUMBER, 0x20, 0, 1, 1), part(0x58, 1, 7), part(0x49, 0)];
  const file = (...parts: number[][]) => Uint8Array.from([...parts, DIGEST, SOURCE_DIGEST].flat());
  const metadata = part(0x4d, 0);
  assert.equal(outcome(file(header, recipe, tile)), null);
  assert.equal(outcome(file(header, metadata, recipe, tile)), null);
  assertRefused(file(header, tile), 'file-corrupt', /the recipe is missing/);
  assertRefused(file(header, tile, recipe), 'file-corrupt', /the recipe is missing/);
  assertRefused(file(header, part(0x56, 1, 7), recipe, tile), 'file-corrupt', /the recipe is missing/);
  assertRefused(file(header, recipe, metadata, tile), 'file-corrupt', /begins with 0x4d/);
  assertRefused(file(header, recipe, recipe, tile), 'file-corrupt', /begins with 0x58/);
  assertRefused(file(part(0x8f, 0x70, VERSION_NUMBER, 0, 1, 1), recipe, tile), 'file-corrupt', /begins with 0x58/);
  assertRefused(file(part(0x8f, 0x70, VERSION_NUMBER, 0, 1, 1), tile), 'trailing-bytes', /32 more bytes follow/);
  const whole = file(header, recipe, tile);
  for (let missing = 1; missing <= 32; missing++) {
    assertRefused(whole.slice(0, -missing), 'file-truncated', /within the digest of the source file/);
  }
  assertRefused(header, 'file-truncated', /within the recipe/);
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
  for (const type of [0x4d, 0x56, 0x54, 0x49, 0x52, 0x53]) {
    for (const length of [2 ** 20, 2 ** 31, 2 ** 32 + 5, 2 ** 35 - 1]) {
      assertRefused([...rgbHeader(1000, 1000), type, ...encodeVarint(length), ...padding], 'file-truncated');
    }
  }
  for (const length of [2 ** 20, 2 ** 35 - 1]) {
    const recipe = [0x58, ...encodeVarint(length), ...padding];
    assertRefused([...part(0x8f, 0x70, VERSION_NUMBER, 0x20, 0, 1, 1), ...recipe], 'file-truncated', /the recipe/);
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
  const rgba = (...payload: number[]) => [
    ...pixelHeader(0x0f, 0x1b, 1, 2),
    ...part(0x53, payload.length, ...payload),
    ...DIGEST,
  ];
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
  const rgb = (...payload: number[]) => [
    ...part(0x8f, 0x70, VERSION_NUMBER, 0x1b, 1, 1, 1, 2),
    ...part(0x53, payload.length, ...payload),
    ...DIGEST,
  ];
  assert.equal(outcome(Uint8Array.from(rgb(0x23, 7))), null); // gray, coded by a model
  assertRefused(rgb(0x00, 0), 'file-corrupt', /alpha, but the image has none/);
  assertRefused(rgb(0x33, 7, 7), 'file-corrupt', /hidden colour/);
  assertRefused(
    [...pixelHeader(0x0f, 0x1b, 1, 2), ...part(0x54, 1, 7), ...DIGEST],
    'file-corrupt',
    /requires separate alpha/,
  );
});

test('rejects a malformed list of values', async () => {
  const gray = (payload: Uint8Array) => [
    ...pixelHeader(0x0c, 0x13, 2),
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

test('rejects a misplaced chunk', () => {
  const tile = [0x54, 1, 0, 0, 0, 0, 7];
  const header = rgbHeader(1030, 1);
  assert.equal(outcome(Uint8Array.from([...header, ...part(...tile), ...part(...tile), ...DIGEST])), null);
  assertRefused(
    [...header, ...part(...tile), ...part(0x4d, 0), ...DIGEST],
    'file-corrupt',
    /tile 2 of 2 begins with 0x4d/,
  );
  assertRefused([...header, ...part(0x51, 0), ...part(...tile), ...DIGEST], 'file-corrupt', /0x51/);
});

test('rejects a model-coded tile without a model', () => {
  assertRefused([...pixelHeader(0x0c, 0), ...part(0x54, 1, 7), ...DIGEST], 'file-corrupt', /header names none/);
});
