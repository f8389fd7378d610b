/** The options of a position: the matches that its token may be, the likeliest first. */
import { distanceCost, lengthCost } from './costs';
import { frontAt, openFront } from './fronts';
import { ENTRY_BYTES } from './matches';
import { restAt } from './shortest-path';
import { MIN_MATCH } from './symbols';

/** Length (u16), distance - 1 (u16), cost (i32). */
const MAX_OPTIONS: i32 = 24;
const options: usize = memory.data(MAX_OPTIONS * 8, 8);
export let optionCount: i32 = 0;

function addOption(length: i32, distance: i32, cost: i32): void {
  let at = optionCount;
  while (at > 0 && load<i32>(options + ((<usize>(at - 1)) << 3), 4) > cost) at--;
  if (at === MAX_OPTIONS) return;
  if (optionCount < MAX_OPTIONS) optionCount++;
  const place = options + ((<usize>at) << 3);
  memory.copy(place + 8, place, (<usize>(optionCount - 1 - at)) << 3);
  store<u16>(place, <u16>length);
  store<u16>(place, <u16>(distance - 1), 2);
  store<i32>(place, cost, 4);
}

/**
 * Collects the matches of p: the front, the longest first; or, by cost, all lengths with their nearest distances, the
 * cheapest first.
 * @param end of the block
 */
export function collectOptions(p: i32, end: i32, byCost: bool): void {
  optionCount = 0;
  const n = openFront(p);
  const front = frontAt(p);
  let length = MIN_MATCH;
  for (let k = 0; k < n; k++) {
    const entry = front + <usize>k * ENTRY_BYTES;
    const most = <i32>load<u16>(entry);
    const distance = <i32>load<u16>(entry, 2) + 1;
    if (!byCost) {
      addOption(most, distance, -most);
      continue;
    }
    const cost = distanceCost(distance);
    for (; length <= most && length <= end - p; length++) {
      addOption(length, distance, cost + lengthCost(length) + restAt(p + length));
    }
  }
}

export function optionLength(k: i32): i32 {
  return k < optionCount ? <i32>load<u16>(options + ((<usize>k) << 3)) : 0;
}

export function optionDistance(k: i32): i32 {
  return k < optionCount ? <i32>load<u16>(options + ((<usize>k) << 3), 2) + 1 : 0;
}

export function optionCost(k: i32): i32 {
  return load<i32>(options + ((<usize>k) << 3), 4);
}
