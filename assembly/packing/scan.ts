/** Reads a whole deflate stream, checks it against the data, and measures how its encoder works. */
import { reserve } from '../palette/memory';
import {
  bitsToBoundary,
  exhausted,
  readAddress,
  readBits,
  restoreReader,
  saveReader,
  startReading,
  wholeBytes,
} from './bit-reader';
import { unusualOperations } from './code-operations';
import { distanceLengths, literalLengths, readHeader, setFixedLengths } from './header';
import * as token from './token-reader';
import { BUILDERS, buildLengths } from './length-builders';
import { HASHES } from './hashes';
import { FAR, insertToken, isMatch, startChains } from './chains';
import {
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  LITERAL_SYMBOLS,
  MAX_DISTANCE,
  MAX_MATCH,
  distanceSymbol,
  lengthSymbol,
} from './symbols';
import { setRules, setRuns, startRun } from './rules';
import * as known from './known';
import * as insertion from './insertion';
import * as vision from './vision';

export const STORED: i32 = 0;
export const FIXED: i32 = 1;
export const DYNAMIC: i32 = 2;

/** What `scan` found. */
export let streamEnd: usize = 0;
export let oddLengths: bool = false;
export let oddPadding: bool = false;
export let separateRuns: bool = false;
export let builder: i32 = 0;
/** What the encoder does not search (rules.ts). */
export let rules: i32 = 0;
/** Bytes of a row if its only matches are runs of equal pixels, else 0. */
export let runBytes: i32 = 0;
export let maxTokens: i32 = 0;
export let blocks: i32 = 0;
export let tokenCount: i32 = 0;
/** A bit for each type of block. */
export let types: i32 = 0;
/** Positions of empty blocks before the last block, u32, with bit 31 set for fixed ones; at most MAX_FLUSHES. */
export let flushes: usize = 0;
export let flushCount: i32 = 0;
const MAX_FLUSHES: i32 = 1 << 16;

const literals: usize = memory.data(LITERAL_SYMBOLS * 4, 4);
const distances: usize = memory.data(DISTANCE_SYMBOLS * 4, 4);
const built: usize = memory.data(LITERAL_SYMBOLS);
const misses: usize = memory.data(BUILDERS * 4, 4);
let unusualTogether: i32 = 0;
let unusualApart: i32 = 0;

