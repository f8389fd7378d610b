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
export const RING: i32 = 65536;
/** Maximum number of steps along a chain, which bounds the time of hostile data. */
export const MAX_STEPS: i32 = 4096;

/** An encoder that takes at least so many steps is searched for with trees, as many levels deep as steps are beyond. */
export const FAR: i32 = 1024;
/** Passed to `setVision` in order to count all steps. */
export const COUNT_STEPS: i32 = 65535;

export let raw: usize = 0;
export let rawLength: i32 = 0;
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
