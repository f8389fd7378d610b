/** The contexts of the current decision: hashes of keys, and the slots that they select. */
import { oneMore, probabilityOf, stepsTowards } from '../kernels/adaptive-counts';
import { logRatio4 } from '../mixer/logistic';
import { EXTRA_INPUTS, Family, GROUP_BITS, MAX_CONTEXTS } from './family';

const COUNT_BITS: i32 = 10;
/**
 * Constants of kernels/adaptive-counts.ts (a probability counts steps of 2^-22), then the minimum rate; the count at
 * which an input has half its weight; the count above which the second input is used, and its factor.
 */
const NUMBERS: usize = memory.data<f32>(
  [0.5, 2.384185791015625e-7, 1, 1.5, 4194304, 4194303, 255, 0.00390625, 3, 60, 0.5],
  16,
);
const COUNT_MASK: usize = memory.data<u32>([(1 << COUNT_BITS) - 1], 16);

/** Addresses of the lines of the contexts, u32[MAX_CONTEXTS]. */
const lines: usize = memory.data(MAX_CONTEXTS * 4, 16);
/** Probabilities and numbers of uses of the slots, f32[MAX_CONTEXTS]. */
const probabilities: usize = memory.data(MAX_CONTEXTS * 4, 16);
const counts: usize = memory.data(MAX_CONTEXTS * 4, 16);
/** Inputs of the mixing: two vectors of f32[contexts], then the extra ones. */
export const inputs: usize = memory.data((2 * MAX_CONTEXTS + EXTRA_INPUTS) * 4, 16);

let groupShift: u32 = 0;
let minorBits: u32 = 0;
let minorMask: u32 = 0;
let lineBits: u32 = 0;
let tableBytes: usize = 0;
let nextTable: usize = 0;
let nextLine: usize = 0;

/** Begins the contexts of the family's next decisions, which follow by `context`, in order. */
export function openContexts(family: Family): void {
  groupShift = family.groupShift;
  minorBits = GROUP_BITS - family.lineBits;
  minorMask = (1 << minorBits) - 1;
  lineBits = family.lineBits;
  tableBytes = family.tableBytes;
  nextTable = family.tables;
  nextLine = lines;
}

/**
 * Sets the next context. Keys that differ in their lowest bits only share a group, one cache line, so the fields that
 * vary most from one coefficient to the next belong there.
 */
export function context(key: u32): void {
  const minor = key & minorMask;
  let h = ((key >> minorBits) + 0x9e3779b9) * 0x9e3779b1;
  h = (h ^ (h >> 15)) * 0x85ebca6b;
  const group = ((h ^ (h >> 13)) * 0xc2b2ae35) >> groupShift;
  const line = nextTable + ((<usize>group) << GROUP_BITS) + ((<usize>minor) << lineBits);
  store<u32>(nextLine, <u32>line);
  load<u32>(line); // prefetches the line
  nextLine += 4;
  nextTable += tableBytes;
}

/** Writes the inputs of the slots with number `node`: two per context. */
export function contextInputs(contextBytes: usize, node: u32): void {
  const one = f32x4.splat(1);
  const at = (<usize>node) << 2;
  for (let i: usize = 0; i < contextBytes; i += 16) {
    let slot = v128.load_zero<u32>(<usize>load<u32>(lines + i) + at);
    slot = v128.load_lane<u32>(<usize>load<u32>(lines + i, 4) + at, slot, 1);
    slot = v128.load_lane<u32>(<usize>load<u32>(lines + i, 8) + at, slot, 2);
    slot = v128.load_lane<u32>(<usize>load<u32>(lines + i, 12) + at, slot, 3);
    const n = f32x4.convert_i32x4_s(v128.and(slot, v128.load32_splat(COUNT_MASK)));
    const p = probabilityOf(i32x4.shr_u(slot, COUNT_BITS), NUMBERS);
    v128.store(probabilities + i, p);
    v128.store(counts + i, n);
    const logit = logRatio4(p, f32x4.sub(one, p));
    const confidence = f32x4.div(n, f32x4.add(n, v128.load32_splat(NUMBERS, 32)));
    v128.store(inputs + i, f32x4.mul(logit, confidence));
    const settled = f32x4.gt(n, v128.load32_splat(NUMBERS, 36));
    v128.store(inputs + contextBytes + i, v128.and(f32x4.mul(logit, v128.load32_splat(NUMBERS, 40)), settled));
  }
}

/** Moves the slots towards the bit, by less the more often they have been used. */
export function learnContexts(contextBytes: usize, node: u32, bit: f32): void {
  const target = f32x4.splat(bit);
  const slowest = v128.load32_splat(NUMBERS, 28);
  const at = (<usize>node) << 2;
  for (let i: usize = 0; i < contextBytes; i += 16) {
    const n = v128.load(counts + i);
    const steps = stepsTowards(target, v128.load(probabilities + i), n, slowest, NUMBERS);
    const slot = v128.or(i32x4.shl(steps, COUNT_BITS), oneMore(n, NUMBERS));
    v128.store_lane<u32>(<usize>load<u32>(lines + i) + at, slot, 0);
    v128.store_lane<u32>(<usize>load<u32>(lines + i, 4) + at, slot, 1);
    v128.store_lane<u32>(<usize>load<u32>(lines + i, 8) + at, slot, 2);
    v128.store_lane<u32>(<usize>load<u32>(lines + i, 12) + at, slot, 3);
  }
}
