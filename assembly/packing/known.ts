/**
 * Known encoders with small tables, and which of them agrees with a stream. The state of its tables decides which
 * matches an encoder sees, so each is simulated on the start of the data: what it inserts, evicts and skips.
 */
import { CRC_LARGE, CRC_SMALL, GO_FAST, MAD, MINIZ_FAST, STB } from './hashes';
import { insertToken, setInsertion, setVision, startChains } from './chains';
import { ENTRY_BYTES, FRONT_BYTES, findFront } from './matches';
import { setRules } from './rules';
import { MAX_DISTANCE, MAX_MATCH } from './symbols';
import { reserve } from '../palette/memory';

/** Hash, steps; positions that are inserted: whole length, at the head, at the tail; rules (rules.ts). */
const FIELDS: i32 = 6;
// prettier-ignore
const ENCODERS: usize = memory.data<i32>([
  // stb_image_write: buckets of twice the quality, which is 8 unless it is set.
  STB, 16, 2, 0, 0, 1,
  STB, 10, 2, 0, 0, 1,
  STB, 20, 2, 0, 0, 1,
  STB, 32, 2, 0, 0, 1,
  STB, 64, 2, 0, 0, 1,
  STB, 128, 2, 0, 0, 1,
  // tdefl_compress_fast, level 1 of miniz and miniz_oxide; by flate2 (the png crate, Chromium), whose output fills up.
  MINIZ_FAST, 1, 2, 0, 0, 34,
  MINIZ_FAST, 1, 2, 0, 0, 98,
  // Go at BestSpeed (deflatefast.go).
  GO_FAST, 1, 3, 0, 1, 20,
  // ISA-L, levels 0 and 1, 2, and 3 (igzip).
  CRC_SMALL, 1, 4, 3, 0, 2,
  CRC_LARGE, 1, 4, 3, 0, 2,
  MAD, 1, MAX_MATCH, 0, 0, 2,
]);
export const KNOWN: i32 = 12;
/** Matches, of a hundred, that must agree with an encoder, if there are few and if there are many; how many tell at all. */
const AGREEING_FEW: i32 = 97;
const AGREEING: i32 = 85;
const MANY_MATCHES: i32 = 2000;
const MIN_MATCHES: i32 = 24;

let front: usize = 0;
let matches: i32 = 0;
let agreed: i32 = 0;
let visible: i32 = 0;

export function reserveKnown(): void {
  front = reserve(FRONT_BYTES);
}

export function fieldOf(encoder: i32, field: i32): i32 {
  return load<i32>(ENCODERS + ((<usize>(encoder * FIELDS + field)) << 2));
}

/** Begins a trial of an encoder that uses matches of at least `minLength`. */
export function startKnown(encoder: i32, minLength: i32, raw: usize, rawLength: i32): void {
  setRules(fieldOf(encoder, 5));
  setInsertion(fieldOf(encoder, 2), fieldOf(encoder, 3), fieldOf(encoder, 4));
  setVision(minLength, MAX_DISTANCE, fieldOf(encoder, 1), 0, MAX_MATCH, fieldOf(encoder, 0));
  startTrial(raw, rawLength);
}

/** Begins a trial of runs of equal pixels. */
export function startRuns(raw: usize, rawLength: i32): void {
  setRules(0);
  setInsertion(MAX_MATCH, 0, 0);
  startTrial(raw, rawLength);
}

function startTrial(raw: usize, rawLength: i32): void {
  startChains(raw, rawLength, 0);
  matches = 0;
  agreed = 0;
  visible = 0;
}

/** Returns whether nearly all matches are these runs, and nearly all runs are matches. */
export function areRuns(): bool {
  return agreed * 50 > matches * 49 && visible * 50 <= matches + 50;
}

/** Sees a token. Matches end at `limit`. */
export function seeKnown(p: i32, length: i32, distance: i32, limit: i32): void {
  const n = findFront(p, limit, front);
  if (length > 1) {
    const entry = front + <usize>(n - 1) * ENTRY_BYTES;
    matches++;
    if (n > 0 && <i32>load<u16>(entry) === length && <i32>load<u16>(entry, 2) + 1 === distance) agreed++;
  } else if (n > 0) {
    visible++;
  }
  insertToken(p, length);
}

/** Returns whether so few matches agree that more of the data will not change that. */
export function isUnlike(): bool {
  return matches >= MIN_MATCHES && agreed * 100 < matches * (AGREEING - 15);
}

/** Returns how well the encoder agrees, 0 if it does not. */
export function agreementWithKnown(): i32 {
  const needed = matches < MANY_MATCHES ? AGREEING_FEW : AGREEING;
  return matches >= MIN_MATCHES && agreed * 100 > matches * needed ? agreed * 256 - visible : 0;
}
