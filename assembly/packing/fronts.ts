/** Fronts of the positions that are being looked at; each is searched once. */
import { reserve } from '../palette/memory';
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

export function reserveFronts(): void {
  tags = reserve((<usize>KEPT) << 2);
  counts = reserve(<usize>KEPT);
  unfinished = reserve(<usize>KEPT);
  fronts = reserve(<usize>KEPT * FRONT_BYTES);
}

/** Forgets all fronts. From now on matches end at `end`. */
export function startFronts(many: bool, end: i32): void {
  mask = (many ? KEPT : KEPT_AHEAD) - 1;
  limit = end;
  memory.fill(tags, 0, (<usize>(mask + 1)) << 2);
}

/** Forgets the fronts of a greedy parser, because the tables have changed. */
export function forgetFronts(): void {
  memory.fill(tags, 0, (<usize>KEPT_AHEAD) << 2);
}

/** Searches the front of p unless it is known. Returns its number of entries. */
export function openFront(p: i32): i32 {
  const place = <usize>(p & mask);
  if (load<u32>(tags + (place << 2)) === <u32>p + 1) return <i32>load<u8>(counts + place);
  const n = findFront(p, limit, fronts + place * FRONT_BYTES);
  store<u32>(tags + (place << 2), <u32>p + 1);
  store<u8>(counts + place, <u8>n);
  store<u8>(unfinished + place, <u8>incomplete);
  return n;
}

/** Returns the address of an opened front. */
export function frontAt(p: i32): usize {
  return fronts + <usize>(p & mask) * FRONT_BYTES;
}

/** Returns whether the search of an opened front ended early. */
export function isUnfinished(p: i32): bool {
  return load<u8>(unfinished + <usize>(p & mask)) !== 0;
}

/** Stores a front of one match without a search, for the path only: a token there searches. */
export function deriveFront(p: i32, length: i32, distance: i32): void {
  const place = <usize>(p & mask);
  store<u32>(tags + (place << 2), 0);
  store<u8>(counts + place, 1);
  store<u16>(fronts + place * FRONT_BYTES, <u16>length);
  store<u16>(fronts + place * FRONT_BYTES, <u16>(distance - 1), 2);
}

/** Returns the number of entries of a front that was opened or derived. */
export function frontCount(p: i32): i32 {
  return <i32>load<u8>(counts + <usize>(p & mask));
}

export function isDerived(p: i32): bool {
  return load<u32>(tags + ((<usize>(p & mask)) << 2)) === 0;
}
