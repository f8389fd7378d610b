/** Walks along chains: from position to position, to a match that is known, and its rank among those of its length. */
import {
  MAX_STEPS,
  RING,
  hash3,
  heads3,
  insertUpTo,
  insertUpTo3,
  links3,
  mainHashOf,
  mainHeads,
  mainLinks,
  raw,
  rawLength,
  sparse,
} from './chains';
import { wrapping } from './rules';
import { MAX_DISTANCE, MIN_MATCH } from './symbols';

function link(links: usize, p: i32): i32 {
  return <i32>load<u16>(links + ((<usize>(p & (RING - 1))) << 1));
}

/** Returns the distance from p to the first position of its chain, 0 for none. */
export function firstLink(heads: usize, links: usize, p: i32): i32 {
  if (!sparse) return link(links, p);
  const head = load<u32>(heads);
  const distance = <u32>p + 1 - head;
  return head === 0 || distance > <u32>MAX_DISTANCE ? 0 : <i32>distance;
}

/** Returns the distance from p to the first position of its main chain that the encoder sees, 0 for none. */
export function firstSeen(heads: usize, links: usize, p: i32): i32 {
  if (!wrapping || !sparse) return firstLink(heads, links, p);
  const distance = (p - max(0, <i32>load<u32>(heads) - 1)) & 0xffff;
  return distance > p ? 0 : distance;
}

/** Returns the distance from p to the position after the one at `distance`, or MAX_DISTANCE + 1 for none. */
export function nextLink(links: usize, p: i32, distance: i32): i32 {
  const onward = link(links, p - distance);
  return onward === 0 ? MAX_DISTANCE + 1 : distance + onward;
}

/** Returns how many bytes from p and from q on are equal, up to `most`. */
export function agreement(p: usize, q: usize, most: i32): i32 {
  let n = 0;
  while (n + 8 <= most) {
    const difference = load<u64>(p + <usize>n) ^ load<u64>(q + <usize>n);
    if (difference !== 0) return n + <i32>(ctz<u64>(difference) >> 3);
    n += 8;
  }
  while (n < most && load<u8>(p + <usize>n) === load<u8>(q + <usize>n)) n++;
  return n;
}

/** Returns the steps along the chain of four bytes to a match of p, or -1 if it is not found. */
export function stepsTo(p: i32, wanted: i32): i32 {
  insertUpTo(p);
  let distance = firstLink(mainHeads + mainHashOf(load<u32>(raw + <usize>p)), mainLinks, p);
  for (let steps = 0; steps < MAX_STEPS && distance !== 0 && distance <= wanted; steps++) {
    if (distance === wanted) return steps;
    distance = nextLink(mainLinks, p, distance);
  }
  return -1;
}

/** Counters of a walk: the distance it ended at, and the matches of its length before. */
let walked: i32 = 0;
let passed: i32 = 0;

/** Walks along the matches of p of at least this length to distance `wanted` or past `rank` of them. */
function walk(p: i32, length: i32, wanted: i32, rank: i32): bool {
  const short = length === MIN_MATCH;
  if (short) insertUpTo3(p);
  else insertUpTo(p);
  const word = load<u32>(raw + <usize>p);
  const links = short ? links3 : mainLinks;
  passed = 0;
  walked = firstLink(short ? heads3 + hash3(word) : mainHeads + mainHashOf(word), links, p);
  for (let steps = 0; steps < MAX_STEPS && walked !== 0 && walked <= MAX_DISTANCE; steps++) {
    if (walked === wanted) return true;
    if (agreement(raw + <usize>p, raw + <usize>(p - walked), length) === length) {
      if (passed === rank) return true;
      passed++;
    }
    walked = nextLink(links, p, walked);
  }
  return false;
}

/** Returns how many nearer matches of at least this length a match has, or -1 if it is not found. */
export function distanceRank(p: i32, length: i32, wanted: i32): i32 {
  return walk(p, length, wanted, -1) ? passed : -1;
}

/** Returns the distance of the match of at least this length that has `rank` nearer ones, or 0. */
export function distanceOf(p: i32, length: i32, rank: i32): i32 {
  return walk(p, length, -1, rank) ? walked : 0;
}

/** Returns whether a match is real: it begins in the data and its bytes agree. */
export function isMatch(p: i32, length: i32, distance: i32): bool {
  return (
    distance >= 1 &&
    distance <= p &&
    length <= rawLength - p &&
    agreement(raw + <usize>p, raw + <usize>(p - distance), length) === length
  );
}
