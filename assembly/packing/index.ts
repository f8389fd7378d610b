/**
 * Describes deflate streams and PNG filters by what their encoders decided (docs/format/deflate.md). The host calls
 * `prepare`, writes the data at `rawAt()`, and a stream or description at `streamAt()` or `payloadAt()`.
 */
import * as decoder from '../coder/decoder';
import * as encoder from '../coder/encoder';
import { commitReservations, reserve, resetReservations } from '../palette/memory';
import * as facts from './block-facts';
import { codeBlocks, decodedBytes, setEncoder } from './blocks';
import { reserveCoding, startCoding } from './coding';
import { codeFilter, startFilters } from './filters';
import { reserveFronts } from './fronts';
import { reserveHeader } from './header';
import { reserveChains, setInsertion, setVision } from './chains';
import * as found from './scan';
import { streamEnd } from './passes';
import { reservePath } from './shortest-path';
import { readTokens, reserveReader } from './token-reader';
import * as insertion from './insertion';
import { reserveKnown } from './known';
import { setRules, setRuns } from './rules';
import * as vision from './vision';

let raw: usize = 0;
let stream: usize = 0;
let payload: usize = 0;
let buffer: usize = 0;
let rawLength: i32 = 0;
/** Maximum number of tokens of a block whose codes follow them. */
export const MAX_BUFFERED: i32 = 1 << 20;
/** Bytes after the data that are read, as zeros. */
const PADDING: usize = 16;

/**
 * Lays out memory.
 * @returns false if it cannot be allocated
 */
export function prepare(length: i32, streamBytes: i32, payloadBytes: i32): bool {
  rawLength = length;
  resetReservations();
  reserveCoding();
  reserveChains();
  reserveFronts();
  reservePath();
  reserveHeader();
  reserveReader();
  vision.reserveVision();
  insertion.reserveSources();
  facts.reserveFacts();
  reserveKnown();
  buffer = reserve((<usize>MAX_BUFFERED) << 2);
  raw = reserve(<usize>length + PADDING);
  stream = reserve(<usize>streamBytes);
  payload = reserve(<usize>payloadBytes);
  if (!commitReservations()) return false;
  memory.fill(raw + <usize>length, 0, PADDING);
  return true;
}

export function rawBytes(): i32 {
  return rawLength;
}

export function rawAt(): usize {
  return raw;
}

export function streamAt(): usize {
  return stream;
}

export function payloadAt(): usize {
  return payload;
}

/** Reads a deflate stream. Returns its length, or -1 if it does not make the data. */
export function scan(length: i32): i32 {
  return found.scan(stream, length, raw, rawLength) ? <i32>(streamEnd - stream) : -1;
}

/** Measures again what the encoder sees, as if it were no known one. */
export function scanUnknown(): void {
  found.scanUnknown();
}

/** Measures again what the encoder sees, as if it inserted all positions. */
export function scanAll(): void {
  found.scanAll();
}

/**
 * Finds the matches up to position `end` of the data that an encoder with the parameters that were set does not see.
 * Returns their number; `encode` needs them.
 */
export function findSurprises(end: i32): i32 {
  return found.findSurprises(end);
}

/** Assumes that there are no such matches. `encode` fails if there are. */
export function forgetSurprises(): void {
  vision.forgetSurprises();
}

/** What `scan` found. */
export function minLength(): i32 {
  return insertion.minLength;
}

export function maxDistance(): i32 {
  return insertion.maxDistance;
}

export function maxSteps(): i32 {
  return vision.maxSteps;
}

export function maxSteps3(): i32 {
  return vision.maxSteps3;
}

export function hashOf(): i32 {
  return vision.hash;
}

export function niceLength(): i32 {
  return vision.niceLength;
}

export function wholeLength(): i32 {
  return insertion.wholeLength;
}

export function headPositions(): i32 {
  return insertion.headPositions;
}

export function tailPositions(): i32 {
  return insertion.tailPositions;
}

/** Returns the bytes of a row if the only matches are runs of equal pixels. */
export function runBytes(): i32 {
  return found.runBytes;
}

