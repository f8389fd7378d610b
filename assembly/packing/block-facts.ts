/** What the first reading of a stream finds about its blocks and their headers. */
import { reserve } from '../palette/memory';
import { unusualOperations } from './code-operations';
import { literalLengths } from './header';
import { BUILDERS, buildLengths } from './length-builders';
import { DISTANCE_SYMBOLS, DYNAMIC, END_OF_BLOCK, LITERAL_SYMBOLS, distanceSymbol, lengthSymbol } from './symbols';

export let oddLengths: bool = false;
export let oddPadding: bool = false;
export let separateRuns: bool = false;
export let builder: i32 = 0;
export let maxTokens: i32 = 0;
export let blocks: i32 = 0;
export let tokenCount: i32 = 0;
/** A bit for each type of block. */
export let types: i32 = 0;
/** Positions of empty blocks before the last block, u32, with bit 31 set for fixed ones; at most MAX_FLUSHES. */
export let flushes: usize = 0;
export let flushCount: i32 = 0;
const MAX_FLUSHES: i32 = 1 << 16;

/** Symbols of the block, and code lengths that a builder makes from them. */
const literals: usize = memory.data(LITERAL_SYMBOLS * 4, 4);
const distances: usize = memory.data(DISTANCE_SYMBOLS * 4, 4);
const built: usize = memory.data(LITERAL_SYMBOLS);
/** Code lengths that each builder misses. */
const misses: usize = memory.data(BUILDERS * 4, 4);
let unusualTogether: i32 = 0;
let unusualApart: i32 = 0;

export function reserveFacts(): void {
  flushes = reserve((<usize>MAX_FLUSHES) << 2);
}

export function startFacts(): void {
  oddLengths = false;
  oddPadding = false;
  maxTokens = 0;
  blocks = 0;
  tokenCount = 0;
  types = 0;
  flushCount = 0;
  unusualTogether = 0;
  unusualApart = 0;
  memory.fill(misses, 0, BUILDERS * 4);
}

/** Chooses what fits the headers best. */
export function endFacts(): void {
  separateRuns = unusualApart < unusualTogether;
  builder = 0;
  for (let b = 1; b < BUILDERS; b++) {
    if (load<u32>(misses + ((<usize>b) << 2)) < load<u32>(misses + ((<usize>builder) << 2))) builder = b;
  }
}

/** A block begins. */
export function seeBlock(type: i32): void {
  blocks++;
  types |= 1 << type;
  memory.fill(literals, 0, LITERAL_SYMBOLS * 4);
  memory.fill(distances, 0, DISTANCE_SYMBOLS * 4);
}

/** Padding that is not zero. */
export function seeOddPadding(): void {
  oddPadding = true;
}

/** An empty block at position p. */
export function seeFlush(p: i32, fixed: bool): void {
  if (flushCount < MAX_FLUSHES) store<u32>(flushes + ((<usize>flushCount) << 2), (<u32>p) | ((<u32>fixed) << 31));
  flushCount++;
}

function increment(array: usize, i: i32): void {
  const at = array + ((<usize>i) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

export function seeLiteral(byte: i32): void {
  increment(literals, byte);
}

/** A match; `odd`: its length of 258 has symbol 284. */
export function seeMatch(length: i32, distance: i32, odd: bool): void {
  increment(literals, odd ? 284 : lengthSymbol(length));
  increment(distances, distanceSymbol(distance));
  if (odd) oddLengths = true;
}

/** A compressed block ends: counts what differs between its header and the usual ones. */
export function seeEnd(tokens: i32, type: i32): void {
  tokenCount += tokens;
  maxTokens = max(maxTokens, tokens);
  if (type !== DYNAMIC) return;
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
