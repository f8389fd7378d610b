import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { metadataOf } from '#pixrnn/image/write-png.js';
import { gridFile } from '#pixrnn/sampling/grid-file.js';
import { drawGrid, gridSize, occluded } from '#pixrnn/sampling/grid.js';
import { tinyModel } from '../../fixtures/tiny-model.js';

test('places images side by side with a margin of two white pixels', () => {
  const cell = { width: 2, height: 1, channels: 1, depth: 8 } as const;
  const grid = drawGrid([[Uint8Array.of(1, 2), Uint8Array.of(3, 4)], [Uint8Array.of(5, 6)]], cell);
  assert.deepEqual([grid.width, grid.height, grid.depth], [10, 8, 8]);
  const expected = new Uint8Array(80).fill(255);
  expected.set([1, 2, 255, 255, 3, 4], 22);
  expected.set([5, 6], 52);
  assert.deepEqual(grid.samples, expected);
});

test('accepts colours, 16 bits, and bits as 8-bit gray', () => {
  const rgb = drawGrid([[Uint8Array.of(1, 2, 3)]], { width: 1, height: 1, channels: 3, depth: 8 });
  assert.deepEqual([...rgb.samples.subarray(33, 42)], [255, 255, 255, 1, 2, 3, 255, 255, 255].slice(0, 9));
  const deep = drawGrid([[Uint16Array.of(258)]], { width: 1, height: 1, channels: 1, depth: 16 });
  assert.deepEqual([deep.depth, deep.samples[12], deep.samples[0]], [16, 258, 65535]);
  const bits = drawGrid([[Uint8Array.of(0, 1)]], { width: 2, height: 1, channels: 1, depth: 1 });
  assert.deepEqual([bits.depth, bits.samples[14], bits.samples[15]], [8, 0, 255]);
});

test('rejects a grid that is too large before creating it', () => {
  assert.deepEqual(gridSize({ width: 32, height: 16 }, 8, 2), { width: 274, height: 38 });
  assert.throws(() => gridSize({ width: 1024, height: 1024 }, 100, 1), { code: 'limit' });
});

test('draws unknown pixels as a checkerboard', () => {
  const cell = { width: 9, height: 1, channels: 1, depth: 8 } as const;
  const samples = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const shown = occluded(samples, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0), cell);
  assert.deepEqual([...shown], [1, 95, 95, 95, 160, 160, 160, 160, 95]);
  assert.equal(samples[1], 2, 'the image itself is unchanged');
  const bits = occluded(new Uint8Array(9), new Uint8Array(9), { ...cell, depth: 1 });
  assert.deepEqual([...bits], [0, 0, 0, 0, 1, 1, 1, 1, 0]);
});

test('writes a PNG file that states how it was drawn', async () => {
  const cell = { width: 2, height: 1, channels: 1, depth: 8 } as const;
  const grid = drawGrid([[Uint8Array.of(1, 2)]], cell);
  const file = await gridFile(grid, '1 image of 2 x 1', { model: tinyModel(1), seed: 7, temperature: 0.5 });
  const { raster, metadata } = await readImage(file);
  assert.deepEqual(raster, grid);
  const { beforeImage } = await metadataOf(raster, metadata);
  const [text] = beforeImage.map(({ type, data }) => type + Buffer.from(data).toString('latin1'));
  assert.match(text!, /^tEXtComment\0pixrnn: 1 image of 2 x 1; model [0-9a-f]{16}, seed 7, temperature 0\.5$/);
});
