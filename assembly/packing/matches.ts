/**
 * Matches of a position: chains of earlier positions with the same three or four bytes, the latest first. The front of a
 * position has the nearest match of each length that no nearer one reaches, in ascending order.
 *
 * Of three bytes only the nearest match matters, so the longer chains are walked only by `rankOf` and `distanceOf`.
 */
import { reserve } from '../palette/memory';
import { MAX_DISTANCE, MAX_MATCH, MIN_MATCH } from './symbols';

const HASH_BITS: i32 = 16;
/** Positions whose predecessors are kept: the window, and as many more that may be inserted before they are searched. */
const RING: i32 = 65536;
/** Maximum number of steps along a chain, which bounds the time of hostile data. */
const MAX_STEPS: i32 = 4096;

/** Maximum number of entries of a front; a further one replaces the last. */
export const FRONT: i32 = 16;
/** Bytes of an entry: length, distance - 1, steps to it among matches of 4 bytes (0 for a length of 3), unused: u16. */
export const ENTRY_BYTES: usize = 8;
export const FRONT_BYTES: usize = <usize>FRONT * ENTRY_BYTES;

let raw: usize = 0;
let rawLength: i32 = 0;
/** Latest position plus 1 of a hash, u32; distance from a position to its predecessor, u16, 0 for none. */
let heads3: usize = 0;
let heads4: usize = 0;
let links3: usize = 0;
let links4: usize = 0;
let inserted: i32 = 0;

/** What the encoder can find: the smallest length, the largest distance, the steps, a length that ends the search. */
let minLength: i32 = MIN_MATCH;
let maxDistance: i32 = MAX_DISTANCE;
export let maxSteps: i32 = MAX_STEPS;
let niceLength: i32 = MAX_MATCH;
/** Whether only some positions within a match are inserted: in short matches all, in others some at both ends. */
export let sparse: bool = false;
let wholeLength: i32 = MAX_MATCH;
let headPositions: i32 = 0;
let tailPositions: i32 = 0;

/** Whether the last search ended at the maximum number of steps. */
export let incomplete: bool = false;

export function reserveMatches(): void {
  heads3 = reserve((<usize>4) << HASH_BITS);
  heads4 = reserve((<usize>4) << HASH_BITS);
  links3 = reserve((<usize>RING) << 1);
  links4 = reserve((<usize>RING) << 1);
}

export function startMatches(bytes: usize, length: i32): void {
  raw = bytes;
  rawLength = length;
  inserted = 0;
  memory.fill(heads3, 0, (<usize>4) << HASH_BITS);
  memory.fill(heads4, 0, (<usize>4) << HASH_BITS);
}

export function setVision(length: i32, distance: i32, steps: i32, nice: i32): void {
  minLength = length;
  maxDistance = distance;
  maxSteps = steps;
  niceLength = nice;
}

/** Sets which positions within a match are inserted; a `whole` of 258: all. */
export function setInsertion(whole: i32, atHead: i32, atTail: i32): void {
  sparse = whole < MAX_MATCH;
  wholeLength = whole;
  headPositions = atHead;
  tailPositions = atTail;
}

function hash3(word: u32): usize {
  return (<usize>(((word & 0xffffff) * 0x9e3779b1) >> (32 - HASH_BITS))) << 2;
}

function hash4(word: u32): usize {
  return (<usize>((word * 0x9e3779b1) >> (32 - HASH_BITS))) << 2;
}

function insertInto(heads: usize, links: usize, p: i32): void {
  const distance = <u32>p + 1 - load<u32>(heads);
  const none = load<u32>(heads) === 0 || distance > <u32>MAX_DISTANCE;
  store<u16>(links + ((<usize>(p & (RING - 1))) << 1), none ? 0 : <u16>distance);
  store<u32>(heads, <u32>p + 1);
}

function insert(p: i32): void {
  const word = load<u32>(raw + <usize>p);
  insertInto(heads3 + hash3(word), links3, p);
  insertInto(heads4 + hash4(word), links4, p);
}

/** Inserts the positions of a token that was coded, if not all positions are. */
export function insertToken(p: i32, length: i32): void {
  if (!sparse) return;
  const end = min(length, rawLength - MIN_MATCH + 1 - p);
  for (let k = 0; k < end; k++) {
    if (length <= wholeLength || k <= headPositions || length - k <= tailPositions) insert(p + k);
  }
}

/** Inserts all positions up to and including p, unless insertion is sparse. */
function insertUpTo(p: i32): void {
  if (sparse) return;
  for (; inserted <= p; inserted++) insert(inserted);
}

function link(links: usize, p: i32): i32 {
  return <i32>load<u16>(links + ((<usize>(p & (RING - 1))) << 1));
}

/** Returns the distance from p to the first position of its chain, 0 for none. */
function firstLink(heads: usize, links: usize, p: i32): i32 {
  if (!sparse) return link(links, p);
  const head = load<u32>(heads);
  const distance = <u32>p + 1 - head;
  return head === 0 || distance > <u32>MAX_DISTANCE ? 0 : <i32>distance;
}

