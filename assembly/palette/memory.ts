/**
 * The memory map of the colour coder. It is laid out anew for each tile, in proportion to the tile's pixels: an icon
 * clears a few kilobytes. Memory grows where a tile needs more than those before it, and never shrinks.
 */

import { MAX_TILE_WIDTH } from '../tile-limits';

/** Pixels before the first one that neighbourhoods may reach: 3 rows and a few pixels. */
export const MARGIN: usize = 3 * <usize>MAX_TILE_WIDTH + 16;

let top: usize = 0;

export function resetReservations(): void {
  top = (__heap_base + 63) & ~63;
}

/** The address of `bytes` bytes, aligned to a cache line. They are readable only after `commitReservations`. */
export function reserve(bytes: usize): usize {
  const address = top;
  top = (top + bytes + 63) & ~63;
  return address;
}

/** Makes all that is reserved readable; false where the host refuses the memory. */
export function commitReservations(): bool {
  const pages = <i32>((top + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** The binary logarithm of the least power of two that is not below n, brought within least .. most. */
export function sizeBits(n: u32, least: i32, most: i32): i32 {
  const bits = n <= 1 ? 0 : 32 - <i32>clz<u32>(n - 1);
  return max(least, min(most, bits));
}
