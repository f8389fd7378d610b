/** The slots of the hashed contexts at a node: what they say, and how they learn. */
import { CONTEXTS, COUNT_BITS, COUNT_MASK } from './hashed-lines';

/** Constants of the loops, loaded there as in `logRatio4`. 2^22 is what a slot's probability counts by. */
const NUMBERS: usize = memory.data<f32>([0.5, 2.384185791015625e-7, 1, 1.6, 4194304, 4194303, 255, 0.004], 16);
const COUNT_MASK_AT: usize = memory.data<u32>([COUNT_MASK], 16);

/** The slots of the node, u32[CONTEXTS], and their probabilities and counts, f32[CONTEXTS]. */
export const slots: usize = memory.data(CONTEXTS * 4, 16);
export const probabilities: usize = memory.data(CONTEXTS * 4, 16);
export const counts: usize = memory.data(CONTEXTS * 4, 16);

/** Takes the slots apart; one that was never seen is born at the model's probability of a 1. */
export function openSlots(p1: f32): void {
  const p = f32x4.splat(p1);
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    const slot = v128.load(slots + i);
    const n = f32x4.convert_i32x4_s(v128.and(slot, v128.load32_splat(COUNT_MASK_AT)));
    // Half a step is added so that the probability is never 0 or 1.
    const raw = f32x4.mul(
      f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(slot, COUNT_BITS)), v128.load32_splat(NUMBERS)),
      v128.load32_splat(NUMBERS, 4),
    );
    const q = v128.bitselect(p, raw, f32x4.eq(n, f32x4.splat(0)));
    v128.store(probabilities + i, q);
    v128.store(counts + i, n);
  }
}

/** Slots move towards the bit, the less the more often they were seen. */
export function learnSlots(bit: i32): void {
  const target = f32x4.splat(<f32>bit);
  const slowest = v128.load32_splat(NUMBERS, 28);
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    const n = v128.load(counts + i);
    const q = v128.load(probabilities + i);
    const one = v128.load32_splat(NUMBERS, 8);
    const rate = f32x4.pmax(slowest, f32x4.div(one, f32x4.add(n, v128.load32_splat(NUMBERS, 12))));
    const moved = f32x4.add(q, f32x4.mul(f32x4.sub(target, q), rate));
    const steps = f32x4.pmin(f32x4.mul(moved, v128.load32_splat(NUMBERS, 16)), v128.load32_splat(NUMBERS, 20));
    const seen = f32x4.pmin(v128.load32_splat(NUMBERS, 24), f32x4.add(n, one));
    v128.store(
      slots + i,
      v128.or(i32x4.shl(i32x4.trunc_sat_f32x4_s(steps), COUNT_BITS), i32x4.trunc_sat_f32x4_s(seen)),
    );
  }
}

/** How often the first context's slot was seen: the exact colour, in gray images W and N. */
export function firstCount(): i32 {
  return <i32>(load<u32>(slots) & COUNT_MASK);
}
