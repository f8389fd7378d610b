/**
 * Most pixels of a tile and its greatest width (docs/FORMAT.md, "tile grid"). Every wasm exports them, and src/engine/tile-limits.ts, which
 * cuts images into tiles before a wasm is loaded, is compared with them.
 */
export const MAX_TILE_PIXELS: i32 = 1 << 20;
export const MAX_TILE_WIDTH: i32 = 1024;
