/**
 * The weights of the mixing (mixer/layers.ts) of a decision: four sets of weight vectors, one vector of each selected
 * by a property of the decision.
 */
import { SETS } from '../kernels/mixing';
import { chooseSecondVector, chooseVector, learnInputs, mixInputs } from '../mixer/layers';
import { reserve } from './memory';
import { CONTEXTS } from './slots';

/** Inputs in addition to two per context. */
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

/** Logits are clamped to +-MAX_LOGIT. */
const MAX_LOGIT: f32 = 14;
/** Start weights of the map inputs and of the others. */
const MAPPED_WEIGHT: f32 = 0.14;
const DIRECT_WEIGHT: f32 = 0.02;

const VECTOR: usize = <usize>INPUTS * 4;
const SET_BYTES: usize = <usize>SET_SIZE * VECTOR;

/** The inputs of the current decision, f32[INPUTS]: map inputs, direct ones, extra ones. */
export const inputs: usize = memory.data(INPUTS * 4, 16);
export const extraInputs: usize = inputs + <usize>CONTEXTS * 8;

let weights: usize = 0;
let seconds: usize = 0;

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

/** Selects vector number `index` of set s. */
export function chooseWeights(s: i32, index: i32): void {
  chooseVector(s, weights + <usize>s * SET_BYTES + <usize>index * VECTOR);
}

export function chooseSecond(index: i32): void {
  chooseSecondVector(seconds + ((<usize>index) << 4));
}

/** Returns the mixed logit of `inputs`. */
export function mix(): f32 {
  return max<f32>(-MAX_LOGIT, min<f32>(MAX_LOGIT, mixInputs(inputs, VECTOR, MAX_LOGIT)));
}

/**
 * Learns from the bit.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(bit: i32, error: f32, rate: f32): void {
  learnInputs(inputs, VECTOR, bit, error, rate);
}
