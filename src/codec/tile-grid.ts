import { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from '../engine/tile-limits.js';
import type { Raster } from '../image/raster.js';
import { allocateSamples, type Samples } from '../samples.js';

/** An independently coded rectangle of the image, in pixels. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Returns the columns and rows of the grid; a tile is at most 1,024 pixels wide and has at most 2^20 pixels. */
function gridSize(width: number, height: number): { columns: number; rows: number } {
  const columns = Math.ceil(width / MAX_TILE_WIDTH);
  const widest = Math.ceil(width / columns);
  return { columns, rows: Math.ceil(height / Math.floor(MAX_TILE_PIXELS / widest)) };
}

/** Returns the number of tiles of an image. Allocates nothing, so the size may be unchecked. */
export function tileCount(width: number, height: number): number {
  const { columns, rows } = gridSize(width, height);
  return columns * rows;
}

/** Returns the tiles of an image in raster order. Their widths differ by at most 1, and so do their heights. */
export function tileGrid(width: number, height: number): Tile[] {
  const { columns, rows } = gridSize(width, height);
  const xs = boundaries(width, columns);
  const ys = boundaries(height, rows);
  return ys.flatMap((row) =>
    xs.map((column) => ({ x: column.start, y: row.start, width: column.size, height: row.size })),
  );
}

/** Cuts 0..length into `count` pieces. Products stay below 2^53 (length < 2^31, count <= 2^21), so they are exact. */
function boundaries(length: number, count: number): { start: number; size: number }[] {
  const boundary = (i: number) => Math.floor((i * length) / count);
  return Array.from({ length: count }, (_, i) => ({ start: boundary(i), size: boundary(i + 1) - boundary(i) }));
}

/** Returns the grid of a smaller image, given tiles with their reduced sizes: adjacent, starting at (0, 0). */
export function smallGrid(tiles: readonly Tile[]): Tile[] {
  const placed: Tile[] = [];
  for (const { x, width, height } of tiles) {
    const before = placed.at(-1) ?? { x: 0, y: 0, width: 0, height: 0 };
    const isFirst = x === 0; // of its row
    placed.push({
      x: isFirst ? 0 : before.x + before.width,
      y: isFirst ? before.y + before.height : before.y,
      width,
      height,
    });
  }
  return placed;
}

/** Returns a copy of the tile's samples, [tile.height][tile.width][channels]. */
export function extractTile(raster: Raster, tile: Tile): Samples {
  const rowSamples = tile.width * raster.channels;
  const samples = allocateSamples(rowSamples * tile.height, raster.depth);
  for (let row = 0; row < tile.height; row++) {
    const start = sampleOffset(raster, tile, row);
    samples.set(raster.samples.subarray(start, start + rowSamples), row * rowSamples);
  }
  return samples;
}

/** Writes a tile's samples, [tile.height][tile.width][channels], into the raster. */
export function placeTile(raster: Raster, tile: Tile, samples: Samples): void {
  const rowSamples = tile.width * raster.channels;
  if (samples.length !== rowSamples * tile.height) {
    throw new RangeError(
      `A ${tile.width}x${tile.height} tile has ${rowSamples * tile.height} samples, not ${samples.length}`,
    );
  }
  for (let row = 0; row < tile.height; row++) {
    raster.samples.set(samples.subarray(row * rowSamples, (row + 1) * rowSamples), sampleOffset(raster, tile, row));
  }
}

/**
 * Writes the intersection of a tile with a band of the image. `part` holds the image's full-width rows from `first` on;
 * at least one of them must belong to the tile, whose samples are [tile.height][tile.width][channels].
 */
export function placeRows(part: Raster, first: number, tile: Tile, samples: Samples): void {
  const top = Math.max(tile.y, first);
  const end = Math.min(tile.y + tile.height, first + part.height);
  const rowSamples = tile.width * part.channels;
  const rows = samples.subarray((top - tile.y) * rowSamples, (end - tile.y) * rowSamples);
  placeTile(part, { ...tile, y: top - first, height: end - top }, rows);
}

/** Returns the offset of a row of the tile in the raster's samples. */
function sampleOffset(raster: Raster, tile: Tile, row: number): number {
  return ((tile.y + row) * raster.width + tile.x) * raster.channels;
}
