/**
 * The weights of the mixing (kernels/mixing.ts) of a decision: of each of four sets of weight vectors one is chosen by a
 * property of the decision.
 */
import { SETS, addInputs, addLogits, dotProducts, secondSum } from '../kernels/mixing';
import { limit4, squash4 } from '../mixer/logistic';
import { reserve } from './memory';
import { CONTEXTS } from './slots';

/** Inputs beyond two for each context. */
const EXTRA_INPUTS: i32 = 8;
const INPUTS: i32 = 2 * CONTEXTS + EXTRA_INPUTS;
/** Vectors of a set: 256 for hits, then as many for escapes. */
const SET_SIZE: i32 = 512;
export const ESCAPE_VECTORS: i32 = 256;
/** Vectors of the second layer, likewise. */
const SECOND_SIZE: i32 = 32;
export const ESCAPE_SECONDS: i32 = 16;
/** The first extra input. */
export const BIAS: f32 = 0.3;

/** Logits are kept within +-MOST. */
const MOST: f32 = 14;
const SECOND_RATE: f32 = 0.002;
/** Start weights of the inputs by way of the maps and of the others. */
const MAPPED_WEIGHT: f32 = 0.14;
const DIRECT_WEIGHT: f32 = 0.02;

const VECTOR: usize = <usize>INPUTS * 4;
const SET_BYTES: usize = <usize>SET_SIZE * VECTOR;

/** The inputs of the decision at hand, f32[INPUTS]: by way of the maps, direct, extra. */
export const inputs: usize = memory.data(INPUTS * 4, 16);
export const extraInputs: usize = inputs + <usize>CONTEXTS * 8;

let weights: usize = 0;
let seconds: usize = 0;
const chosen: usize = memory.data(SETS * 4, 16); // u32: addresses of the vectors in use
let chosenSecond: usize = 0;
/** The four logits, f32[SETS]. */
let logits: v128 = f32x4.splat(0);

export function reserveMixing(): void {
  weights = reserve(<usize>SETS * SET_BYTES);
  seconds = reserve((<usize>SECOND_SIZE) << 4);
}

export function startMixing(): void {
  for (let at: usize = 0; at < VECTOR; at += 4) {
    store<f32>(weights + at, at < <usize>CONTEXTS * 4 ? MAPPED_WEIGHT : at < <usize>CONTEXTS * 8 ? DIRECT_WEIGHT : 0);
  }
  const end = weights + <usize>SETS * SET_BYTES;
  for (let at = weights + VECTOR; at < end; at += 16) v128.store(at, v128.load(at - VECTOR));
  for (let i: usize = 0; i < <usize>SECOND_SIZE; i++) v128.store(seconds + (i << 4), f32x4.splat(1.0 / <f32>SETS));
}

/** Takes vector number `index` of set s. */
export function chooseWeights(s: i32, index: i32): void {
  store<u32>(chosen + ((<usize>s) << 2), <u32>(weights + <usize>s * SET_BYTES + <usize>index * VECTOR));
}

export function chooseSecond(index: i32): void {
  chosenSecond = seconds + ((<usize>index) << 4);
}

/** The mixed logit of `inputs`. */
export function mix(): f32 {
  logits = limit4(dotProducts(inputs, VECTOR, chosen), MOST);
  const z = secondSum(logits, chosenSecond);
  return max<f32>(-MOST, min<f32>(MOST, z));
}

/**
 * Each set's vector moves down the gradient of its own code length, the second layer down that of the mixed one.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(bit: i32, error: f32, rate: f32): void {
  const errors = f32x4.sub(f32x4.splat(<f32>bit), squash4(logits));
  addInputs(inputs, VECTOR, chosen, f32x4.mul(errors, f32x4.splat(rate)));
  addLogits(logits, chosenSecond, error * SECOND_RATE);
}
