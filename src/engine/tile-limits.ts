import type { TileShape } from './tile.js';

/** Maximum width of a tile and maximum number of its pixels (docs/FORMAT.md, "tile grid"). */
export const MAX_TILE_WIDTH = 1024;
export const MAX_TILE_PIXELS = 2 ** 20;

/** The limits that every wasm module exports, for which its memory is laid out (assembly/tile-limits.ts). */
export interface TileLimits {
  readonly MAX_TILE_WIDTH: Pick<WebAssembly.Global, 'value'>;
  readonly MAX_TILE_PIXELS: Pick<WebAssembly.Global, 'value'>;
}

/** Throws an Error if a wasm module was compiled with other limits. */
export function checkTileLimits(wasm: TileLimits): void {
  if (wasm.MAX_TILE_WIDTH.value !== MAX_TILE_WIDTH || wasm.MAX_TILE_PIXELS.value !== MAX_TILE_PIXELS) {
    throw new Error('the WebAssembly module has other tile limits than src/engine/tile-limits.ts. Build it again.');
  }
}

/** Returns whether a tile may have this size. WebAssembly does not check it. */
export function isTileSize({ width, height }: Pick<TileShape, 'width' | 'height'>): boolean {
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 1;
  return isSide(width) && isSide(height) && width <= MAX_TILE_WIDTH && width * height <= MAX_TILE_PIXELS;
}
