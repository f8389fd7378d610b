import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BmpParts, referenceBmp } from '../image/reference-bmp.js';
import { hasRecipe, recipeBytes } from './exact-files.js';

const MASKS_565 = [0xf800, 0x7e0, 0x1f];
const MASKS_8888 = [0xff0000, 0xff00, 0xff, 0xff000000];

/** Colours with a fourth byte of 0. */
function paletteOf(bits: number): number[] {
  return Array.from({ length: 4 * 2 ** bits }, (_, i) => (i % 4 === 3 ? 0 : (i * 37) & 255));
}

/** Every way to store pixels but run lengths. */
const kinds: Partial<BmpParts>[] = [
  ...[1, 2, 4, 8].map((bits) => ({ bits, palette: paletteOf(bits) })),
  { bits: 24 },
  { bits: 24, version: 12 },
  { bits: 16, compression: 3, masks: MASKS_565 },
  { bits: 16, compression: 3, version: 108, masks: [0x7c00, 0x3e0, 0x1f, 0x8000] },
  { bits: 32, compression: 3, version: 56, masks: MASKS_8888 },
  { bits: 32, compression: 3, version: 124, masks: MASKS_8888, profile: 'a profile' },
  { bits: 32 },
];

const pixelCount = (width: number, height: number, bits: number): number =>
  Math.ceil((width * bits) / 32) * 4 * Math.abs(height);

const files = fc
  .record({
    kind: fc.constantFrom(...kinds),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -20, max: -1 })),
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ kind, width, height, seed }) => {
    const bits = kind.bits!;
    const bytes = pixelCount(width, height, bits);
    const pixels = Array.from({ length: bytes }, (_, i) => (i * i * seed + (i >> 3)) & 255);
    return { ...kind, bits, width, height: kind.version === 12 ? Math.abs(height) : height, pixels };
  });

test('files of every kind come back, whatever their padding holds', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (parts) => {
      assert.ok((await recipeBytes(referenceBmp(parts))) < parts.pixels.length + 1500);
    }),
  );
});

test('the recipe of a large image is as small as its header', async () => {
  const size = { width: 201, height: 150 };
  for (const kind of kinds) {
    const bits = kind.bits!;
    const pixels = Array<number>(pixelCount(size.width, size.height, bits)).fill(0);
    for (let y = 0; y < size.height; y++) {
      const row = y * (pixels.length / size.height);
      const rowBytes = Math.floor((size.width * bits) / 8);
      for (let i = 0; i < rowBytes; i++) pixels[row + i] = (i * 7 + y * y) & 255;
    }
    const bytes = await recipeBytes(referenceBmp({ ...kind, ...size, bits, pixels }));
    assert.ok(bytes < 180, `${bits} bits: ${bytes} bytes`);
  }
});

test('bytes between palette and pixels and after the pixels come back', async () => {
  const file = referenceBmp({ width: 3, height: 2, bits: 24, pixels: Array<number>(24).fill(9) });
  const moved = Buffer.concat([file.subarray(0, 54), Buffer.from('between'), file.subarray(54), Buffer.from('after')]);
  moved.writeUInt32LE(61, 10);
  await recipeBytes(moved);
});

test('run lengths have no recipe', async () => {
  const palette = Array.from({ length: 64 }, (_, i) => i);
  const pixels = [3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 6, 7, 0, 1];
  const file = referenceBmp({ width: 6, height: 2, bits: 8, compression: 1, palette, pixels });
  assert.equal(await hasRecipe(file), false);
});
