import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { subsampledSize } from '#pixrnn/subsample.js';
import { extractTile, placeTile, smallGrid, tileCount, tileGrid } from '#pixrnn/codec/tile-grid.js';

const side = fc.integer({ min: 1, max: 40000 });

test('an image of at most a megapixel and 1024 columns is one tile', () => {
  for (const [width, height] of [
    [1, 1],
    [1024, 1024],
    [512, 2048],
    [1, 2 ** 20],
  ] as const) {
    assert.deepEqual(tileGrid(width, height), [{ x: 0, y: 0, width, height }]);
  }
  assert.equal(tileCount(1025, 1), 2);
  assert.equal(tileCount(1024, 1025), 2);
});

test('the example of docs/FORMAT.md: 2500 x 1300', () => {
  assert.deepEqual(tileGrid(2500, 1300), [
    { x: 0, y: 0, width: 833, height: 650 },
    { x: 833, y: 0, width: 833, height: 650 },
    { x: 1666, y: 0, width: 834, height: 650 },
    { x: 0, y: 650, width: 833, height: 650 },
    { x: 833, y: 650, width: 833, height: 650 },
    { x: 1666, y: 650, width: 834, height: 650 },
  ]);
});

test('tiles cover the image once, in row-major order, within the limits', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const tiles = tileGrid(width, height);
      assert.equal(tiles.length, tileCount(width, height));
      let [x, y] = [0, 0];
      for (const tile of tiles) {
        assert.deepEqual([tile.x, tile.y], [x, y]);
        assert.ok(tile.width >= 1 && tile.width <= 1024);
        assert.ok(tile.height >= 1 && tile.width * tile.height <= 2 ** 20);
        x += tile.width;
        if (x === width) [x, y] = [0, y + tile.height];
      }
      assert.deepEqual([x, y], [0, height]);
    }),
  );
});

test('widths differ by at most 1, and so do heights', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const tiles = tileGrid(width, height);
      for (const sizes of [tiles.map((t) => t.width), tiles.map((t) => t.height)]) {
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }
    }),
  );
});

test('extracting all tiles and inserting them again restores the image', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 3000 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom<1 | 3>(1, 3),
      (width, height, channels) => {
        const samples = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 2654435761) >>> 24);
        const raster = { width, height, channels, depth: 8 as const, indexed: false, samples };
        const copy = { ...raster, samples: new Uint8Array(samples.length) };
        for (const tile of tileGrid(width, height)) placeTile(copy, tile, extractTile(raster, tile));
        assert.ok(Buffer.from(copy.samples).equals(samples));
      },
    ),
    { numRuns: 30 },
  );
});

test("a tile's samples are in the tile's raster order", () => {
  const kind = { channels: 1, depth: 8, indexed: false } as const;
  const raster = { width: 3, height: 2, ...kind, samples: Uint8Array.of(0, 1, 2, 3, 4, 5) };
  const tile = { x: 1, y: 0, width: 2, height: 2 };
  assert.deepEqual(extractTile(raster, tile), Uint8Array.of(1, 2, 4, 5));
  assert.throws(() => placeTile(raster, tile, new Uint8Array(3)), RangeError);
});

test('downsampled tiles stand side by side', () => {
  for (const [width, height, factor] of [
    [2500, 1300, 3],
    [1, 3_000_000, 2],
    [2049, 2, 8],
  ] as const) {
    const grid = tileGrid(width, height);
    const small = smallGrid(grid.map((tile) => ({ ...tile, ...subsampledSize(tile, factor) })));
    const all = new Map<string, number>();
    small.forEach((tile, i) => {
      const [left, above] = [grid[i]!.x, grid[i]!.y];
      // Every tile begins where its left and upper neighbours end.
      const leftIndex = grid.findIndex(({ x, y, width: w }) => x + w === left && y === above);
      const upperIndex = grid.findIndex(({ x, y, height: h }) => x === left && y + h === above);
      assert.equal(tile.x, leftIndex < 0 ? 0 : small[leftIndex]!.x + small[leftIndex]!.width);
      assert.equal(tile.y, upperIndex < 0 ? 0 : small[upperIndex]!.y + small[upperIndex]!.height);
      all.set(`${tile.x}, ${tile.y}`, i);
    });
    assert.equal(all.size, grid.length);
  }
});