/** Returns the distance from p to the position after the one at `distance`, or MAX_DISTANCE + 1 for none. */
function nextLink(links: usize, p: i32, distance: i32): i32 {
  const onward = link(links, p - distance);
  return onward === 0 ? MAX_DISTANCE + 1 : distance + onward;
}

/** Returns how many bytes from p and from q on are equal, up to `most`. */
function agreement(p: usize, q: usize, most: i32): i32 {
  let n = 0;
  while (n + 8 <= most) {
    const difference = load<u64>(p + <usize>n) ^ load<u64>(q + <usize>n);
    if (difference !== 0) return n + <i32>(ctz<u64>(difference) >> 3);
    n += 8;
  }
  while (n < most && load<u8>(p + <usize>n) === load<u8>(q + <usize>n)) n++;
  return n;
}

/** Returns the distance of the nearest match of three bytes, at most maxDistance, or 0. */
function nearestOfThree(p: i32): i32 {
  const word = load<u32>(raw + <usize>p);
  let distance = firstLink(heads3 + hash3(word), links3, p);
  for (let steps = 0; distance !== 0 && distance <= maxDistance; steps++) {
    if (steps === MAX_STEPS) {
      incomplete = true;
      break;
    }
    if (((load<u32>(raw + <usize>(p - distance)) ^ word) & 0xffffff) === 0) return distance;
    distance = nextLink(links3, p, distance);
  }
  return 0;
}

/**
 * Writes the front of position p and returns its number of entries.
 * @param end matches end here
 */
export function findFront(p: i32, end: i32, front: usize): i32 {
  incomplete = false;
  const most = min(end - p, MAX_MATCH);
  if (most < minLength) return 0;
  insertUpTo(p);
  const here = raw + <usize>p;
  const word = load<u32>(here);
  let entries = 0;
  let best = max(minLength, 4) - 1;
  if (minLength === MIN_MATCH) {
    const nearest = nearestOfThree(p);
    if (nearest === 0 && !incomplete) return 0;
    if (nearest !== 0 && (most === MIN_MATCH || load<u32>(here - <usize>nearest) !== word)) {
      setEntry(front, 0, MIN_MATCH, nearest, 0);
      entries = 1;
    }
    if (most === MIN_MATCH) return entries;
  }
  let steps4 = 0;
  let distance = firstLink(heads4 + hash4(word), links4, p);
  for (let steps = 0; distance !== 0 && distance <= maxDistance; steps++) {
    if (steps === MAX_STEPS) {
      incomplete = true;
      break;
    }
    const there = here - <usize>distance;
    if (load<u32>(there) === word) {
      if (best < 4 || load<u8>(there + <usize>best) === load<u8>(here + <usize>best)) {
        const n = agreement(here, there, most);
        if (n > best) {
          best = n;
          setEntry(front, min(entries, FRONT - 1), n, distance, steps4);
          entries = min(entries + 1, FRONT);
          if (n >= niceLength || n === most) break;
        }
      }
      steps4++;
      if (steps4 >= maxSteps) break;
    }
    distance = nextLink(links4, p, distance);
  }
  return entries;
}

function setEntry(front: usize, k: i32, length: i32, distance: i32, steps: i32): void {
  const entry = front + <usize>k * ENTRY_BYTES;
  store<u16>(entry, <u16>length);
  store<u16>(entry, <u16>(distance - 1), 2);
  store<u16>(entry, <u16>steps, 4);
}

/** Returns how many nearer matches of four bytes a match of p has, or -1 if it is not found. */
export function stepsTo(p: i32, wanted: i32): i32 {
  insertUpTo(p);
  const word = load<u32>(raw + <usize>p);
  let found = 0;
  let distance = firstLink(heads4 + hash4(word), links4, p);
  for (let steps = 0; distance !== 0 && distance <= wanted; steps++) {
    if (distance === wanted) return found;
    if (steps === MAX_STEPS) return -1;
    found += i32(load<u32>(raw + <usize>(p - distance)) === word);
    distance = nextLink(links4, p, distance);
  }
  return -1;
}

/** Counters of a walk: the distance it ended at, and the matches of its length before. */
let walked: i32 = 0;
let passed: i32 = 0;

/** Walks along the matches of p of at least this length to distance `wanted` or past `rank` of them. */
function walk(p: i32, length: i32, wanted: i32, rank: i32): bool {
  insertUpTo(p);
  const short = length === MIN_MATCH;
  const word = load<u32>(raw + <usize>p);
  const links = short ? links3 : links4;
  passed = 0;
  walked = firstLink(short ? heads3 + hash3(word) : heads4 + hash4(word), links, p);
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
export function rankOf(p: i32, length: i32, wanted: i32): i32 {
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
