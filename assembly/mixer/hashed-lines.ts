/**
 * Hashed contexts. A context has a table of lines of 64 bytes, one cache line each: a check word, then the slots of the
 * 15 nodes of a group of four bits. A value of 8 bits takes two lines of each context.
 *
 * A line may stand at two places, next to each other. Where neither holds it, the less used of the two is taken over:
 * its slots start anew. The second line's place differs from the first one's only within 4096 bytes, which spares the
 * address translation.
 *
 * Slot, u32: a probability of a 1 in the upper 22 bits, the number of times it was seen, up to 255, in the lower 10.
 * The check word likewise: 22 bits of the hash and the number of visits.
 */

import { reserveFloats } from '../memory';

export const CONTEXTS: i32 = 16;
/** Lines of a context, a power of two: 64 bytes each. */
const LINES: i32 = 1 << 15;
const TABLE_BYTES: usize = (<usize>LINES) << 6;
const PAGE: usize = 4096;
export const COUNT_BITS: i32 = 10;
export const COUNT_MASK: u32 = (1 << COUNT_BITS) - 1;
const NIBBLE_STEP: u32 = 0x9e3779b1;

let tables: usize = 0;
/**
 * Of each context: its hash for the value at hand, where its pair of lines stands and the one of them in use,
 * u32[CONTEXTS].
 */
const hashes: usize = memory.data(CONTEXTS * 4, 16);
const pairs: usize = memory.data(CONTEXTS * 4, 16);
const lines: usize = memory.data(CONTEXTS * 4, 16);
const touched: usize = memory.data(CONTEXTS * 4, 16);

export function reserveLines(): void {
  const address = reserveFloats(<i32>((<usize>CONTEXTS * TABLE_BYTES + PAGE) >> 2));
  tables = (address + PAGE - 1) & ~(PAGE - 1);
}

export function clearLines(): void {
  memory.fill(tables, 0, <usize>CONTEXTS * TABLE_BYTES);
}

/** Context i of the value at hand. */
export function setContext(i: i32, hash: u32): void {
  store<u32>(hashes + ((<usize>i) << 2), hash);
}

/** Turns to the lines of the first four bits. */
export function openFirstLines(): void {
  let table = tables;
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 4) {
    const hash = load<u32>(hashes + i);
    const pair = table + (((<usize>hash) << 7) & (TABLE_BYTES - 1));
    store<u32>(pairs + i, <u32>pair);
    // All lines are asked of memory before the first of them is looked at.
    store<u32>(touched + i, load<u32>(pair));
    table += TABLE_BYTES;
  }
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 4) {
    store<u32>(lines + i, <u32>findLine(<usize>load<u32>(pairs + i), load<u32>(hashes + i)));
  }
}

/** Turns to the lines of the next four bits, `nibble` being the four before them. */
export function openNextLines(nibble: i32): void {
  const move = (<usize>(nibble + 1)) << 7;
  const step = <u32>(nibble + 1) * NIBBLE_STEP;
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 4)
    store<u32>(touched + i, load<u32>((<usize>load<u32>(pairs + i)) ^ move));
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 4) {
    store<u32>(lines + i, <u32>findLine((<usize>load<u32>(pairs + i)) ^ move, load<u32>(hashes + i) + step));
  }
}

/** The slots of node 1..15 of the four bits, u32[CONTEXTS] to `slots`. */
export function readSlots(node: i32, slots: usize): void {
  const at = (<usize>node) << 2;
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    const a = load<u32>(<usize>load<u32>(lines + i) + at);
    const b = load<u32>(<usize>load<u32>(lines + i, 4) + at);
    const c = load<u32>(<usize>load<u32>(lines + i, 8) + at);
    const d = load<u32>(<usize>load<u32>(lines + i, 12) + at);
    store<u32>(slots + i, a);
    store<u32>(slots + i, b, 4);
    store<u32>(slots + i, c, 8);
    store<u32>(slots + i, d, 12);
  }
}

export function writeSlots(node: i32, slots: usize): void {
  const at = (<usize>node) << 2;
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    store<u32>(<usize>load<u32>(lines + i) + at, load<u32>(slots + i));
    store<u32>(<usize>load<u32>(lines + i, 4) + at, load<u32>(slots + i, 4));
    store<u32>(<usize>load<u32>(lines + i, 8) + at, load<u32>(slots + i, 8));
    store<u32>(<usize>load<u32>(lines + i, 12) + at, load<u32>(slots + i, 12));
  }
}

/** The line with this check out of a pair, if need be a fresh one. */
function findLine(pair: usize, hash: u32): usize {
  const check = hash & ~COUNT_MASK;
  const first = load<u32>(pair);
  const second = load<u32>(pair, 64);
  if ((first & ~COUNT_MASK) == check) return visit(pair, first);
  if ((second & ~COUNT_MASK) == check) return visit(pair + 64, second);
  const line = (first & COUNT_MASK) <= (second & COUNT_MASK) ? pair : pair + 64;
  const zero = i32x4.splat(0);
  v128.store(line, i32x4.replace_lane(zero, 0, check | 1));
  v128.store(line, zero, 16);
  v128.store(line, zero, 32);
  v128.store(line, zero, 48);
  return line;
}

function visit(line: usize, header: u32): usize {
  if ((header & COUNT_MASK) < COUNT_MASK) store<u32>(line, header + 1);
  return line;
}
