/**
 * Binary trees of the positions of the window with the same hash, in the order of the bytes that follow them, the latest
 * position at the root: a descent finds the nearest match of each length, and moves a new position to the root
 * (libdeflate, bt_matchfinder.h; LZMA's match finder). For encoders that see nearly everything.
 */
import { reserve } from '../palette/memory';
import { MAX_HASH_BITS } from './hashes';
import { MAX_DISTANCE } from './symbols';

/** Positions whose nodes are kept. */
const RING: i32 = 65536;

/** Latest position plus 1 of a hash, u32. */
let roots: usize = 0;
/** Of each position: the positions plus 1 of its smaller and its greater child, u32 each, 0 for none. */
let nodes: usize = 0;
/** How long the match is that the last step of a descent found, and at which distance. */
export let matched: i32 = 0;
export let matchedDistance: i32 = 0;
/** The state of a descent. */
let from: usize = 0;
let most: i32 = 0;
let nice: i32 = 0;
let position: i32 = 0;
let candidate: u32 = 0;
let smaller: usize = 0;
let greater: usize = 0;
let smallerLength: i32 = 0;
let greaterLength: i32 = 0;

export function reserveTree(): void {
  roots = reserve((<usize>4) << MAX_HASH_BITS);
  nodes = reserve((<usize>RING) << 3);
}

export function startTree(): void {
  memory.fill(roots, 0, (<usize>4) << MAX_HASH_BITS);
}

function nodeOf(p: i32): usize {
  return nodes + ((<usize>(p & (RING - 1))) << 3);
}

/**
 * Begins to insert position p.
 * @param raw the data
 * @param hash of p
 * @param length matches are no longer than this
 * @param enough a position with a match so long is replaced by p
 */
export function startDescent(raw: usize, p: i32, hash: u32, length: i32, enough: i32): void {
  const root = roots + ((<usize>hash) << 2);
  candidate = load<u32>(root);
  store<u32>(root, <u32>p + 1);
  from = raw;
  position = p;
  most = length;
  nice = min(length, enough);
  smaller = nodeOf(p);
  greater = smaller + 4;
  smallerLength = 0;
  greaterLength = 0;
}

/** Ends an insertion. */
export function endDescent(): void {
  store<u32>(smaller, 0);
  store<u32>(greater, 0);
}

/** Returns whether the descent reaches another position; if not, it has ended, and p is inserted. */
export function descend(): bool {
  const distance = position - <i32>candidate + 1;
  if (candidate === 0 || distance > MAX_DISTANCE) {
    endDescent();
    return false;
  }
  return true;
}

/** Compares the position that was reached, and goes on. Returns false if p has replaced it. */
export function compare(): bool {
  const q = <i32>candidate - 1;
  const here = from + <usize>position;
  const there = from + <usize>q;
  const node = nodeOf(q);
  let n = min(smallerLength, greaterLength);
  while (n + 8 <= most) {
    const difference = load<u64>(here + <usize>n) ^ load<u64>(there + <usize>n);
    if (difference !== 0) {
      n += <i32>(ctz<u64>(difference) >> 3);
      break;
    }
    n += 8;
  }
  while (n < most && load<u8>(here + <usize>n) === load<u8>(there + <usize>n)) n++;
  matched = n;
  matchedDistance = position - q;
  if (n >= nice) {
    store<u32>(smaller, load<u32>(node));
    store<u32>(greater, load<u32>(node, 4));
    return false;
  }
  if (load<u8>(there + <usize>n) < load<u8>(here + <usize>n)) {
    store<u32>(smaller, candidate);
    smaller = node + 4;
    candidate = load<u32>(smaller);
    smallerLength = n;
  } else {
    store<u32>(greater, candidate);
    greater = node;
    candidate = load<u32>(greater);
    greaterLength = n;
  }
  return true;
}
