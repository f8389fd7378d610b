/**
 * Which positions within matches an encoder inserts into its tables: those that no match refers to are not. The first
 * pass over the tokens of a stream.
 */
import { reserve } from '../palette/memory';
import { MAX_MATCH, MIN_MATCH } from './symbols';

/** Hypotheses of which positions in a match are inserted: 0 to 3 after its first one, and 0 to 2 at its end. */
const HEADS: i32 = 4;
const TAILS: i32 = 3;
const HYPOTHESES: i32 = HEADS * TAILS;
/** Lengths of matches are distinguished below this. */
const LENGTHS: i32 = MAX_MATCH + 1;
/** A hypothesis must exclude positions that otherwise had so many sources, and of these at most one in RARE occurs. */
const MIN_EXPECTED: f64 = 100;
/** Maximum length of matches whose positions are all inserted, if not all positions are. */
const MAX_WHOLE: i32 = 15;
const RARE: f64 = 100;
const RING: i32 = 65536;
/** Of each position: its offset in its match, and the match's length. u16 each. */
let offsets: usize = 0;
let lengths: usize = 0;
/** Matches by length, and sources that a hypothesis excludes by the length of their match: u32. */
const matches: usize = memory.data(LENGTHS * 4, 4);
const excluded: usize = memory.data(HYPOTHESES * LENGTHS * 4, 4);
export let sources: i32 = 0;
let positions: i32 = 0;
/** Results: also the smallest length and the largest distance. */
export let minLength: i32 = 0;
export let maxDistance: i32 = 0;
export let wholeLength: i32 = 0;
export let headPositions: i32 = 0;
export let tailPositions: i32 = 0;

export function reserveSources(): void {
  offsets = reserve((<usize>RING) << 1);
  lengths = reserve((<usize>RING) << 1);
}

export function at(array: usize, i: i32): usize {
  return array + ((<usize>i) << 2);
}

export function count(array: usize, i: i32): void {
  store<i32>(at(array, i), load<i32>(at(array, i)) + 1);
}

export function startSources(): void {
  memory.fill(matches, 0, LENGTHS * 4);
  memory.fill(excluded, 0, HYPOTHESES * LENGTHS * 4);
  sources = 0;
  positions = 0;
  minLength = MAX_MATCH;
  maxDistance = 1;
}

/** First pass: a token. */
export function seeSource(p: i32, length: i32, distance: i32): void {
  if (length > 1) {
    minLength = min(minLength, length);
    maxDistance = max(maxDistance, distance);
    const place = (<usize>((p - distance) & (RING - 1))) << 1;
    const offset = <i32>load<u16>(offsets + place);
    const whole = <i32>load<u16>(lengths + place);
    sources++;
    count(matches, length);
    if (offset > 0) {
      for (let h = 0; h < HYPOTHESES; h++) {
        if (offset > h / TAILS && whole - offset > h % TAILS) count(excluded, h * LENGTHS + whole);
      }
    }
  }
  positions += length;
  for (let k = 0; k < length; k++) {
    const place = (<usize>((p + k) & (RING - 1))) << 1;
    store<u16>(offsets + place, <u16>k);
    store<u16>(lengths + place, <u16>length);
  }
}

/** Ends the first pass: chooses the hypothesis that excludes the most. */
export function endSources(): void {
  if (sources === 0) minLength = MIN_MATCH;
  insertAll();
  // An encoder of runs needs no table.
  if (maxDistance <= MAX_MATCH) return;
  let most: f64 = 0;
  for (let h = 0; h < HYPOTHESES; h++) {
    const kept = 1 + h / TAILS + (h % TAILS);
    let expected: f64 = 0;
    let seen: f64 = 0;
    for (let whole = MAX_MATCH - 1; whole > 0; whole--) {
      const n = whole + 1;
      expected += (<f64>load<u32>(at(matches, n)) * <f64>max(0, n - kept) * <f64>sources) / <f64>positions;
      seen += <f64>load<u32>(at(excluded, h * LENGTHS + n));
      if (whole > MAX_WHOLE || seen * RARE > expected || expected < MIN_EXPECTED || expected <= most) continue;
      most = expected;
      wholeLength = whole;
      headPositions = h / TAILS;
      tailPositions = h % TAILS;
    }
  }
}

export function insertAll(): void {
  setInserted(MAX_MATCH, 0, 0);
}

export function setInserted(whole: i32, head: i32, tail: i32): void {
  wholeLength = whole;
  headPositions = head;
  tailPositions = tail;
}
