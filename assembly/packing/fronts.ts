/** Fronts of the positions that are being looked at; each is searched once. */
import { reserve } from '../palette/memory';
import { far, searched } from './chains';
import { FRONT_BYTES, findFront, incomplete } from './matches';

/** Positions that are kept at a time, where a shortest path is computed and otherwise. */
export const KEPT: i32 = 32768;
const KEPT_AHEAD: i32 = 8;

/** Position plus 1 of a place, u32; the number of entries of its front, and whether it is incomplete, u8 each. */
let tags: usize = 0;
let counts: usize = 0;
let unfinished: usize = 0;
let fronts: usize = 0;
let mask: i32 = 0;
let limit: i32 = 0;
let length: i32 = 0;

export function reserveFronts(): void {
  tags = reserve((<usize>KEPT) << 2);
  counts = reserve(<usize>KEPT);
  unfinished = reserve(<usize>KEPT);
  fronts = reserve(<usize>KEPT * FRONT_BYTES);
}

/** Forgets all fronts, unless they are of a tree. From now on matches end at `end`. */
export function startFronts(many: bool, end: i32, rawLength: i32): void {
  mask = (many ? KEPT : KEPT_AHEAD) - 1;
  limit = end;
  length = rawLength;
  if (!far) memory.fill(tags, 0, (<usize>(mask + 1)) << 2);
}

/** Forgets the fronts of a greedy parser, because the tables have changed. */
export function forgetFronts(): void {
  memory.fill(tags, 0, (<usize>KEPT_AHEAD) << 2);
}

/** Searches the front of p unless it is known. Returns its number of entries. */
export function openFront(p: i32): i32 {
  if (far) {
    // Each position is searched once, when it is inserted, and its matches may be longer than the block.
    while (searched <= p) search(searched, length);
  } else if (load<u32>(tags + ((<usize>(p & mask)) << 2)) !== <u32>p + 1) {
    store<u32>(tags + ((<usize>(p & mask)) << 2), <u32>p + 1);
    search(p, limit);
  }
  return frontCount(p);
}

function search(p: i32, end: i32): void {
  const n = findFront(p, end, frontAt(p));
  store<u8>(counts + <usize>(p & mask), <u8>n);
  store<u8>(unfinished + <usize>(p & mask), <u8>incomplete);
}

/** Returns the address of an opened front. */
export function frontAt(p: i32): usize {
  return fronts + <usize>(p & mask) * FRONT_BYTES;
}

/** Returns whether the search of an opened front ended early. */
export function isUnfinished(p: i32): bool {
  return load<u8>(unfinished + <usize>(p & mask)) !== 0;
}

/** Returns the number of entries of a front that was opened. */
export function frontCount(p: i32): i32 {
  return <i32>load<u8>(counts + <usize>(p & mask));
}
