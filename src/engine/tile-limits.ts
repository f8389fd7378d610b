import type { TileShape } from './tile.js';

/** Greatest width of a tile and most pixels in it (docs/FORMAT.md, "tile grid"). */
export const MAX_TILE_WIDTH = 1024;
export const MAX_TILE_PIXELS = 2 ** 20;

/** The same numbers as every wasm exports them, whose memory is laid out for them (assembly/tile-limits.ts). */
export interface TileLimits {
  readonly MAX_TILE_WIDTH: Pick<WebAssembly.Global, 'value'>;
  readonly MAX_TILE_PIXELS: Pick<WebAssembly.Global, 'value'>;
}

/** Throws an Error if a wasm was compiled with other limits than these. */
export function checkTileLimits(wasm: TileLimits): void {
  if (wasm.MAX_TILE_WIDTH.value !== MAX_TILE_WIDTH || wasm.MAX_TILE_PIXELS.value !== MAX_TILE_PIXELS) {
    throw new Error('the WebAssembly has other tile limits than src/engine/tile-limits.ts. Build it again.');
  }
}

/** Whether a size is that of a tile. Nothing in WebAssembly would stop a larger one. */
export function isTileSize({ width, height }: Pick<TileShape, 'width' | 'height'>): boolean {
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 1;
  return isSide(width) && isSide(height) && width <= MAX_TILE_WIDTH && width * height <= MAX_TILE_PIXELS;
}
