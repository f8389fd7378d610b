/**
 * The maximum pixels and the maximum width of a tile (docs/FORMAT.md, "tile grid"). Every wasm module exports them;
 * src/engine/tile-limits.ts, which cuts images into tiles before a module is loaded, is compared with them.
 */
export const MAX_TILE_PIXELS: i32 = 1 << 20;
export const MAX_TILE_WIDTH: i32 = 1024;
