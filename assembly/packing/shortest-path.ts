/**
 * The cheapest way to code the rest of a block from each of its positions, by the costs of its own codes: what an
 * optimal parser looks for. Computed backwards, a segment at a time; a segment begins with a cost of 0 at most LOOKAHEAD
 * positions after its end.
 */
import { reserve } from '../palette/memory';
import { distanceCost, lengthCost, literalCost } from './costs';
import { niceLength } from './chains';
import { KEPT, frontAt, openFront } from './fronts';
import { ENTRY_BYTES } from './matches';
import { MAX_MATCH, MIN_MATCH } from './symbols';

const LOOKAHEAD: i32 = 2048;
const SEGMENT: i32 = KEPT / 2;

/** Costs to the end from the segment's positions on, i32. */
let rest: usize = 0;
/** Their numbers of matches, u8. */
let used: usize = 0;
let first: i32 = 0;
let last: i32 = 0;
let raw: usize = 0;
let end: i32 = 0;

export function reservePath(): void {
  rest = reserve((<usize>(SEGMENT + LOOKAHEAD + MAX_MATCH + 1)) << 2);
  used = reserve(<usize>(SEGMENT + LOOKAHEAD));
}

/** Begins a block that ends at position `blockEnd`. */
export function startPath(bytes: usize, start: i32, blockEnd: i32): void {
  raw = bytes;
  first = start;
  last = start;
  end = blockEnd;
}

/** Computes the segment of position p, if it is not the last one. */
export function openPath(p: i32): void {
  if (p < last) return;
  first = p;
  last = min(p + SEGMENT, end);
  const limit = min(last + LOOKAHEAD, end);
  memory.fill(rest + ((<usize>(limit - first)) << 2), 0, (<usize>MAX_MATCH + 1) << 2);
  openFronts(limit);
  for (let q = limit - 1; q >= first; q--) {
    let best = literalCost(load<u8>(raw + <usize>q)) + restAt(q + 1);
    const n = <i32>load<u8>(used + <usize>(q - first));
    const front = frontAt(q);
    let length = MIN_MATCH;
    for (let k = 0; k < n; k++) {
      const entry = front + <usize>k * ENTRY_BYTES;
      const most = min(<i32>load<u16>(entry), limit - q);
      const cost = distanceCost(<i32>load<u16>(entry, 2) + 1);
      for (; length <= most; length++) best = min(best, cost + lengthCost(length) + restAt(q + length));
    }
    store<i32>(rest + ((<usize>(q - first)) << 2), min(best, 1 << 29));
  }
}

/** Opens the fronts of the segment; positions in a match of niceLength or more have no matches. */
function openFronts(limit: i32): void {
  let within = 0;
  for (let q = first; q < limit; q++) {
    const n = openFront(q);
    const isWithin = within > 0;
    store<u8>(used + <usize>(q - first), isWithin ? 0 : <u8>n);
    within--;
    if (isWithin || n === 0) continue;
    const longest = <i32>load<u16>(frontAt(q) + <usize>(n - 1) * ENTRY_BYTES);
    if (longest >= niceLength) within = longest - 1;
  }
}

/** Returns the cost from position p on, in the open segment or up to MAX_MATCH after it. */
export function restAt(p: i32): i32 {
  return load<i32>(rest + ((<usize>(p - first)) << 2));
}
