/**
 * The candidate colours of the current pixel: those of its neighbours, those of the matches, and those that followed
 * the same neighbourhood before. Each has a fixed lane as a source; the distinct ones are tried in an order of their
 * own.
 */
import { matched } from './matches';
import { N, NE, NN, NW, W, WW } from './pixels';
import { recent } from './recent';

/** Sources: 13 of 16 lanes. */
const FROM_W: i32 = 0;
const FROM_N: i32 = 1;
const FROM_NW: i32 = 2;
const FROM_NE: i32 = 3;
const FROM_MATCH: i32 = 4;
const FROM_SHORT_MATCH: i32 = 5;
const FROM_RECENT: i32 = 6;
const FROM_WIDE: i32 = 7;
const FROM_WW: i32 = 8;
const FROM_NN: i32 = 9;
const FROM_RECENT_2: i32 = 10;
const FROM_WIDE_2: i32 = 11;
const FROM_WIDEST: i32 = 12;
const LANES: i32 = 16;

/** Maximum candidates of a pixel: with more, escapes would be rarer but no cheaper. */
const MAX_CANDIDATES: i32 = 4;

/** Colour numbers plus one, 0 for none, u32[16]. */
const sources: usize = memory.data(LANES * 4, 16);
const list: usize = memory.data(MAX_CANDIDATES * 4, 16);
let listed: i32 = 0;

/** Collects the candidates. Returns their number. */
export function collectCandidates(): i32 {
  set(FROM_W, W + 1);
  set(FROM_N, N + 1);
  set(FROM_NW, NW + 1);
  set(FROM_NE, NE + 1);
  set(FROM_MATCH, matched(0));
  set(FROM_SHORT_MATCH, matched(1));
  set(FROM_RECENT, recent(0, 0));
  set(FROM_WIDE, recent(1, 0));
  set(FROM_WW, WW + 1);
  set(FROM_NN, NN + 1);
  set(FROM_RECENT_2, recent(0, 1));
  set(FROM_WIDE_2, recent(1, 1));
  set(FROM_WIDEST, recent(2, 0));
  listed = 0;
  add(FROM_W);
  add(FROM_N);
  add(FROM_NE);
  add(FROM_MATCH);
  add(FROM_RECENT);
  add(FROM_SHORT_MATCH);
  add(FROM_WIDE);
  add(FROM_NW);
  add(FROM_RECENT_2);
  add(FROM_WIDE_2);
  add(FROM_WW);
  add(FROM_NN);
  add(FROM_WIDEST);
  return listed;
}

/** Returns the colour number of candidate k. */
export function candidate(k: i32): u32 {
  return load<u32>(list + ((<usize>k) << 2)) - 1;
}

/** Returns which sources have this colour, a bit each. */
export function sourcesOf(number: u32): u32 {
  const wanted = i32x4.splat(number + 1);
  return (
    i32x4.bitmask(i32x4.eq(v128.load(sources), wanted)) |
    (i32x4.bitmask(i32x4.eq(v128.load(sources, 16), wanted)) << 4) |
    (i32x4.bitmask(i32x4.eq(v128.load(sources, 32), wanted)) << 8) |
    (i32x4.bitmask(i32x4.eq(v128.load(sources, 48), wanted)) << 12)
  );
}

function set(source: i32, entry: u32): void {
  store<u32>(sources + ((<usize>source) << 2), entry);
}

function add(source: i32): void {
  const entry = load<u32>(sources + ((<usize>source) << 2));
  if (entry === 0 || listed === MAX_CANDIDATES) return;
  for (let k = 0; k < listed; k++) if (load<u32>(list + ((<usize>k) << 2)) === entry) return;
  store<u32>(list + ((<usize>listed) << 2), entry);
  listed++;
}
