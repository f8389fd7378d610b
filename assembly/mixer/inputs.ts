/**
 * The inputs of the mixing at a node, f32[INPUTS], all zero where an expert knows nothing beyond the model's own probability p:
 *
 *     general   [8]  ln(p / (1 - p)), 0.3, 6 free
 *     contexts  [CONTEXTS] logit less the model's, times confidence; [CONTEXTS] (probability - p), times confidence
 *     maps      [MAPS] logit less the model's; [MAPS] probability - p
 */
import { CONTEXTS, COUNT_BITS, COUNT_MASK } from './hashed-lines';
import { limit4, logRatio4 } from './logistic';
import { MAPS } from './predictions';
import { UNIT, massHigh, massLow, massMiddle } from './residual-maps';

const GENERAL: i32 = 8;
/** A map starts from this much mass spread as the model has it. */
const MODEL_MASS: f32 = <f32>UNIT * 0.1;
export const INPUTS: i32 = GENERAL + 2 * CONTEXTS + 2 * MAPS;
/** Constants of the loops, loaded there as in `logRatio4`. 2^22 is what a slot's probability counts by. */
const NUMBERS: usize = memory.data<f32>(
  [0.5, 2.384185791015625e-7, 1.5, 1, 4, 1.6, 4194304, 4194303, 255, 0.6, 3, 0.004],
  16,
);
const COUNT_MASK_AT: usize = memory.data<u32>([COUNT_MASK], 16);

export const inputs: usize = memory.data(INPUTS * 4, 16);
const CONTEXT_INPUTS: usize = inputs + GENERAL * 4;
const MAP_INPUTS: usize = CONTEXT_INPUTS + 8 * CONTEXTS;
/** The slots of the node, u32[CONTEXTS], and their probabilities and counts, f32[CONTEXTS]. */
export const slots: usize = memory.data(CONTEXTS * 4, 16);
const probabilities: usize = memory.data(CONTEXTS * 4, 16);
const counts: usize = memory.data(CONTEXTS * 4, 16);

/** Takes the model's probabilities of a 1 and of a 0 in; returns its logit. */
export function generalInputs(p1: f32, p0: f32): f32 {
  const logit = f32x4.extract_lane(limit4(logRatio4(f32x4.splat(p1), f32x4.splat(p0)), 12), 0);
  store<f32>(inputs, logit);
  store<f32>(inputs, 0.3, 4);
  return logit;
}

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

export function contextInputs(p1: f32, logit: f32): void {
  const p = f32x4.splat(p1);
  const x = f32x4.splat(logit);
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    const q = v128.load(probabilities + i);
    const n = v128.load(counts + i);
    const confidence = f32x4.div(n, f32x4.add(n, v128.load32_splat(NUMBERS, 8)));
    const more = f32x4.sub(logRatio4(q, f32x4.sub(v128.load32_splat(NUMBERS, 12), q)), x);
    v128.store(CONTEXT_INPUTS + i, f32x4.mul(more, confidence));
    const linear = f32x4.mul(f32x4.sub(q, p), v128.load32_splat(NUMBERS, 16));
    v128.store(CONTEXT_INPUTS + 4 * CONTEXTS + i, f32x4.mul(linear, confidence));
  }
}

/** Slots move towards the bit, the less the more often they were seen. */
export function learnSlots(bit: i32): void {
  const target = f32x4.splat(<f32>bit);
  const slowest = v128.load32_splat(NUMBERS, 44);
  for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 16) {
    const n = v128.load(counts + i);
    const q = v128.load(probabilities + i);
    const one = v128.load32_splat(NUMBERS, 12);
    const rate = f32x4.pmax(slowest, f32x4.div(one, f32x4.add(n, v128.load32_splat(NUMBERS, 20))));
    const moved = f32x4.add(q, f32x4.mul(f32x4.sub(target, q), rate));
    const steps = f32x4.pmin(f32x4.mul(moved, v128.load32_splat(NUMBERS, 24)), v128.load32_splat(NUMBERS, 28));
    const seen = f32x4.pmin(v128.load32_splat(NUMBERS, 32), f32x4.add(n, one));
    v128.store(
      slots + i,
      v128.or(i32x4.shl(i32x4.trunc_sat_f32x4_s(steps), COUNT_BITS), i32x4.trunc_sat_f32x4_s(seen)),
    );
  }
}

export function mapInputs(p1: f32, p0: f32, logit: f32): void {
  const share1 = f32x4.splat(MODEL_MASS * p1);
  const share0 = f32x4.splat(MODEL_MASS * p0);
  const p = f32x4.splat(p1);
  const x = f32x4.splat(logit);
  const bytes: usize = MAPS * 4;
  for (let j: usize = 0; j < bytes; j += 16) {
    const middle = v128.load(massMiddle + j);
    const zeros = f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(middle, v128.load(massLow + j))), share0);
    const ones = f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(v128.load(massHigh + j), middle)), share1);
    const more = f32x4.sub(logRatio4(ones, zeros), x);
    v128.store(MAP_INPUTS + j, f32x4.mul(more, v128.load32_splat(NUMBERS, 36)));
    const q = f32x4.div(ones, f32x4.add(ones, zeros));
    v128.store(MAP_INPUTS + bytes + j, f32x4.mul(f32x4.sub(q, p), v128.load32_splat(NUMBERS, 40)));
  }
}

/** How often the first context's slot was seen: the exact colour, in gray images W and N. */
export function firstCount(): i32 {
  return <i32>(load<u32>(slots) & COUNT_MASK);
}
