/** Reads a whole deflate stream, checks it against the data, and measures how its encoder works. */
import * as facts from './block-facts';
import { FAR, startChains } from './chains';
import { HASHES } from './hashes';
import * as insertion from './insertion';
import * as known from './known';
import { CHECK, KNOWN, SIGHT, SURPRISES, firstInserted, limitPasses, openStream, readStream } from './passes';
import { setRules, setRuns } from './rules';
import { MAX_MATCH } from './symbols';
import * as vision from './vision';

/** What the encoder does not search (rules.ts). */
export let rules: i32 = 0;
/** Bytes of a row if its only matches are runs of equal pixels, else 0. */
export let runBytes: i32 = 0;

/** Bytes of the data on which hashes are tried; known encoders and rows of runs, at first and at most. */
const TRIAL_BYTES: i32 = 1 << 17;
const FIRST_KNOWN_BYTES: i32 = 1 << 12;
const KNOWN_BYTES: i32 = 1 << 18;
const FIRST_RUNS_BYTES: i32 = 1 << 15;
const RUNS_BYTES: i32 = 1 << 21;
/** Least number of matches of an encoder of runs, and the longest rows that are tried. */
const MIN_RUNS: i32 = 16;
const MAX_ROW: i32 = 1 << 22;

let raw: usize = 0;
let rawLength: i32 = 0;

/** Returns whether the stream at `stream` makes exactly the data, and measures its encoder. */
export function scan(stream: usize, length: i32, data: usize, dataLength: i32): bool {
  raw = data;
  rawLength = dataLength;
  openStream(stream, length, raw, rawLength);
  setRules(0);
  startChains(raw, rawLength, 0);
  facts.startFacts();
  insertion.startSources();
  if (!readStream(CHECK)) return false;
  insertion.endSources();
  facts.endFacts();
  rules = 0;
  runBytes = 0;
  setRuns(0, 1);
  if (isOfRuns()) return true;
  const encoder = knownEncoder();
  if (encoder >= 0) {
    rules = known.fieldOf(encoder, 5);
    insertion.setInserted(known.fieldOf(encoder, 2), known.fieldOf(encoder, 3), known.fieldOf(encoder, 4));
    vision.setSight(known.fieldOf(encoder, 0), known.fieldOf(encoder, 1));
    return true;
  }
  setRules(0);
  measureSight();
  return true;
}

/** Measures as if no known encoder agreed. */
export function scanUnknown(): void {
  insertion.endSources();
  rules = 0;
  setRules(0);
  measureSight();
}

/** Measures as if all positions were inserted. */
export function scanAll(): void {
  insertion.insertAll();
  rules = 0;
  setRules(0);
  measureSight();
}

/** Finds the matches that the encoder whose vision was set does not see, up to position `end` of the data. */
export function findSurprises(end: i32): i32 {
  vision.startSurprises(raw, rawLength);
  limitPasses(0, end);
  readStream(SURPRISES);
  limitPasses(0, i32.MAX_VALUE);
  return vision.surpriseCount;
}

/** Returns whether the only matches are runs of equal pixels in rows of some length, and finds it. */
function isOfRuns(): bool {
  const pixel = insertion.maxDistance;
  if (pixel < 3 || pixel > 8 || insertion.sources < MIN_RUNS) return false;
  for (let row = 1 + pixel; row <= min(MAX_ROW, rawLength) && runBytes === 0; row += pixel) {
    if (rawLength % row !== 0) continue;
    setRuns(pixel, row);
    let right = true;
    for (let most = FIRST_RUNS_BYTES; right && most <= RUNS_BYTES; most *= 8) {
      known.startRuns(raw, rawLength);
      limitPasses(0, most);
      readStream(KNOWN);
      right = known.areRuns();
    }
    if (right) runBytes = row;
  }
  limitPasses(0, i32.MAX_VALUE);
  if (runBytes === 0) setRuns(0, 1);
  else vision.setSight(0, 1);
  return runBytes > 0;
}

/** Returns the known encoder that agrees best with the start of the stream, -1 for none. */
function knownEncoder(): i32 {
  // An encoder of runs needs no table.
  if (insertion.maxDistance <= MAX_MATCH) return -1;
  let chosen = -1;
  let best = 0;
  for (let encoder = 0; encoder < known.KNOWN; encoder++) {
    let agreement = 0;
    for (let most = FIRST_KNOWN_BYTES; most <= KNOWN_BYTES; most *= 8) {
      known.startKnown(encoder, insertion.minLength, raw, rawLength);
      limitPasses(0, most);
      readStream(KNOWN);
      agreement = known.agreementWithKnown();
      if (known.isUnlike()) break;
    }
    if (agreement > best) chosen = encoder;
    best = max(best, agreement);
  }
  limitPasses(0, i32.MAX_VALUE);
  return chosen;
}

/** Makes the second pass: with the first hash, and with a better one if there is one. */
function measureSight(): void {
  seeAll(0);
  // Who sees everything agrees with every hash, and those of three bytes agree with chance matches.
  const hash = vision.maxSteps < FAR ? bestHash() : 0;
  if (hash !== 0) seeAll(hash);
  vision.setHash(hash);
}

function seeAll(hash: i32): void {
  vision.startSight(raw, rawLength, hash, 0, false);
  readStream(SIGHT);
  vision.endSight();
}

/** Returns the hash with which most matches of a part of the data are the longest within some number of steps. */
function bestHash(): i32 {
  let chosen = 0;
  let best = 0;
  const first = max(0, (rawLength >> 1) - (TRIAL_BYTES >> 1));
  limitPasses(first, first + TRIAL_BYTES);
  for (let hash = 0; hash < HASHES; hash++) {
    vision.startSight(raw, rawLength, hash, firstInserted(), true);
    readStream(SIGHT);
    const agreement = vision.agreementOf();
    // Another hash than the first one must be clearly better, because an encoder may have yet another one.
    if (hash === 0) best = agreement + (agreement >> 10);
    else if (agreement > best) chosen = hash;
    best = max(best, agreement);
  }
  limitPasses(0, i32.MAX_VALUE);
  return chosen;
}
