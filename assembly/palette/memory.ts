/**
 * The memory map of the palette coder, laid out for each tile in proportion to its pixels: an icon clears a few
 * kilobytes. Memory grows if a tile needs more than earlier ones, and never shrinks.
 */

import { MAX_TILE_WIDTH } from '../tile-limits';

/** Pixels before the first one that neighbourhoods can reach: 3 rows and a few pixels. */
export const MARGIN: usize = 3 * <usize>MAX_TILE_WIDTH + 16;

let top: usize = 0;

export function resetReservations(): void {
  top = (__heap_base + 63) & ~63;
}

/**
 * Reserves `bytes` bytes and returns their address, aligned to a cache line. They are readable only after
 * `commitReservations`.
 */
export function reserve(bytes: usize): usize {
  const address = top;
  top = (top + bytes + 63) & ~63;
  return address;
}

/** Grows memory to cover everything reserved. Returns false if the host cannot allocate it. */
export function commitReservations(): bool {
  const pages = <i32>((top + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** Returns ceil(log2(n)), clamped to minBits .. maxBits. */
export function sizeBits(n: u32, minBits: i32, maxBits: i32): i32 {
  const bits = n <= 1 ? 0 : 32 - <i32>clz<u32>(n - 1);
  return max(minBits, min(maxBits, bits));
}
