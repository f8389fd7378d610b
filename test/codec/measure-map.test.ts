import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { measureMap, measureRaster } from '#pixrnn/codec/measure.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { blobs, cutout, draw } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { CODINGS } from '../codings.js';

// Bits of an image by pixel: their sum is exact and each is at its own pixel.

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** f32 rounds each pixel by 2^-24 at most. */
function assertSameSum(bits: Float32Array, codeLengthBits: readonly number[], what: string): void {
  const expected = sum(codeLengthBits);
  assert.ok(expected > 0, what);
  assert.ok(Math.abs(sum(bits) - expected) < 1e-7 * expected, `${what}: ${sum(bits)} of ${expected}`);
}

const RASTERS = {
  gray: blobs({ width: 21, height: 17, channels: 1 }),
  RGB: blobs({ width: 23, height: 19 }),
  'gray and alpha': cutout({ width: 22, height: 20, channels: 2 }),
  RGBA: cutout({ width: 24, height: 18, channels: 4 }),
  'RGB of 16 bits': blobs({ width: 13, height: 11, depth: 16 }),
  'RGB that is gray': draw({ width: 18, height: 16 }, (x, y) => (x * y) % 200),
  'several tiles': blobs({ width: 2050, height: 6, channels: 1 }),
};

for (const [name, raster] of Object.entries(RASTERS)) {
  test(`the bits of the pixels add up to the code length of ${name}`, async () => {
    const { width, height } = raster;
    for (const effort of CODINGS) {
      const map = await measureMap(raster, { effort, pool });
      assert.deepEqual([map.width, map.height, map.bits.length], [width, height, width * height]);
      assert.deepEqual(map.codeLengthBits, await measureRaster(raster, { effort, pool }));
      assertSameSum(map.bits, map.codeLengthBits, `effort ${effort}`);
    }
  });
}

test('a value that a softmax codes as one symbol is recorded as well', async () => {
  const raster = blobs({ width: 23, height: 19 });
  for (const effort of CODINGS) {
    const { bits, codeLengthBits } = await measureMap(raster, { model: tinyModel(3), effort, pool });
    assertSameSum(bits, codeLengthBits, `effort ${effort}`);
  }
});

test('the bits are recorded at the pixel that costs them, in every tile', async () => {
  // Flat but for one pixel in each of two tiles, which the model cannot predict.
  const [width, height] = [1100, 9];
  const bright = [3 * width + 20, 6 * width + 900];
  const raster = draw({ width, height, channels: 1 }, (x, y) => (bright.includes(y * width + x) ? 255 : 40));
  const { bits } = await measureMap(raster, { effort: 1, pool });
  const [first, second] = [...bits.keys()].sort((a, b) => bits[b]! - bits[a]!);
  assert.deepEqual([first, second].sort(), [...bright].sort());
});

test('known pixels cost no bits, and maps that were not requested are absent', async () => {
  const model = tinyPhoto(3);
  const engine = await Engine.create(await compileEngine());
  const tile = { ...blobs({ width: 16, height: 12 }), channels: 3 as const };
  const known = Uint8Array.from({ length: 16 * 12 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const { pixelBits, ...likelihood } = engine.measure(model, tile, { known, wantsPixelBits: true });
  assert.ok(pixelBits);
  pixelBits.forEach((bits, i) => assert.equal(bits === 0, known[i] === 1, `pixel ${i}`));
  assertSameSum(pixelBits, likelihood.codeLengthBits, 'the others');
  assert.deepEqual(engine.measure(model, tile, { known }), likelihood);
});
