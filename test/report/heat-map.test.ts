import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { BitCounts } from '#pixrnn/heat-map/bit-counts.js';
import { heatMapPng, LEGEND_ROWS, levelsOf, scaleFor, shrinkMap } from '#pixrnn/heat-map/heat-map.js';
import { LEVELS, PALETTE } from '#pixrnn/heat-map/palette.js';
import { generator } from '../../fixtures/draw.js';

/** Returns the CIE L*, 0 to 100, of an sRGB colour. */
function lightness(red: number, green: number, blue: number): number {
  const [r, g, b] = [red, green, blue].map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

test('colours become lighter from level to level, evenly, and all differ', () => {
  const colours = Array.from({ length: LEVELS }, (_, level) => [...PALETTE.subarray(3 * level, 3 * level + 3)]);
  const values = colours.map(([r, g, b]) => lightness(r!, g!, b!));
  assert.equal(PALETTE.length, 3 * LEVELS);
  assert.ok(values[0]! < 5 && values.at(-1)! > 92, `${values[0]} to ${values.at(-1)}`);
  // A byte's rounding may cost a single step its rise, but not eight steps together.
  for (let i = 1; i < LEVELS; i++) assert.ok(values[i]! >= values[i - 1]! - 0.15, `level ${i}`);
  for (let i = 8; i < LEVELS; i++) {
    const rise = values[i]! - values[i - 8]!;
    assert.ok(rise > 1 && rise < 6, `levels ${i - 8} to ${i}: ${rise}`);
  }
  assert.equal(new Set(colours.map(String)).size, LEVELS);
});

test('computes quantiles and shares of bits', () => {
  const counts = new BitCounts();
  counts.add(Float32Array.from({ length: 100 }, (_, i) => i / 10));
  assert.ok(Math.abs(counts.quantile(0.5) - 4.9) < 0.05);
  assert.ok(Math.abs(counts.quantile(1) - 9.9) < 0.05);
  const shares = counts.shares(5, 10);
  shares.forEach((share) => assert.ok(Math.abs(share - 0.2) < 1e-9));
  // Bits beyond the end count in the last class.
  const cut = counts.shares(2, 5);
  assert.ok(Math.abs(cut[0]! - 0.25) < 1e-9 && Math.abs(cut[1]! - 0.75) < 1e-9);
  const more = new BitCounts();
  more.add(Float32Array.of(1e6, 0));
  more.addAll(counts);
  assert.ok(more.quantile(1) > 70, 'the largest values are all in the last class');
  assert.ok(Math.abs(more.shares(1, 1)[0]! - 1) < 1e-9);
});

test('scales end at round numbers that cover nearly all pixels', () => {
  const scaleOf = (max: number, outliers = 0): number => {
    const counts = new BitCounts();
    counts.add(Float32Array.from({ length: 2000 }, (_, i) => (i < outliers ? 70 : (max * i) / 2000)));
    return scaleFor(counts);
  };
  assert.deepEqual([scaleOf(7.4), scaleOf(19), scaleOf(23.1), scaleOf(0.28)], [8, 20, 25, 0.3]);
  assert.equal(scaleOf(7.4, 5), 8, 'a few outliers do not count');
  assert.ok(scaleOf(0) > 0);
});

test('the map is a PNG of palette indices, with its scale below it and in its text', async () => {
  const random = generator(3);
  const [width, height] = [37, 11];
  const bits = Float32Array.from({ length: width * height }, () => 30 * random());
  const png = await heatMapPng({ width, height, bits }, 24);
  const { raster } = await readImage(png);
  assert.deepEqual([raster.width, raster.height, raster.indexed], [width, height + LEGEND_ROWS, true]);
  bits.forEach((value, at) => assert.equal(raster.samples[at], Math.min(255, Math.round((255 * value) / 24))));
  const bar = raster.samples.subarray((height + 3) * width, (height + 4) * width);
  assert.deepEqual([bar[0], bar[18], bar[36]], [0, 128, 255]);
  const { chunks } = readChunks(png);
  const texts = chunks.filter(({ type }) => type === 'tEXt').map(({ data }) => Buffer.from(data).toString('latin1'));
  assert.ok(texts.includes('pixrnn:heatmap-max\x0024'));
  assert.ok(texts.includes('pixrnn:heatmap-unit\0bits per pixel'));
  assert.ok(texts.some((text) => text.startsWith('Description\0bits per pixel from 0 (black) to 24 ')));
  assert.deepEqual([...chunks.find(({ type }) => type === 'PLTE')!.data], [...PALETTE]);
});

test('draws a map of one pixel', async () => {
  const { raster } = await readImage(await heatMapPng({ width: 1, height: 1, bits: Float32Array.of(2) }, 4));
  assert.deepEqual([raster.height, raster.samples[0]], [1 + LEGEND_ROWS, 128]);
});

test('clamps levels, and averages pixels in a smaller map', () => {
  assert.deepEqual([...levelsOf(Float32Array.of(0, 5, 10, 1000), 10)], [0, 128, 255, 255]);
  const bits = Float32Array.of(1, 3, 10, 5, 7, 20);
  assert.deepEqual([...shrinkMap({ width: 3, height: 2, bits }, 1, 1)], [46 / 6].map(Math.fround));
  const half = shrinkMap({ width: 4, height: 2, bits: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) }, 2, 1);
  assert.deepEqual([...half], [3.5, 5.5]);
});
