/**
 * Chains of earlier positions with the same hash of three and of four bytes, the latest first. (The main chains are of
 * three or four bytes, depending on the encoder.)
 */
import { reserve } from '../palette/memory';
import { MAX_HASH_BITS, hashOf, isOfThree } from './hashes';
import { halving, isSkipped, passToken, pixelBytes, startRules, wrapping } from './rules';
import { MAX_DISTANCE, MAX_MATCH, MIN_MATCH } from './symbols';
import { reserveTree, startDescent, startTree } from './tree';

/** The hash of three bytes is libdeflate's. */
const BITS_3: i32 = 15;
/** Positions whose predecessors are kept: the window, and as many more that may be inserted before they are searched. */
const RING: i32 = 65536;
/** Maximum number of steps along a chain, which bounds the time of hostile data. */
export const MAX_STEPS: i32 = 4096;

/** An encoder that takes at least so many steps is searched for with trees, as many levels deep as steps are beyond. */
export const FAR: i32 = 1024;
/** Passed to `setVision` in order to count all steps. */
export const COUNT_STEPS: i32 = 65535;

export let raw: usize = 0;
let rawLength: i32 = 0;
/** Latest position plus 1 of a hash, u32; distance from a position to its predecessor, u16, 0 for none. */
export let heads3: usize = 0;
export let mainHeads: usize = 0;
/** Entries of a bucket, u16. */
let mainCounts: usize = 0;
export let links3: usize = 0;
export let mainLinks: usize = 0;
/** Positions before these are in the chains of three bytes, and in the main ones. */
let inserted3: i32 = 0;
let inserted: i32 = 0;
/** Positions before this are in the tree. */
export let searched: i32 = 0;

/** What the encoder can find: the smallest length, the largest distance, the steps, a length that ends the search. */
export let minLength: i32 = MIN_MATCH;
export let maxDistance: i32 = MAX_DISTANCE;
export let maxSteps: i32 = MAX_STEPS;
export let maxSteps3: i32 = MAX_STEPS;
export let far: bool = false;
/** The hash of the main chains; the bytes that their matches have in common, as a mask. */
let mainHash: i32 = 0;
export let mainMask: u32 = 0;
export let mainBytes: i32 = 4;
export let niceLength: i32 = MAX_MATCH;
/** Whether only some positions within a match are inserted: in short matches all, in others some at both ends. */
export let sparse: bool = false;
let wholeLength: i32 = MAX_MATCH;
let headPositions: i32 = 0;
let tailPositions: i32 = 0;

export function reserveChains(): void {
  heads3 = reserve((<usize>4) << MAX_HASH_BITS);
  mainHeads = reserve((<usize>4) << MAX_HASH_BITS);
  mainCounts = reserve((<usize>2) << MAX_HASH_BITS);
  links3 = reserve((<usize>RING) << 1);
  mainLinks = reserve((<usize>RING) << 1);
  reserveTree();
}

/** Begins with no positions; those before `from` are never inserted. */
export function startChains(bytes: usize, length: i32, from: i32): void {
  raw = bytes;
  rawLength = length;
  inserted3 = from;
  inserted = from;
  startRules(length);
  memory.fill(heads3, 0, (<usize>4) << MAX_HASH_BITS);
  memory.fill(mainHeads, 0, (<usize>4) << MAX_HASH_BITS);
  if (halving) memory.fill(mainCounts, 0, (<usize>2) << MAX_HASH_BITS);
  far = !sparse && pixelBytes === 0 && maxSteps >= FAR && maxSteps !== COUNT_STEPS;
  searched = from;
  if (far) startTree();
}

/**
 * Sets what the encoder can find.
 * @param steps along chains of four bytes, and of three
 * @param hash of four bytes, 0 to HASHES - 1
 */
export function setVision(length: i32, distance: i32, steps: i32, steps3: i32, nice: i32, hash: i32): void {
  minLength = length;
  maxDistance = distance;
  maxSteps = steps;
  maxSteps3 = steps3;
  niceLength = nice;
  mainHash = hash;
  mainBytes = isOfThree(hash) ? 3 : 4;
  mainMask = isOfThree(hash) ? 0xffffff : 0xffffffff;
}

/** Sets which positions within a match are inserted; a `whole` of 258: all. */
export function setInsertion(whole: i32, atHead: i32, atTail: i32): void {
  sparse = whole < MAX_MATCH;
  wholeLength = whole;
  headPositions = atHead;
  tailPositions = atTail;
}

export function hash3(word: u32): usize {
  return (<usize>(((word & 0xffffff) * 0x1e35a7bd) >> (32 - BITS_3))) << 2;
}

export function mainHashOf(word: u32): usize {
  return (<usize>hashOf(mainHash, word)) << 2;
}

function insertInto(heads: usize, links: usize, p: i32): void {
  const distance = <u32>p + 1 - load<u32>(heads);
  const none = load<u32>(heads) === 0 || distance > <u32>MAX_DISTANCE;
  store<u16>(links + ((<usize>(p & (RING - 1))) << 1), none ? 0 : <u16>distance);
  store<u32>(heads, <u32>p + 1);
}

function insert3(p: i32): void {
  insertInto(heads3 + hash3(load<u32>(raw + <usize>p)), links3, p);
}

function insert(p: i32): void {
  const word = load<u32>(raw + <usize>p);
  const hash = mainHashOf(word);
  if (halving) {
    const count = mainCounts + (hash >> 1);
    const n = <i32>load<u16>(count);
    store<u16>(count, <u16>((n === maxSteps ? n >> 1 : n) + 1));
  }
  insertInto(mainHeads + hash, mainLinks, p);
}

/** Inserts the first position of a token, once it has been searched, if not all positions are inserted. */
export function insertFirst(p: i32): void {
  if (!sparse || p < inserted || p + MIN_MATCH > rawLength || isSkipped(p)) return;
  insert3(p);
  insert(p);
  inserted = p + 1;
}

/** Inserts the positions of a token that was coded, if not all positions are, and ends it. */
export function insertToken(p: i32, length: i32): void {
  if (sparse) {
    insertFirst(p);
    const end = min(length, rawLength - MIN_MATCH + 1 - p);
    for (let k = 1; k < end; k++) {
      if (length <= wholeLength || k <= headPositions || length - k <= tailPositions) {
        insert3(p + k);
        insert(p + k);
      }
    }
  }
  passToken(p + length, length);
}

/** Begins to insert the next position into the tree. */
export function insertInTree(): i32 {
  const p = searched++;
  const hash = hashOf(mainHash, load<u32>(raw + <usize>p));
  startDescent(raw, p, hash, min(rawLength - p, MAX_MATCH), niceLength);
  return p;
}

/** Returns how many positions of the main chain of p the encoder has. */
export function stepsOf(p: i32): i32 {
  if (wrapping) return 1;
  if (!halving) return maxSteps;
  return min(maxSteps, <i32>load<u16>(mainCounts + (mainHashOf(load<u32>(raw + <usize>p)) >> 1)));
}

/**
 * Inserts all positions up to and including p into the main chains, unless insertion is sparse. Only a search inserts,
 * because many encoders need one kind of chains.
 */
export function insertUpTo(p: i32): void {
  if (sparse) return;
  for (; inserted <= p; inserted++) insert(inserted);
}

/** The same for the chains of three bytes. */
export function insertUpTo3(p: i32): void {
  if (sparse) return;
  for (; inserted3 <= p; inserted3++) insert3(inserted3);
}

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
