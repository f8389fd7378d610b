/**
 * Matches of a position that an encoder sees. The front of a position has the nearest match of each length that no
 * nearer one reaches, in ascending order.
 */
import { agreement, firstLink, firstSeen, nextLink } from './chain-walks';
import {
  FAR,
  MAX_STEPS,
  far,
  hash3,
  heads3,
  insertInTree,
  insertUpTo,
  insertUpTo3,
  links3,
  mainBytes,
  mainHashOf,
  mainHeads,
  mainLinks,
  mainMask,
  maxDistance,
  maxSteps,
  maxSteps3,
  minLength,
  niceLength,
  raw,
  searched,
  stepsOf,
} from './chains';
import { farthestOf, isSkipped, pixelBytes, reachOf, runReach } from './rules';
import { MAX_MATCH, MIN_MATCH } from './symbols';
import { compare, descend, endDescent, matched, matchedDistance } from './tree';

/** Maximum number of entries of a front; a further one replaces the last. */
export const FRONT: i32 = 32;
/** Bytes of an entry: length, distance - 1, steps to it (0 if the encoder sees everything), unused: u16. */
export const ENTRY_BYTES: usize = 8;
export const FRONT_BYTES: usize = <usize>FRONT * ENTRY_BYTES;

/** Whether the last search ended at the maximum number of steps. */
export let incomplete: bool = false;

/** Returns the distance of the nearest match of three bytes within the encoder's sight, or 0. */
function nearestOfThree(p: i32): i32 {
  insertUpTo3(p);
  const word = load<u32>(raw + <usize>p);
  let distance = firstLink(heads3 + hash3(word), links3, p);
  for (let steps = 0; distance !== 0 && distance <= farthest && steps < min(maxSteps3, MAX_STEPS); steps++) {
    if (((load<u32>(raw + <usize>(p - distance)) ^ word) & 0xffffff) === 0) {
      nearestSteps = steps;
      return distance;
    }
    distance = nextLink(links3, p, distance);
  }
  return 0;
}

let nearestSteps: i32 = 0;
/** The front that is being written, its number of entries and its longest match. */
let front: usize = 0;
let entries: i32 = 0;
let best: i32 = 0;
let farthest: i32 = 0;

/**
 * Writes the front of position p and returns its number of entries.
 * @param end matches end here
 */
export function findFront(p: i32, end: i32, at: usize): i32 {
  incomplete = false;
  if (pixelBytes > 0) return findRun(p, end, at);
  const most = reachOf(p, min(end - p, MAX_MATCH));
  if (most < minLength || isSkipped(p)) {
    // The tree needs all positions.
    if (far) descendTo(p, 0);
    return 0;
  }
  front = at;
  entries = 0;
  best = max(minLength, mainBytes) - 1;
  farthest = farthestOf(p, maxDistance);
  const here = raw + <usize>p;
  const word = load<u32>(here);
  if (minLength === MIN_MATCH && mainBytes > MIN_MATCH) {
    const nearest = nearestOfThree(p);
    if (nearest !== 0 && (most === MIN_MATCH || load<u32>(here - <usize>nearest) !== word)) {
      addEntry(MIN_MATCH, nearest, nearestSteps);
    }
    if (most === MIN_MATCH && !far) return entries;
  }
  if (far) {
    descendTo(p, most);
    return entries;
  }
  insertUpTo(p);
  follow(p, most, mainHeads + mainHashOf(word), mainLinks, min(stepsOf(p), MAX_STEPS));
  if (maxSteps <= MAX_STEPS) incomplete = false;
  return entries;
}

/** Writes the front of position p if only runs of equal pixels are matches. */
function findRun(p: i32, end: i32, at: usize): i32 {
  const most = p < pixelBytes ? 0 : min(end - p, runReach(p));
  const n = agreement(raw + <usize>p, raw + <usize>(p - pixelBytes), most);
  const whole = n - (n % pixelBytes);
  if (whole < MIN_MATCH) return 0;
  front = at;
  setEntry(0, whole, pixelBytes, 0);
  return 1;
}

/** Adds the matches of the main chain that are longer than the longest so far. */
function follow(p: i32, most: i32, heads: usize, links: usize, maximum: i32): void {
  const here = raw + <usize>p;
  let distance = firstSeen(heads, links, p);
  for (let steps = 0; distance !== 0 && distance <= farthest; steps++) {
    if (steps === maximum) {
      incomplete = true;
      return;
    }
    const there = here - <usize>distance;
    if (
      load<u8>(there + <usize>best) === load<u8>(here + <usize>best) &&
      ((load<u32>(there) ^ load<u32>(here)) & mainMask) === 0
    ) {
      const n = agreement(here, there, most);
      if (n > best) {
        best = n;
        addEntry(n, distance, steps);
        if (n >= niceLength || n === most) return;
      }
    }
    distance = nextLink(links, p, distance);
  }
}

/** Inserts all positions up to p into the tree, and adds the matches of p that are longer than the longest so far. */
function descendTo(p: i32, most: i32): void {
  const depth = maxSteps - FAR + 1;
  while (searched <= p) {
    const wanted = insertInTree() === p;
    for (let level = 0; descend(); level++) {
      if (level === depth) {
        endDescent();
        incomplete = incomplete || wanted;
        break;
      }
      const more = compare();
      const n = min(matched, most);
      if (wanted && n > best && matchedDistance <= farthest) {
        best = n;
        addEntry(n, matchedDistance, 0);
      }
      if (!more) break;
    }
  }
}

function addEntry(length: i32, distance: i32, steps: i32): void {
  setEntry(min(entries, FRONT - 1), length, distance, steps);
  entries = min(entries + 1, FRONT);
}

function setEntry(k: i32, length: i32, distance: i32, steps: i32): void {
  const entry = front + <usize>k * ENTRY_BYTES;
  store<u16>(entry, <u16>length);
  store<u16>(entry, <u16>(distance - 1), 2);
  store<u16>(entry, <u16>steps, 4);
}
