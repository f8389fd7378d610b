/**
 * The memory map: everything whose size depends on the tile or the model, laid out once per model and used for any
 * number of tiles. Small tables of fixed size are static data of their modules, below `__heap_base`.
 *
 *     __heap_base   spec       i32[16]         the model's spec, written by the host before `configure`
 *                   samples    u8 or u16[3 * 2^20]  the tile, [height][width][channels]: u16 if a sample has more than
 *                                            8 bits
 *                   stream     u8[2 * 3 * 2^20 + 64]  coded bytes: output of the encoder or input of the decoder
 *                   intervals  u32[1024 * 3 * 16][2]  on request, the counts of each symbol or decision of the last
 *                                            row; or f32[], the bits of each pixel of the rows measured last
 *                   known      u8[2^20 / 8]   on request, which pixels are known: bit i & 7 of byte i >> 3
 *                   small      u8[3 * 2^19]    for Multi-Scale models, the small image that both sides know
 *                   weights    f32[]           the model's tensors, concatenated, written by the host
 *                   model      ...             reserved by the model: packed weights, row caches, scratch
 *                   history    f32[]           the samples of the last rows
 *                   mixer      ...             its hashed lines, residual maps, rows of errors
 *                   state      f32[]           weights and APMs of the mixer, as adapted to the current tile
 *                   start      f32[]           the same before a tile, written by the host if the model has one
 *
 * Nothing is allocated while coding. Memory grows only when a larger model is configured.
 */

import { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from './tile-limits';

export const MAX_CHANNELS: i32 = 3;

/** Maximum bits of a sample of a tile, and so of binary decisions that code it. */
const MAX_DEPTH: i32 = 16;

const SPEC_BYTES: usize = 64;
const SAMPLE_BYTES: usize = <usize>(2 * MAX_TILE_PIXELS * MAX_CHANNELS);
/** A coded tile longer than its samples is useless; the 64 bytes are room for the coder's last words. */
export const STREAM_CAPACITY: i32 = <i32>SAMPLE_BYTES + 64;

export const SPEC: usize = (__heap_base + 15) & ~15;
export const SAMPLES: usize = SPEC + SPEC_BYTES;
export const STREAM: usize = SAMPLES + SAMPLE_BYTES;
export const INTERVALS: usize = STREAM + <usize>STREAM_CAPACITY;
export const KNOWN: usize = INTERVALS + <usize>(MAX_TILE_WIDTH * MAX_CHANNELS * MAX_DEPTH * 8);
/** Sized for a factor of 2: the small image of a tile one pixel wide has every second pixel. */
export const SMALL: usize = KNOWN + <usize>(MAX_TILE_PIXELS >> 3);
export const WEIGHTS: usize = SMALL + <usize>((MAX_TILE_PIXELS >> 1) * MAX_CHANNELS);

let top: usize = WEIGHTS;

/** Releases what the previous model reserved. */
export function resetReservations(): void {
  top = WEIGHTS;
}

/**
 * Reserves `count` f32 values and returns their address, 16-byte aligned. They are readable only after
 * `commitReservations`.
 */
export function reserveFloats(count: i32): usize {
  const address = top;
  top = (top + ((<usize>count) << 2) + 15) & ~15;
  return address;
}

/** Reserves `count` i16 values, likewise. */
export function reserveShorts(count: i32): usize {
  return reserveFloats((count + 1) >> 1);
}

/** Grows memory to cover everything reserved. Returns false if the host cannot allocate it. */
export function commitReservations(): bool {
  const pages = <i32>((top + 0xffff) >> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}
