/**
 * Hashed contexts. A context has a table of lines of 64 bytes: a check word, then the slots of the 15 nodes of a group
 * of four bits. A value of 8 bits uses up to two lines of each context.
 *
 * A line has two possible places, which form a pair. If neither holds it, the less used of the two is replaced: its
 * slots start anew. The place of the second group's pair differs from that of the first only within 4096 bytes, which
 * spares the address translation. A pair is two cache lines, laid out such that the first is enough to find a line and
 * for three bits:
 *
 *     first   [check, slots 1 .. 7] of the first line, [check, slots 1 .. 7] of the second one
 *     second  [slots 8 .. 15] of the first line, [slots 8 .. 15] of the second one
 *
 * These cache lines are rarely cached, and waiting for them is the main cost of hashed contexts. They are prefetched by
 * loads whose results are unused, all at once and as soon as their addresses are known, so that memory fetches them in
 * parallel and during other work.
 *
 * Slot, u32: a probability of a 1 in the upper 22 bits, its number of uses, up to 255, in the lower 10. Check word: 22
 * bits of the hash and the number of visits.
 */

import { reserveFloats } from '../memory';
import { MAX_CONTEXTS, contexts } from './experts';

/** Lines of a context, a power of two; 64 bytes each. */
const LINES: i32 = 1 << 15;
const TABLE_BYTES: usize = (<usize>LINES) << 6;
const PAGE: usize = 4096;
/** Offset from the first line of a pair to the second one. */
const SECOND: usize = 32;
/** Offset from a line's half in the first cache line of the pair to its half in the second one. */
const UPPER: usize = 64;
export const COUNT_BITS: i32 = 10;
export const COUNT_MASK: u32 = (1 << COUNT_BITS) - 1;
const NIBBLE_STEP: u32 = 0x9e3779b1;

let tables: usize = 0;
/**
 * For each context: its hash for the current value, the address of its pair of lines, and that of the line in use,
 * u32[contexts].
 */
const hashes: usize = memory.data(MAX_CONTEXTS * 4, 16);
const pairs: usize = memory.data(MAX_CONTEXTS * 4, 16);
const lines: usize = memory.data(MAX_CONTEXTS * 4, 16);

export function reserveLines(): void {
  const address = reserveFloats(<i32>((<usize>contexts * TABLE_BYTES + PAGE) >> 2));
  tables = (address + PAGE - 1) & ~(PAGE - 1);
}

export function clearLines(): void {
  memory.fill(tables, 0, <usize>contexts * TABLE_BYTES);
}

/** Sets contexts i to i + 3 of the current value, i a multiple of 4. */
export function setFourContexts(i: i32, four: v128): void {
  const at = (<usize>i) << 2;
  const first = i32x4.splat(<i32>(tables + <usize>i * TABLE_BYTES));
  const table = i32x4.add(first, i32x4(0, <i32>TABLE_BYTES, 2 * <i32>TABLE_BYTES, 3 * <i32>TABLE_BYTES));
  v128.store(hashes + at, four);
  v128.store(pairs + at, i32x4.add(table, v128.and(i32x4.shl(four, 7), i32x4.splat(<i32>TABLE_BYTES - 1))));
}

/** Prefetches the lines of the first four bits, of all contexts in a row, so that none is waited for alone. */
export function prefetchFirstLines(): void {
  for (let i: usize = 0; i < <usize>contexts * 4; i += 4) prefetch(<usize>load<u32>(pairs + i));
}

/** Selects the lines of the first four bits. */
export function openFirstLines(): void {
  for (let i: usize = 0; i < <usize>contexts * 4; i += 4) {
    store<u32>(lines + i, <u32>findLine(<usize>load<u32>(pairs + i), load<u32>(hashes + i)));
  }
}

/** Selects the lines of the next four bits; `nibble` is the previous four. */
export function openNextLines(nibble: i32): void {
  const move = (<usize>(nibble + 1)) << 7;
  const step = <u32>(nibble + 1) * NIBBLE_STEP;
  for (let i: usize = 0; i < <usize>contexts * 4; i += 4) prefetch((<usize>load<u32>(pairs + i)) ^ move);
  for (let i: usize = 0; i < <usize>contexts * 4; i += 4) {
    store<u32>(lines + i, <u32>findLine((<usize>load<u32>(pairs + i)) ^ move, load<u32>(hashes + i) + step));
  }
}

/** Returns the slots of node 1..15 of the four bits for four contexts, the first being number i / 4. */
export function fourSlots(node: i32, i: usize): v128 {
  const at = slotOffset(node);
  // Lane by lane: a vector load after four scalar stores would stall.
  let four = v128.load_zero<u32>(<usize>load<u32>(lines + i) + at);
  four = v128.load_lane<u32>(<usize>load<u32>(lines + i, 4) + at, four, 1);
  four = v128.load_lane<u32>(<usize>load<u32>(lines + i, 8) + at, four, 2);
  return v128.load_lane<u32>(<usize>load<u32>(lines + i, 12) + at, four, 3);
}

export function writeSlots(node: i32, slots: usize): void {
  const at = slotOffset(node);
  for (let i: usize = 0; i < <usize>contexts * 4; i += 16) {
    store<u32>(<usize>load<u32>(lines + i) + at, load<u32>(slots + i));
    store<u32>(<usize>load<u32>(lines + i, 4) + at, load<u32>(slots + i, 4));
    store<u32>(<usize>load<u32>(lines + i, 8) + at, load<u32>(slots + i, 8));
    store<u32>(<usize>load<u32>(lines + i, 12) + at, load<u32>(slots + i, 12));
  }
}

/** Returns the offset of the slot of node 1..15 from the line's check word. */
function slotOffset(node: i32): usize {
  const at = (<usize>node) << 2;
  return node < 8 ? at : at + UPPER - 32;
}

function prefetch(pair: usize): void {
  load<u32>(pair);
  load<u32>(pair, UPPER);
}

/** Returns the line of a pair with this check word, replacing one if neither matches. */
function findLine(pair: usize, hash: u32): usize {
  const check = hash & ~COUNT_MASK;
  const first = load<u32>(pair);
  if ((first & ~COUNT_MASK) === check) return visit(pair, first);
  const second = load<u32>(pair, SECOND);
  if ((second & ~COUNT_MASK) === check) return visit(pair + SECOND, second);
  const line = (first & COUNT_MASK) <= (second & COUNT_MASK) ? pair : pair + SECOND;
  const zero = i32x4.splat(0);
  v128.store(line, i32x4.replace_lane(zero, 0, check | 1));
  v128.store(line, zero, 16);
  v128.store(line, zero, UPPER);
  v128.store(line, zero, UPPER + 16);
  return line;
}

function visit(line: usize, header: u32): usize {
  if ((header & COUNT_MASK) < COUNT_MASK) store<u32>(line, header + 1);
  return line;
}
