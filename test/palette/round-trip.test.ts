import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import type { PaletteCoder, PaletteTile } from '#pixrnn/engine/palette-coder.js';
import { assertRoundTrip, CHANNELS, DEPTHS, drawn, FORMATS, formatName, freshCoder, noise, text } from './tiles.js';

let encoder: PaletteCoder;
let decoder: PaletteCoder;
before(async () => {
  encoder = await freshCoder();
  decoder = await freshCoder();
});

for (const format of FORMATS) {
  test(`restores noise, text, gradients and single pixels: ${formatName(format)}`, () => {
    const scale = 2 ** format.depth / 64;
    // The coder does not give up on low noise, which repeats colours by chance, as it does on a photograph.
    const tiles: PaletteTile[] = [
      noise(1, 1, format),
      noise(17, 13, format),
      text(96, 40, format),
      drawn(64, 64, format, (x, y, c) => Math.floor((x + c * y) * scale)),
      drawn(64, 64, format, (x, y, c) => (Math.hypot(x - 30, y - 30) < 20 ? 3 * c + 1 : 2 ** format.depth - 1 - c)),
    ];
    for (const tile of tiles) assertRoundTrip(encoder, decoder, tile);
  });
}

test('restores tiles of every narrow width, whose neighbourhoods wrap', () => {
  for (let width = 1; width <= 9; width++) {
    for (const height of [1, 2, 3, 50]) {
      for (const { channels, depth } of [
        { channels: 1, depth: 1 },
        { channels: 3, depth: 8 },
      ] as const) {
        assertRoundTrip(encoder, decoder, noise(width, height, { channels, depth }, width * height));
        assertRoundTrip(encoder, decoder, text(width, height, { channels, depth }));
      }
    }
  }
});

test('restores colours under alpha 0', () => {
  const tile = drawn(32, 32, { channels: 4, depth: 8 }, (x, y, c) => (c === 3 ? (x > 16 ? 255 : 0) : x * y + c));
  assertRoundTrip(encoder, decoder, tile);
});

test('restores any samples of any shape', () => {
  const tiles = fc
    .record({
      width: fc.integer({ min: 1, max: 24 }),
      height: fc.integer({ min: 1, max: 24 }),
      channels: fc.constantFrom(...CHANNELS),
      depth: fc.constantFrom(...DEPTHS),
      colours: fc.integer({ min: 1, max: 40 }),
      seed: fc.integer(),
    })
    .map(({ width, height, channels, depth, colours, seed }) => {
      const palette = noise(colours, 1, { channels, depth }, seed).samples;
      const picks = noise(width, height, { channels: 1, depth: 8 }, seed ^ 0x5555).samples;
      const pick = (x: number, y: number): number => (picks[y * width + x] ?? 0) % colours;
      return drawn(width, height, { channels, depth }, (x, y, c) => palette[pick(x, y) * channels + c] ?? 0);
    });
  fc.assert(
    fc.property(tiles, (tile) => {
      assertRoundTrip(encoder, decoder, tile);
    }),
    { numRuns: 300 },
  );
});

test('the code of a tile does not depend on earlier tiles', async () => {
  const tiles = [
    text(120, 80, { channels: 3, depth: 8 }),
    noise(16, 16, { channels: 4, depth: 16 }),
    text(33, 70, { channels: 1, depth: 1 }),
    text(180, 120, { channels: 4, depth: 8 }, 30),
  ];
  const alone = await Promise.all(tiles.map(async (tile) => (await freshCoder()).encode(tile, 2 ** 30)));
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ]) {
    for (const i of order) {
      const tile = tiles[i];
      assert.ok(tile);
      assert.deepEqual(encoder.encode(tile, 2 ** 30), alone[i]);
      assertRoundTrip(encoder, encoder, tile);
    }
  }
});