export function rules(): i32 {
  return found.rules;
}

export function tokenCount(): i32 {
  return facts.tokenCount;
}

export function matchCount(): i32 {
  return insertion.sources;
}

/** Returns how many of these are the longest of their positions. */
export function agreeingMatches(): i32 {
  return vision.agreeing;
}

/** Returns a bit for each type of block: stored, fixed, dynamic. */
export function blockTypes(): i32 {
  return facts.types;
}

/** Returns the number of empty stored or fixed blocks before the last block: flush points of zlib. */
export function flushCount(): i32 {
  return facts.flushCount;
}

/** Returns the address of their positions in the data, u32[], with bit 31 set for fixed blocks. */
export function flushesAt(): usize {
  return facts.flushes;
}

export function maxTokens(): i32 {
  return facts.maxTokens;
}

export function blockCount(): i32 {
  return facts.blocks;
}

/** Returns the properties of the stream as bits: odd lengths, odd padding, separate runs, and the builder from bit 3. */
export function properties(): i32 {
  return (
    (<i32>facts.oddLengths) | ((<i32>facts.oddPadding) << 1) | ((<i32>facts.separateRuns) << 2) | (facts.builder << 3)
  );
}

/** Sets the properties of the encoder; bit 5 is for an optimal parser. */
export function setProperties(bits: i32): void {
  setEncoder((bits & 32) !== 0, (bits & 1) !== 0, (bits & 2) !== 0, (bits & 4) !== 0, (bits >> 3) & 3);
}

export { setInsertion, setRules, setRuns, setVision };

/** What `encode` returns if the description does not fit, or if the encoder meets a match that it cannot see. */
const FULL: i32 = -1;
const UNSEEN: i32 = -2;

/**
 * Describes the stream that was scanned, up to position `most` of its data. Returns the payload's length, FULL or
 * UNSEEN.
 */
export function encode(length: i32, room: i32, most: i32): i32 {
  startCoding(false);
  encoder.start(payload, room);
  if (!codeBlocks(raw, rawLength, stream, length, buffer, MAX_BUFFERED, most)) {
    return encoder.overflowed() ? FULL : UNSEEN;
  }
  const written = encoder.finish();
  return encoder.overflowed() ? FULL : written;
}

/** Rebuilds a stream of at most `room` bytes. Returns its length, or -1. */
export function decode(length: i32, room: i32): i32 {
  startCoding(true);
  decoder.start(payload, length);
  return codeBlocks(raw, rawLength, stream, room, buffer, MAX_BUFFERED, i32.MAX_VALUE) ? decodedBytes() : -1;
}

/**
 * Reads the tokens of the stream at `streamAt()` up to position `most` of its data. Returns their number, -1 if it is
 * damaged.
 */
export function tokensOf(length: i32, most: i32): i32 {
  return readTokens(stream, length, buffer, MAX_BUFFERED, most);
}

/** Returns the address of these tokens, u32[]: length and distance in 16 bits each. */
export function tokensAt(): usize {
  return buffer;
}

/**
 * Lays out memory for the filters of rows.
 * @param rowBytes of the longest row
 */
export function prepareFilters(rowBytes: i32, payloadBytes: i32): bool {
  resetReservations();
  reserveCoding();
  raw = reserve(<usize>rowBytes);
  stream = reserve(<usize>rowBytes);
  payload = reserve(<usize>payloadBytes);
  return commitReservations();
}

/** Begins to code the filters of rows; a description of `length` bytes when decoding, else at most so many. */
export function openFilters(decoding: bool, length: i32): void {
  startCoding(decoding);
  startFilters();
  if (decoding) decoder.start(payload, length);
  else encoder.start(payload, length);
}

/** Codes the filter of the row at `rawAt()`; the row above is at `streamAt()`. */
export function filterOfRow(filter: i32, bytes: i32, pixelBytes: i32, first: bool): i32 {
  return codeFilter(filter, raw, stream, bytes, pixelBytes, first);
}

/** Ends the filters. Returns the length of their description, or -1 if it does not fit. */
export function closeFilters(): i32 {
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}
