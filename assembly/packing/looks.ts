/** Looks at the longest match of a position that an encoder sees within some steps. */
import { frontAt, openFront } from './fronts';
import { ENTRY_BYTES } from './matches';

/** Number of bytes of the data. */
let limit: i32 = 0;

export function startLooks(length: i32): void {
  limit = length;
}

/** The longest match of a position within some steps, its distance, and the next shorter one; set by `look`. */
export let longest: i32 = 0;
export let farthest: i32 = 0;
export let second: i32 = 0;
export let steps: i32 = 0;

export function look(p: i32, within: i32): void {
  longest = 0;
  farthest = 1;
  second = 0;
  steps = 0;
  if (p >= limit) return;
  let n = openFront(p);
  const front = frontAt(p) - ENTRY_BYTES;
  while (n > 0 && <i32>load<u16>(front + <usize>n * ENTRY_BYTES, 4) >= within) n--;
  if (n === 0) return;
  const entry = front + <usize>n * ENTRY_BYTES;
  longest = <i32>load<u16>(entry);
  farthest = <i32>load<u16>(entry, 2) + 1;
  steps = <i32>load<u16>(entry, 4);
  if (n > 1) second = <i32>load<u16>(entry - ENTRY_BYTES);
}

function logOf(distance: i32): i32 {
  return 31 - <i32>clz<i32>(distance);
}

/** Returns how much better the match that was looked at is than one before it, as libdeflate weighs them; 0 to 31. */
export function betterThan(length: i32, distance: i32): u32 {
  if (longest < length) return 0;
  return <u32>max(1, min(31, 4 * (longest - length) + logOf(distance) - logOf(farthest) + 12));
}
