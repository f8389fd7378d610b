import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PaletteCoder, PaletteShape } from '#pixrnn/engine/palette-coder.js';
import { assertRoundTrip, bytesOf, FORMATS, freshCoder, noise, randomFrom, text } from './tiles.js';

let coder: PaletteCoder;
before(async () => {
  coder = await freshCoder();
});

/** Decodes; checks that every sample fits the depth and that the same bytes always give the same samples. */
function decodeAnything(payload: Uint8Array, shape: PaletteShape): void {
  const samples = coder.decode(payload, shape);
  assert.equal(samples.length, shape.width * shape.height * shape.channels);
  assert.ok(
    samples.every((sample) => sample < 2 ** shape.depth),
    'a sample beyond the depth',
  );
  assert.equal(Buffer.compare(bytesOf(samples), bytesOf(coder.decode(payload, shape))), 0);
}

test('decodes any bytes to samples of every format', () => {
  const random = randomFrom(3);
  for (const format of FORMATS) {
    for (const [width, height] of [
      [1, 1],
      [2, 60],
      [61, 33],
    ] as const) {
      for (const length of [0, 1, 7, 300]) {
        const payload = Uint8Array.from({ length }, () => Math.floor(random() * 256));
        decodeAnything(payload, { ...format, width, height });
      }
      decodeAnything(new Uint8Array(64).fill(0xff), { ...format, width, height });
    }
  }
});

test('decodes corrupt and truncated payloads to some samples, and stays usable', () => {
  const tile = text(80, 48, { channels: 3, depth: 8 });
  const { width, height, channels, depth } = tile;
  const shape = { width, height, channels, depth };
  const payload = assertRoundTrip(coder, coder, tile);
  for (let i = 0; i < payload.length; i += 5) {
    const damaged = payload.slice();
    damaged[i] = (damaged[i] ?? 0) ^ (1 << (i & 7));
    decodeAnything(damaged, shape);
    decodeAnything(payload.slice(0, i), shape);
  }
  assert.deepEqual(assertRoundTrip(coder, coder, tile), payload);
});

test('ignores bytes after the payload', () => {
  const tile = text(64, 64, { channels: 1, depth: 8 });
  const { samples, ...shape } = tile;
  const payload = assertRoundTrip(coder, coder, tile);
  coder.encode(noise(32, 32, { channels: 4, depth: 16 }), 2 ** 30); // leaves bytes in memory
  assert.deepEqual(coder.decode(payload, shape), samples);
});

test('worst-case bytes end in time for the largest tile', { timeout: 120_000 }, () => {
  const random = randomFrom(9);
  const payload = Uint8Array.from({ length: 2 ** 18 }, () => Math.floor(random() * 256));
  const samples = coder.decode(payload, { width: 1024, height: 1024, channels: 4, depth: 8 });
  assert.equal(samples.length, 2 ** 22);
});

test('rejects tiles that do not fit', () => {
  const shape = { width: 4, height: 4, channels: 3, depth: 8 } as const;
  const badShapes: PaletteShape[] = [
    { ...shape, width: 0 },
    { ...shape, height: 0 },
    { ...shape, width: 1025 },
    { ...shape, width: 1024, height: 1025 },
    { ...shape, width: 1.5 },
    { ...shape, channels: 5 as 4 },
    { ...shape, depth: 3 as 4 },
  ];
  for (const bad of badShapes) {
    assert.throws(() => coder.decode(new Uint8Array(4), bad), RangeError);
    const samples = new Uint8Array(Math.max(0, Math.floor(bad.width * bad.height * bad.channels)));
    assert.throws(() => coder.encode({ ...bad, samples }, 100), RangeError);
  }
  assert.throws(() => coder.encode({ ...shape, samples: new Uint8Array(47) }, 100), RangeError);
});
