/** Passes over the tokens of a stream: the first one checks it against the data, others measure its encoder. */
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
import * as facts from './block-facts';
import { isMatch } from './chain-walks';
import { insertToken } from './chains';
import { distanceLengths, literalLengths, readHeader, setFixedLengths } from './header';
import { seeSource } from './insertion';
import { seeKnown } from './known';
import { startRun } from './rules';
import { DYNAMIC, FIXED, MAX_DISTANCE, MAX_MATCH, STORED } from './symbols';
import * as token from './token-reader';
import { seeSteps, seeSurprise } from './vision';

/** The passes: checks, block-facts.ts and insertion.ts; vision.ts, twice; known.ts. */
export const CHECK: i32 = 0;
export const SIGHT: i32 = 1;
export const SURPRISES: i32 = 2;
export const KNOWN: i32 = 3;

/** The end of the stream that was checked. */
export let streamEnd: usize = 0;

let stream: usize = 0;
let length: i32 = 0;
let raw: usize = 0;
let rawLength: i32 = 0;
let pass: i32 = 0;
let number: i32 = 0;
/** A pass measures from this position of the data on, and ends after that one. */
let first: i32 = 0;
let most: i32 = i32.MAX_VALUE;
/** Position of a block at or before what a pass needs, where the next passes of the same part begin; -1: not known. */
let resumed: i32 = -1;

/** Sets the stream and its data. */
export function openStream(address: usize, bytes: i32, data: usize, dataLength: i32): void {
  stream = address;
  length = bytes;
  raw = data;
  rawLength = dataLength;
  limitPasses(0, i32.MAX_VALUE);
}

/** Limits the next passes to a part of the data. */
export function limitPasses(from: i32, to: i32): void {
  first = from;
  most = to;
  resumed = -1;
}

/** Returns the position from which a limited pass inserts. */
export function firstInserted(): i32 {
  return max(0, first - MAX_DISTANCE);
}

/** Makes a pass. Returns whether the stream is one of exactly the data; the passes after the first need not know. */
export function readStream(which: i32): bool {
  pass = which;
  number = 0;
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
    if (which === CHECK) facts.seeBlock(type);
    if (type === STORED) {
      if (readBits(bitsToBoundary()) !== 0) facts.seeOddPadding();
      const n = <i32>readBits(16);
      if (<i32>readBits(16) !== (n ^ 0xffff) || n > rawLength - p) return false;
      for (const to = p + n; p < to; p++) if (<u8>readBits(8) !== load<u8>(raw + <usize>p)) return false;
      if (exhausted()) return false;
      if (which === CHECK && n === 0 && !final) facts.seeFlush(p, false);
      continue;
    }
    if (type === FIXED) setFixedLengths(literalLengths, distanceLengths);
    else if (!readHeader()) return false;
    const start = p;
    p = readBlock(p);
    if (p < 0) return false;
    if (which !== CHECK) continue;
    facts.seeEnd(tokens, type);
    if (p === start && type === FIXED && !final) facts.seeFlush(p, true);
  }
  if (readBits(bitsToBoundary()) !== 0) facts.seeOddPadding();
  streamEnd = readAddress();
  return p === rawLength && !exhausted();
}

/** Tokens of the block that was read. */
let tokens: i32 = 0;

/** Reads the tokens of a block at position p. Returns the position after it, or -1. */
function readBlock(p: i32): i32 {
  if (!token.openTokens(literalLengths, distanceLengths)) return -1;
  for (tokens = 0; ; tokens++) {
    if (p > most || !token.readToken()) return -1;
    if (token.length === 0) break;
    if (!seeToken(p, token.length, token.distance)) return -1;
    number++;
    p += token.length;
  }
  return p;
}

/** Passes a token on. Returns false if it does not make the data. */
function seeToken(p: i32, bytes: i32, distance: i32): bool {
  const limit = min(rawLength, p + MAX_MATCH);
  if (pass === SIGHT) {
    if (p >= first) seeSteps(p, bytes, distance, limit);
    else if (p >= first - MAX_DISTANCE) insertToken(p, bytes);
  } else if (pass === KNOWN) {
    seeKnown(p, bytes, distance, limit);
  } else if (pass === SURPRISES) {
    seeSurprise(p, bytes, number, limit);
  } else {
    if (bytes === 1) {
      if (p === rawLength || <u8>token.literal !== load<u8>(raw + <usize>p)) return false;
      facts.seeLiteral(token.literal);
    } else {
      if (!isMatch(p, bytes, distance)) return false;
      facts.seeMatch(bytes, distance, token.odd);
    }
    seeSource(p, bytes, distance);
  }
  return true;
}
