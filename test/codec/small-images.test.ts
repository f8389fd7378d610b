import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Container,
  countBytes,
  decodeContainer,
  decodeContainerStart,
  encodeContainer,
  encodeStored,
  type TileChunk,
  VERSION_NUMBER,
} from '#pixrnn/codec/container.js';
import { encodeVarint } from '#pixrnn/varint.js';
import type { ErrorCode } from '#pixrnn/errors.js';
import { assertRefused as assertFileRefused, outcome } from './refused.js';
import { containers, part, pixelHeader, RGB, rgbHeader, sampleContainer, tilesOf, TOGETHER } from './samples.js';

// The chunks of small images, 'L'.

const DIGEST = new Array<number>(16).fill(0);

/** A chunk of small images: one payload per tile. */
const small = (...payloads: number[][]) => part(0x4c, ...payloads.flatMap((p) => [...encodeVarint(p.length), ...p]));
const TILE = part(0x54, 1, 7);
const RAW_1X1 = part(0x52, 3, 7, 8, 9);

const decoded = (...parts: number[][]) => decodeContainer(Uint8Array.from([...parts, DIGEST].flat()));
const assertRefused = (parts: number[][], code: ErrorCode, message: RegExp): void =>
  assertFileRefused([...parts, DIGEST].flat(), code, message);

/** Two tiles, the second raw, with metadata and two small images. */
function twoScales(): Container {
  const good = sampleContainer({ ...RGB, width: 1030, height: 1 }, () => 9);
  const [first, second] = tilesOf(good);
  assert.ok(first && second);
  const smaller = [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)];
  const image = [
    { ...first, colours: { ...first.colours, smaller } },
    { ...second, colours: { representation: 'raw', payload: new Uint8Array(515 * 3) } as const },
  ];
  return { ...good, image, metadata: [Uint8Array.of(0x4c)] };
}

test('stores a payload for each model-coded tile, from the smallest image on', () => {
  const container = twoScales();
  const bytes = encodeContainer(container);
  assert.deepEqual(decodeContainer(bytes), container);
  const chunks = [...small([1, 2], []), ...small([3, 4, 5], [])];
  assert.ok(Buffer.from(bytes).includes(Buffer.from(chunks)));
  assert.equal(countBytes(container, bytes.length).codedBytes, 9 + 5 + 515 * 3);
  // Up to four small images.
  const { colours } = tilesOf(decoded(rgbHeader(16, 16), small([1]), small([2]), small([3]), small([4]), TILE))[0]!;
  assert.deepEqual(
    colours.smaller?.map(([value]) => value),
    [1, 2, 3, 4],
  );
});

test('the start of a file yields the smallest images, whatever follows', () => {
  fc.assert(
    fc.property(containers, fc.boolean(), (container, isCut) => {
      const bytes = encodeContainer(container);
      const { header, metadata, restoration } = container;
      const payloads = tilesOf(container).map(({ colours }) => colours.smaller?.[0] ?? new Uint8Array(0));
      const smallest = payloads.some(({ length }) => length > 0) ? payloads : null;
      const rest = isCut && smallest ? (restoration ? -49 : -17) : undefined;
      assert.deepEqual(decodeContainerStart(bytes.subarray(0, rest)), { header, metadata, smallest });
    }),
    { numRuns: 200 },
  );
});

test('the start of a file that stores its source yields no image', () => {
  const bytes = encodeStored({ width: 9, height: 9, extension: '.png', source: new Uint8Array(99) });
  assert.equal(decodeContainerStart(bytes), null);
});

test('detects every change and every truncation of a file with small images', () => {
  const bytes = encodeContainer(twoScales());
  const codes = new Set<ErrorCode>();
  for (let i = 0; i < 60; i++) {
    for (let flip = 1; flip < 256; flip++) {
      const damaged = bytes.slice();
      damaged[i]! ^= flip;
      const code = outcome(damaged);
      assert.ok(code, `byte ${i} ^ ${flip}`);
      codes.add(code);
    }
  }
  assert.ok(codes.has('file-corrupt'));
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(outcome(bytes.slice(0, length)), 'file-truncated', `${length} bytes`);
  }
});

