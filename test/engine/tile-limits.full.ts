import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePaletteCoder } from '#pixrnn/engine/palette-coder.js';
import { compileEngine } from '#pixrnn/engine/engine.js';
import {
  checkTileLimits,
  isTileSize,
  MAX_TILE_PIXELS,
  MAX_TILE_WIDTH,
  type TileLimits,
} from '#pixrnn/engine/tile-limits.js';

test('both coders are compiled with the limits of the tile grid, which the format defines', async () => {
  assert.deepEqual([MAX_TILE_WIDTH, MAX_TILE_PIXELS], [1024, 1048576]);
  for (const module of [await compileEngine(), await compilePaletteCoder()]) {
    const { exports } = await WebAssembly.instantiate(module, {});
    checkTileLimits(exports as unknown as TileLimits);
  }
});

test('rejects a wasm module with other limits', () => {
  const limits = (width: number, pixels: number) => ({
    MAX_TILE_WIDTH: { value: width },
    MAX_TILE_PIXELS: { value: pixels },
  });
  checkTileLimits(limits(1024, 2 ** 20));
  assert.throws(() => checkTileLimits(limits(2048, 2 ** 20)), /other tile limits/);
  assert.throws(() => checkTileLimits(limits(1024, 2 ** 21)), /other tile limits/);
});

test('checks the sizes of tiles', () => {
  const sizes = { fits: '1x1 1024x1024 1x1048576', doesNot: '0x1 1x0 1025x1 1024x1025 1.5x2 NaNx2 2x-3' };
  const parse = (list: string) => list.split(' ').map((size) => size.split('x').map(Number) as [number, number]);
  for (const [width, height] of parse(sizes.fits)) assert.ok(isTileSize({ width, height }), `${width} x ${height}`);
  for (const [width, height] of parse(sizes.doesNot)) assert.ok(!isTileSize({ width, height }), `${width} x ${height}`);
});