function increment(array: usize, i: i32): void {
  const at = array + ((<usize>i) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** The passes over the tokens: checks and the first pass of vision.ts, then its second pass. */
const CHECK: i32 = 0;
const SIGHT: i32 = 1;
const SURPRISES: i32 = 2;
const KNOWN: i32 = 3;
/** A pass ends after this position of the data. */
let most: i32 = i32.MAX_VALUE;
const TRIAL_BYTES: i32 = 1 << 17;
const FIRST_RUNS_BYTES: i32 = 1 << 15;
const FIRST_KNOWN_BYTES: i32 = 1 << 12;
const KNOWN_BYTES: i32 = 1 << 18;
/** Least number of matches of an encoder of runs, and the longest rows that are tried. */
const MIN_RUNS: i32 = 16;
const MAX_ROW: i32 = 1 << 22;
/** A pass measures from this position on. */
let first: i32 = 0;
/** Position of a block at or before what a pass needs, where the next passes of the same part begin; -1: not known. */
let resumed: i32 = -1;
let pass: i32 = 0;
let number: i32 = 0;

export function reserveScan(): void {
  flushes = reserve((<usize>MAX_FLUSHES) << 2);
}

function addFlush(p: i32, fixed: bool): void {
  if (pass !== CHECK) return;
  if (flushCount < MAX_FLUSHES) store<u32>(flushes + ((<usize>flushCount) << 2), (<u32>p) | ((<u32>fixed) << 31));
  flushCount++;
}

/** Returns whether the stream at `stream` makes exactly the data, and measures its encoder. */
export function scan(stream: usize, length: i32, raw: usize, rawLength: i32): bool {
  oddLengths = false;
  oddPadding = false;
  maxTokens = 0;
  flushCount = 0;
  unusualTogether = 0;
  unusualApart = 0;
  memory.fill(misses, 0, BUILDERS * 4);
  setRules(0);
  startChains(raw, rawLength, 0);
  insertion.startSources();
  if (!readStream(CHECK, stream, length, raw, rawLength)) return false;
  insertion.endSources();
  tokenCount = number;
  separateRuns = unusualApart < unusualTogether;
  builder = 0;
  for (let b = 1; b < BUILDERS; b++) {
    if (load<u32>(misses + ((<usize>b) << 2)) < load<u32>(misses + ((<usize>builder) << 2))) builder = b;
  }
  rules = 0;
  runBytes = 0;
  setRuns(0, 1);
  if (isOfRuns(stream, length, raw, rawLength)) return true;
  const encoder = knownEncoder(stream, length, raw, rawLength);
  if (encoder >= 0) {
    rules = known.fieldOf(encoder, 5);
    insertion.setInserted(known.fieldOf(encoder, 2), known.fieldOf(encoder, 3), known.fieldOf(encoder, 4));
    vision.setSight(known.fieldOf(encoder, 0), known.fieldOf(encoder, 1));
    return true;
  }
  setRules(0);
  measureSight(stream, length, raw, rawLength);
  return true;
}

/** Measures as if all positions were inserted. */
export function scanAll(stream: usize, length: i32, raw: usize, rawLength: i32): void {
  insertion.insertAll();
  rules = 0;
  setRules(0);
  measureSight(stream, length, raw, rawLength);
}

/** Finds the matches that the encoder whose vision was set does not see, up to position `end` of the data. */
export function findSurprises(stream: usize, length: i32, raw: usize, rawLength: i32, end: i32): i32 {
  vision.startSurprises(raw, rawLength);
  most = end;
  readStream(SURPRISES, stream, length, raw, rawLength);
  most = i32.MAX_VALUE;
  return vision.surpriseCount;
}

/** Returns whether the only matches are runs of equal pixels in rows of some length, and finds it. */
function isOfRuns(stream: usize, length: i32, raw: usize, rawLength: i32): bool {
  const pixel = insertion.maxDistance;
  if (pixel < 3 || pixel > 8 || insertion.sources < MIN_RUNS) return false;
  for (let row = 1 + pixel; row <= min(MAX_ROW, rawLength) && runBytes === 0; row += pixel) {
    if (rawLength % row !== 0) continue;
    setRuns(pixel, row);
    let right = true;
    for (most = FIRST_RUNS_BYTES; right && most <= 64 * FIRST_RUNS_BYTES; most *= 8) {
      known.startRuns(raw, rawLength);
      readStream(KNOWN, stream, length, raw, rawLength);
      right = known.areRuns();
    }
    if (right) runBytes = row;
  }
  most = i32.MAX_VALUE;
  if (runBytes === 0) setRuns(0, 1);
  else vision.setSight(0, 1);
  return runBytes > 0;
}

/** Returns the known encoder that agrees best with the start of the stream, -1 for none. */
function knownEncoder(stream: usize, length: i32, raw: usize, rawLength: i32): i32 {
  // An encoder of runs needs no table.
  if (insertion.maxDistance <= MAX_MATCH) return -1;
  let chosen = -1;
  let best = 0;
  for (let encoder = 0; encoder < known.KNOWN; encoder++) {
    let agreement = 0;
    for (most = FIRST_KNOWN_BYTES; most <= KNOWN_BYTES; most *= 8) {
      known.startKnown(encoder, insertion.minLength, raw, rawLength);
      readStream(KNOWN, stream, length, raw, rawLength);
      agreement = known.agreementWithKnown();
      if (known.isUnlike()) break;
    }
    if (agreement > best) chosen = encoder;
    best = max(best, agreement);
  }
  most = i32.MAX_VALUE;
  return chosen;
}

/** Makes the second pass: with the first hash, and with a better one if there is one. */
function measureSight(stream: usize, length: i32, raw: usize, rawLength: i32): void {
  seeAll(0, stream, length, raw, rawLength);
  // Who sees everything agrees with every hash, and those of three bytes agree with chance matches.
  const hash = vision.maxSteps < FAR ? bestHash(stream, length, raw, rawLength) : 0;
  if (hash !== 0) seeAll(hash, stream, length, raw, rawLength);
  vision.setHash(hash);
}

function seeAll(hash: i32, stream: usize, length: i32, raw: usize, rawLength: i32): void {
  vision.startSight(raw, rawLength, hash, 0, false);
  readStream(SIGHT, stream, length, raw, rawLength);
  vision.endSight();
}

/** Returns the hash with which most matches of a part of the data are the longest within some number of steps. */
function bestHash(stream: usize, length: i32, raw: usize, rawLength: i32): i32 {
  let chosen = 0;
  let best = 0;
  first = max(0, (rawLength >> 1) - (TRIAL_BYTES >> 1));
  most = first + TRIAL_BYTES;
  resumed = -1;
  for (let hash = 0; hash < HASHES; hash++) {
    vision.startSight(raw, rawLength, hash, max(0, first - MAX_DISTANCE), true);
    readStream(SIGHT, stream, length, raw, rawLength);
    const agreement = vision.agreementOf();
    // Another hash than the first one must be clearly better, because an encoder may have yet another one.
    if (hash === 0) best = agreement + (agreement >> 10);
    else if (agreement > best) chosen = hash;
    best = max(best, agreement);
  }
  first = 0;
  most = i32.MAX_VALUE;
  return chosen;
}

/** Reads the stream, with one of the passes over its tokens. */
function readStream(which: i32, stream: usize, length: i32, raw: usize, rawLength: i32): bool {
  pass = which;
  number = 0;
  if (which === CHECK) {
    blocks = 0;
    types = 0;
  }
  startReading(stream, length);
  let p = 0;
  const resuming = first > 0 && resumed >= 0;
  if (resuming) {
    restoreReader();
    p = resumed;
  }
  for (let final = false; !final;) {
    if (first > 0 && !resuming && p <= first - MAX_DISTANCE) {
      saveReader();
      resumed = p;
    }
    startRun(p, wholeBytes());
    final = readBits(1) !== 0;
    const type = <i32>readBits(2);
    if (type > DYNAMIC || exhausted()) return false;
    if (which === CHECK) {
      blocks++;
      types |= 1 << type;
    }
    if (type === STORED) {
      if (readBits(bitsToBoundary()) !== 0) oddPadding = true;
      const n = <i32>readBits(16);
      if (<i32>readBits(16) !== (n ^ 0xffff) || n > rawLength - p) return false;
      for (const to = p + n; p < to; p++) if (<u8>readBits(8) !== load<u8>(raw + <usize>p)) return false;
      if (exhausted()) return false;
      if (n === 0 && !final) addFlush(p, false);
      continue;
    }
    if (type === FIXED) setFixedLengths(literalLengths, distanceLengths);
    else if (!readHeader()) return false;
    const start = p;
    p = scanTokens(p, raw, rawLength, type === DYNAMIC);
    if (p < 0) return false;
    if (p === start && type === FIXED && !final) addFlush(p, true);
  }
  if (readBits(bitsToBoundary()) !== 0) oddPadding = true;
  streamEnd = readAddress();
  return p === rawLength && !exhausted();
}

/** Reads the tokens of a block at position p. Returns the position after it, or -1. */
function scanTokens(p: i32, raw: usize, rawLength: i32, dynamic: bool): i32 {
  if (!token.openTokens(literalLengths, distanceLengths)) return -1;
  memory.fill(literals, 0, LITERAL_SYMBOLS * 4);
  memory.fill(distances, 0, DISTANCE_SYMBOLS * 4);
  let tokens = 0;
  for (; ; tokens++) {
    if (p > most || !token.readToken()) return -1;
    const length = token.length;
    const distance = token.distance;
    if (length === 0) break;
    if (pass === CHECK) {
      if (length === 1) {
        if (p === rawLength || <u8>token.literal !== load<u8>(raw + <usize>p)) return -1;
        increment(literals, token.literal);
      } else {
        if (!isMatch(p, length, distance)) return -1;
        increment(literals, token.odd ? 284 : lengthSymbol(length));
        increment(distances, distanceSymbol(distance));
        if (token.odd) oddLengths = true;
      }
      insertion.seeSource(p, length, distance);
    } else if (pass === SIGHT) {
      if (p >= first) vision.seeSteps(p, length, distance, min(rawLength, p + MAX_MATCH));
      else if (p >= first - MAX_DISTANCE) insertToken(p, length);
    } else if (pass === KNOWN) {
      known.seeKnown(p, length, distance, min(rawLength, p + MAX_MATCH));
    } else {
      vision.seeSurprise(p, length, number, min(rawLength, p + MAX_MATCH));
    }
    number++;
    p += length;
  }
  if (pass === CHECK) {
    maxTokens = max(maxTokens, tokens);
    if (dynamic) compareHeader();
  }
  return p;
}

/** Counts what differs between the header and the usual ones. */
function compareHeader(): void {
  unusualTogether += unusualOperations(false);
  unusualApart += unusualOperations(true);
  increment(literals, END_OF_BLOCK);
  for (let b = 0; b < BUILDERS; b++) {
    const at = misses + ((<usize>b) << 2);
    buildLengths(b, literals, 286, 15, built);
    let missed = load<u32>(at);
    for (let s: usize = 0; s < 286; s++) missed += <u32>(load<u8>(built + s) !== load<u8>(literalLengths + s));
    store<u32>(at, missed);
  }
}