test('rejects small images that do not fit the tiles', () => {
  const header = rgbHeader(4, 4);
  assert.equal(tilesOf(decoded(header, small([7]), TILE)).length, 1);
  assertRefused([header, small([]), TILE], 'file-corrupt', /tile 1 of 1 lacks a small image/);
  assertRefused([header, small([1]), small([]), TILE], 'file-corrupt', /lacks a small image/);
  assertRefused([rgbHeader(1, 1), small([7]), RAW_1X1], 'file-corrupt', /has small images that it does not need/);
  assertRefused([rgbHeader(1, 1), small([]), RAW_1X1], 'file-corrupt', /does not need the small images/);
  assertRefused([rgbHeader(1, 1), small([]), part(0x49, 1, 7)], 'file-corrupt', /does not need/);
  assertRefused([header, ...[1, 2, 3, 4, 5].map((n) => small([n])), TILE], 'file-corrupt', /begins with 0x4c/);
  assertRefused([header, TILE, small([1])], 'trailing-bytes', /more bytes? follow/);
});

test('rejects a small image that is longer than its samples', () => {
  const of = (length: number) => small(new Array<number>(length).fill(7));
  const header = rgbHeader(5, 4);
  assert.ok(decoded(header, of(3 * 2 * 3), TILE));
  assertRefused(
    [header, of(3 * 2 * 3 + 1), TILE],
    'file-corrupt',
    /has 19 bytes of a small image, more than the maximum of 18/,
  );
  assert.ok(decoded(header, of(2 * 3), of(18), TILE));
  assertRefused(
    [header, of(7), of(18), TILE],
    'file-corrupt',
    /has 7 bytes of a small image, more than the maximum of 6/,
  );
});

test('rejects small images without a model for them', () => {
  const none = /the header names none/;
  assertRefused([part(0x8f, 0x70, VERSION_NUMBER, 0, 1, 1), small([7]), RAW_1X1], 'file-corrupt', none);
  assertRefused(
    [part(0x8f, 0x70, VERSION_NUMBER, 0x13, 1, 1, 2), small([7]), part(0x53, 2, 0x23, 7)],
    'file-corrupt',
    none,
  ); // for gray tiles only
  assert.ok(decoded(pixelHeader(0x0c, 0x13, 2), small([7]), TILE)); // gray
  // Gray with alpha: its only model has several scales, and alpha has no small images.
  assert.ok(decoded(pixelHeader(0x0d, 0x13, 2), small([7]), part(0x53, 4, 0x02, 1, 9, 7)));
  assertRefused(
    [pixelHeader(0x0d, 0x13, 2), small([7]), part(0x53, 4, 0x00, 1, 9, 7)],
    'file-corrupt',
    /alpha without/,
  );
});

test('rejects claims of gigabytes before allocating memory', () => {
  const before = process.memoryUsage();
  const decode = (...parts: number[][]) => {
    for (const parse of [decodeContainer, decodeContainerStart]) {
      assert.throws(() => parse(Uint8Array.from(parts.flat()), { maxPixels: Infinity }), { code: 'file-truncated' });
    }
  };
  const side = 2 ** 31 - 1;
  decode(rgbHeader(side, side), [0x4c, 1, 7, 0, 0, 0]);
  for (const length of [2 ** 20, 2 ** 31, 2 ** 32 + 5, 2 ** 35 - 1]) {
    decode(rgbHeader(1000, 1000), [0x4c, ...encodeVarint(length)], new Array<number>(40).fill(0));
  }
  const after = process.memoryUsage();
  assert.ok(after.arrayBuffers + after.heapTotal - before.arrayBuffers - before.heapTotal < 64e6);
});

test('does not write small images that no decoder would accept', () => {
  const good = twoScales();
  const [first, second] = tilesOf(good);
  assert.ok(first && second);
  const colours = (smaller: Uint8Array[]): TileChunk => ({ ...first, colours: { ...first.colours, smaller } });
  const one = Uint8Array.of(1);
  const rgba = sampleContainer({ ...RGB, channels: 4, rgbModel: null });
  const raw = (length: number) => ({ representation: 'raw', payload: new Uint8Array(length) }) as const;
  const split = { ...TOGETHER, alpha: raw(4), colours: raw(12), samplesCrc: null };
  assert.doesNotThrow(() => encodeContainer({ ...rgba, image: [split] }));
  const bad: Container[] = [
    { ...good, image: [colours([one, new Uint8Array(0)]), second] },
    { ...good, image: [colours([one, one, one, one, one]), second] },
    { ...good, image: [colours([new Uint8Array(400), one]), second] },
    { ...good, image: [first, colours([one])] },
    { ...good, image: [first, { ...second, colours: { ...second.colours, smaller: [one, one] } }] },
    { ...good, image: [colours([]), colours([one])] },
    { ...rgba, image: [{ ...split, alpha: { ...raw(4), smaller: [one] } }] },
  ];
  for (const [index, container] of bad.entries())
    assert.throws(() => encodeContainer(container), RangeError, `${index}`);
});
