/**
 * The memory map: all that grows with a tile or a model, laid out once for a model and used for any number of tiles.
 * Below it lie the few small tables of fixed size that modules keep as static data.
 *
 *     __heap_base   spec       i32[16]         the model's numbers, written by the host before `configure`
 *                   samples    u8 or u16[3 * 2^20]  the tile, [height][width][channels]: u16 where it has more than 8
 *                                            bits a sample
 *                   stream     u8[2 * 3 * 2^20 + 64]  coded bytes, out of the encoder or into the decoder
 *                   intervals  u32[1024 * 3 * 16][2]  where asked for, the counts of each symbol or decision of the row
 *                                            coded last; or f32[], the bits of each pixel of the rows measured last
 *                   known      u8[2^20 / 8]   where asked for, which pixels are known: bit i & 7 of byte i >> 3
 *                   small      u8[3 * 2^19]    where the model has one, the small image that it knows beforehand
 *                   weights    f32[]           the model's tensors one after the other, written by the host
 *                   model      ...             what the model reserves: packed weights, row caches, scratch
 *                   history    f32[]           the samples of the last rows
 *                   mixer      ...             its hashed lines, residual maps, rows of errors
 *                   state      f32[]           weights and APMs of the mixer, as the tile at hand has made them
 *                   start      f32[]           the same before a tile, written by the host where the model has it
 *
 * Nothing is allocated while coding. Memory grows only when a larger model is configured.
 */

import { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from './tile-limits';

export const MAX_CHANNELS: i32 = 3;

/** Most bits of a sample of a tile: as many binary decisions code it. */
const MAX_DEPTH: i32 = 16;

const SPEC_BYTES: usize = 64;
const SAMPLE_BYTES: usize = <usize>(2 * MAX_TILE_PIXELS * MAX_CHANNELS);
/** A coded tile longer than its samples is of no use; the rest is room for the coder's last words. */
export const STREAM_CAPACITY: i32 = <i32>SAMPLE_BYTES + 64;

export const SPEC: usize = (__heap_base + 15) & ~15;
export const SAMPLES: usize = SPEC + SPEC_BYTES;
export const STREAM: usize = SAMPLES + SAMPLE_BYTES;
export const INTERVALS: usize = STREAM + <usize>STREAM_CAPACITY;
export const KNOWN: usize = INTERVALS + <usize>(MAX_TILE_WIDTH * MAX_CHANNELS * MAX_DEPTH * 8);
/** For a factor of 2; of a tile one pixel wide it has every second pixel. */
export const SMALL: usize = KNOWN + <usize>(MAX_TILE_PIXELS >> 3);
export const WEIGHTS: usize = SMALL + <usize>((MAX_TILE_PIXELS >> 1) * MAX_CHANNELS);

let top: usize = WEIGHTS;

/** Forgets what a former model reserved. */
export function resetReservations(): void {
  top = WEIGHTS;
}

/** The address of `count` f32 values, 16-byte aligned. They are readable only after `commitReservations`. */
export function reserveFloats(count: i32): usize {
  const address = top;
  top = (top + ((<usize>count) << 2) + 15) & ~15;
  return address;
}

/** The same for i16 values. */
export function reserveShorts(count: i32): usize {
  return reserveFloats((count + 1) >> 1);
}

/** Makes all that is reserved readable; false where the host refuses the memory. */
export function commitReservations(): bool {
  const pages = <i32>((top + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}
