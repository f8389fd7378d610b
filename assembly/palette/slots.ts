/**
 * Hashed slots of the contexts: for each context, the probability that the decision is 1. One table serves all
 * contexts.
 *
 * A slot is a u32: a probability of a 1 in the upper 18 bits, its number of uses (up to 62) in 6 bits, a check of
 * the hash in the lowest 8. A hash has two possible places, next to each other; if neither holds it, the less used of
 * the two starts anew.
 */
import { oneMore, probabilityOf, stepsTowards } from '../kernels/adaptive-counts';
import { reserve, sizeBits } from './memory';

/** Number of contexts of a decision. */
export const CONTEXTS: i32 = 16;
export const CONTEXT_BYTES: usize = <usize>CONTEXTS * 4;
/** Slots per pixel, and bounds of the binary logarithm of their number. */
const SLOTS_PER_PIXEL: u32 = 64;
const MIN_BITS: i32 = 14;
const MAX_BITS: i32 = 23;
const PROBABILITY_SHIFT: i32 = 14;
const SEEN_SHIFT: i32 = 8;
const SEEN_MASK: u32 = 63;
const CHECK_MASK: u32 = 255;
const CHECK_SHIFT: u32 = 24;
const NODE_STEP: u32 = 53;
/** An unused slot: probability 1/2. */
const FRESH: u32 = 1 << 31;

let table: usize = 0;
let tableBits: i32 = 0;
let mask: u32 = 0;

/** The hashes of the current decision, u32[CONTEXTS]. */
export const hashes: usize = memory.data(CONTEXTS * 4, 16);
/** Addresses and contents of their slots, u32[CONTEXTS]. */
const places: usize = memory.data(CONTEXTS * 4, 16);
const slots: usize = memory.data(CONTEXTS * 4, 16);
/** Probabilities and numbers of uses, f32[CONTEXTS]. */
export const probabilities: usize = memory.data(CONTEXTS * 4, 16);
export const counts: usize = memory.data(CONTEXTS * 4, 16);

/** Constants of kernels/adaptive-counts.ts. */
const NUMBERS: usize = memory.data<f32>([0.5, 1.0 / 262144, 1, 1.3, 262144, 262143, 62], 16);
const MASKS: usize = memory.data<u32>([SEEN_MASK, CHECK_MASK], 16);

export function reserveSlots(pixels: i32): void {
  tableBits = sizeBits(<u32>pixels * SLOTS_PER_PIXEL, MIN_BITS, MAX_BITS);
  mask = (1 << tableBits) - 1;
  table = reserve((<usize>4) << tableBits);
}

export function clearSlots(): void {
  memory.fill(table, 0, (<usize>4) << tableBits);
}

/**
 * Finds and unpacks the slots of `hashes`.
 * @param node 0 to 15: decisions of the same hashes; their slots are in one cache line
 */
export function openSlots(node: u32): void {
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 4) {
    const place = find(load<u32>(hashes + i), node);
    store<u32>(places + i, <u32>place);
    store<u32>(slots + i, load<u32>(place));
  }
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 16) {
    const slot = v128.load(slots + i);
    const n = v128.and(i32x4.shr_u(slot, SEEN_SHIFT), v128.load32_splat(MASKS));
    v128.store(probabilities + i, probabilityOf(i32x4.shr_u(slot, PROBABILITY_SHIFT), NUMBERS));
    v128.store(counts + i, f32x4.convert_i32x4_s(n));
  }
}

/** Moves the slots towards the bit, by less the more often they have been used. */
export function learnSlots(bit: i32, slowest: f32): void {
  const target = f32x4.splat(<f32>bit);
  const minRate = f32x4.splat(slowest);
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 16) {
    const n = v128.load(counts + i);
    const steps = stepsTowards(target, v128.load(probabilities + i), n, minRate, NUMBERS);
    const check = v128.and(v128.load(slots + i), v128.load32_splat(MASKS, 4));
    v128.store(
      slots + i,
      v128.or(v128.or(i32x4.shl(steps, PROBABILITY_SHIFT), i32x4.shl(oneMore(n, NUMBERS), SEEN_SHIFT)), check),
    );
  }
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 4) {
    store<u32>(<usize>load<u32>(places + i), load<u32>(slots + i));
  }
}

/**
 * Returns the slot of a hash's node, replacing one if neither place has it. Two nodes of one hash differ in their
 * checks.
 */
function find(hash: u32, node: u32): usize {
  const check = ((hash >> CHECK_SHIFT) + node * NODE_STEP) & CHECK_MASK;
  const first = table + ((<usize>((hash ^ node) & mask)) << 2);
  const slot = load<u32>(first);
  if ((slot & CHECK_MASK) === check && slot !== 0) return first;
  const second = first ^ 4;
  const other = load<u32>(second);
  if ((other & CHECK_MASK) === check && other !== 0) return second;
  const place = ((slot >> SEEN_SHIFT) & SEEN_MASK) <= ((other >> SEEN_SHIFT) & SEEN_MASK) ? first : second;
  store<u32>(place, FRESH | check);
  return place;
}
