/** The slots of the hashed contexts at a node: their probabilities, and how they learn. */
import { oneMore, probabilityOf, stepsTowards } from '../kernels/adaptive-counts';
import { MAX_CONTEXTS, contexts } from './experts';
import { COUNT_BITS, COUNT_MASK, fourSlots } from './hashed-lines';

/** Constants of kernels/adaptive-counts.ts, and the minimum rate. A slot's probability counts steps of 2^-22. */
const NUMBERS: usize = memory.data<f32>([0.5, 2.384185791015625e-7, 1, 1.6, 4194304, 4194303, 255, 0.004], 16);
const COUNT_MASK_AT: usize = memory.data<u32>([COUNT_MASK], 16);

/** The node's slots after learning, u32[contexts], and their probabilities and counts before, f32[contexts]. */
export const slots: usize = memory.data(MAX_CONTEXTS * 4, 16);
export const probabilities: usize = memory.data(MAX_CONTEXTS * 4, 16);
export const counts: usize = memory.data(MAX_CONTEXTS * 4, 16);

/** Unpacks the slots of node 1..15 of its line. An unused slot starts at the model's probability of a 1. */
export function openSlots(node: i32, p1: f32): void {
  const p = f32x4.splat(p1);
  for (let i: usize = 0; i < <usize>contexts * 4; i += 16) {
    const slot = fourSlots(node, i);
    const n = f32x4.convert_i32x4_s(v128.and(slot, v128.load32_splat(COUNT_MASK_AT)));
    const raw = probabilityOf(i32x4.shr_u(slot, COUNT_BITS), NUMBERS);
    const q = v128.bitselect(p, raw, f32x4.eq(n, f32x4.splat(0)));
    v128.store(probabilities + i, q);
    v128.store(counts + i, n);
  }
}

/** Moves the slots towards the bit, by less the more often they have been used. */
export function learnSlots(bit: i32): void {
  const target = f32x4.splat(<f32>bit);
  const slowest = v128.load32_splat(NUMBERS, 28);
  for (let i: usize = 0; i < <usize>contexts * 4; i += 16) {
    const n = v128.load(counts + i);
    const steps = stepsTowards(target, v128.load(probabilities + i), n, slowest, NUMBERS);
    v128.store(slots + i, v128.or(i32x4.shl(steps, COUNT_BITS), oneMore(n, NUMBERS)));
  }
}

/** Returns how often the slot of the first context was used: the exact colour, in gray images W and N. */
export function firstCount(): i32 {
  return <i32>load<f32>(counts);
}
