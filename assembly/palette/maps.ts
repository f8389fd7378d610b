/**
 * Maps from a slot's state to what it turned out to mean: for each context a table of adaptive probabilities, indexed
 * by how often the slot was used and by its probability. An unused slot is informative too: the context is new.
 *
 * An entry is a u32: a probability of a 1 in the upper 22 bits, its number of uses in the lower 10.
 */
import { oneMore, probabilityOf, stepsTowards } from '../kernels/adaptive-counts';
import { logRatio4, squash4 } from '../mixer/logistic';
import { reserve } from './memory';
import { CONTEXTS, CONTEXT_BYTES, counts, probabilities } from './slots';

/** Entries of a context: 8 degrees of use times 32 logits, half a unit apart. */
const LEVELS: i32 = 32;
const DEGREES: i32 = 8;
const MAP_BYTES: usize = <usize>(LEVELS * DEGREES) * 4;
const SET_BYTES: usize = <usize>CONTEXTS * MAP_BYTES;
/** Number of sets of maps, one for each kind of decision. */
const MAP_SETS: i32 = 4;

const COUNT_BITS: i32 = 10;
const COUNT_MASK: u32 = (1 << COUNT_BITS) - 1;
/** Initial number of uses of an entry: the weight of its start value. */
const START_COUNT: u32 = 4;

/** The degree of use for 0 .. 62 uses. */
const DEGREE: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
]);
/** Constants of kernels/adaptive-counts.ts, and scale, middle and bounds of the levels. */
const NUMBERS: usize = memory.data<f32>([0.5, 2.384185791015625e-7, 1, 1.5, 4194304, 4194303, 1023, 2, 16, 0, 31], 16);
const COUNT_MASK_AT: usize = memory.data<u32>([COUNT_MASK], 16);

let maps: usize = 0;
const places: usize = memory.data(CONTEXTS * 4, 16);
const entries: usize = memory.data(CONTEXTS * 4, 16);
const levels: usize = memory.data(CONTEXTS * 4, 16);
const mapped: usize = memory.data(CONTEXTS * 4, 16);

export function reserveMaps(): void {
  maps = reserve(<usize>MAP_SETS * SET_BYTES);
}

/** Resets every entry to the probability of its logit. */
export function startMaps(): void {
  for (let level = 0; level < LEVELS; level++) {
    const logit = (<f32>level + 0.5 - <f32>(LEVELS >> 1)) * 0.5;
    const p = f32x4.extract_lane(squash4(f32x4.splat(logit)), 0);
    const entry = ((<u32>(p * 4194304)) << COUNT_BITS) | START_COUNT;
    for (let at = maps + ((<usize>level) << 2); at < maps + <usize>MAP_SETS * SET_BYTES; at += LEVELS << 2) {
      store<u32>(at, entry);
    }
  }
}

/**
 * Writes two inputs for each context: the logits of its map entry and of the slot itself.
 * @param inputs f32[2 * CONTEXTS]
 */
export function mapInputs(set: i32, inputs: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 16) {
    const p = v128.load(probabilities + i);
    const logit = logRatio4(p, f32x4.sub(one, p));
    v128.store(inputs + CONTEXT_BYTES + i, logit);
    const level = f32x4.add(f32x4.mul(logit, v128.load32_splat(NUMBERS, 28)), v128.load32_splat(NUMBERS, 32));
    const bounded = f32x4.pmax(v128.load32_splat(NUMBERS, 36), f32x4.pmin(v128.load32_splat(NUMBERS, 40), level));
    v128.store(levels + i, i32x4.trunc_sat_f32x4_s(bounded));
  }
  let map = maps + <usize>set * SET_BYTES;
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 4, map += MAP_BYTES) {
    const degree = <u32>load<u8>(DEGREE + <usize>load<f32>(counts + i));
    const place = map + ((<usize>((degree << 5) | load<u32>(levels + i))) << 2);
    store<u32>(places + i, <u32>place);
    store<u32>(entries + i, load<u32>(place));
  }
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 16) {
    const entry = v128.load(entries + i);
    const p = probabilityOf(i32x4.shr_u(entry, COUNT_BITS), NUMBERS);
    v128.store(mapped + i, p);
    v128.store(inputs + i, logRatio4(p, f32x4.sub(one, p)));
  }
}

export function learnMaps(bit: i32, slowest: f32): void {
  const target = f32x4.splat(<f32>bit);
  const least = f32x4.splat(slowest);
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 16) {
    const n = f32x4.convert_i32x4_s(v128.and(v128.load(entries + i), v128.load32_splat(COUNT_MASK_AT)));
    const steps = stepsTowards(target, v128.load(mapped + i), n, least, NUMBERS);
    v128.store(entries + i, v128.or(i32x4.shl(steps, COUNT_BITS), oneMore(n, NUMBERS)));
  }
  for (let i: usize = 0; i < CONTEXT_BYTES; i += 4) {
    store<u32>(<usize>load<u32>(places + i), load<u32>(entries + i));
  }
}
