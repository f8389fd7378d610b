/**
 * The mixing of the inputs of a decision: of each of four sets of weight vectors one vector is chosen by a property of
 * the decision and gives a logit; a second layer adds the four up. All learn at once, each from its own error.
 *
 * Order of a dot product (part of the format): inputs in vectors of 4; even vectors are summed up in one accumulator,
 * odd ones in another, both from 0 in ascending order; even + odd; then (lane 0 + lane 1) + (lane 2 + lane 3).
 */
import { limit4, squash4 } from '../mixer/logistic';
import { reserve } from './memory';
import { CONTEXTS } from './slots';

/** Inputs beyond two for each context. */
const EXTRA_INPUTS: i32 = 8;
const INPUTS: i32 = 2 * CONTEXTS + EXTRA_INPUTS;
const SETS: i32 = 4;
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
const stepped: usize = memory.data(SETS * 4, 16);
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
  let w0 = <usize>load<u32>(chosen);
  let w1 = <usize>load<u32>(chosen, 4);
  let w2 = <usize>load<u32>(chosen, 8);
  let w3 = <usize>load<u32>(chosen, 12);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let x = inputs; x < inputs + VECTOR; x += 32, w0 += 32, w1 += 32, w2 += 32, w3 += 32) {
    const even = v128.load(x);
    const odd = v128.load(x, 16);
    a0 = f32x4.add(a0, f32x4.mul(even, v128.load(w0)));
    a1 = f32x4.add(a1, f32x4.mul(even, v128.load(w1)));
    a2 = f32x4.add(a2, f32x4.mul(even, v128.load(w2)));
    a3 = f32x4.add(a3, f32x4.mul(even, v128.load(w3)));
    b0 = f32x4.add(b0, f32x4.mul(odd, v128.load(w0, 16)));
    b1 = f32x4.add(b1, f32x4.mul(odd, v128.load(w1, 16)));
    b2 = f32x4.add(b2, f32x4.mul(odd, v128.load(w2, 16)));
    b3 = f32x4.add(b3, f32x4.mul(odd, v128.load(w3, 16)));
  }
  a0 = f32x4.add(a0, b0);
  a1 = f32x4.add(a1, b1);
  a2 = f32x4.add(a2, b2);
  a3 = f32x4.add(a3, b3);
  // A 4x4 transposition in two steps, adding as it goes.
  const p01 = f32x4.add(v128.shuffle<f32>(a0, a1, 0, 2, 4, 6), v128.shuffle<f32>(a0, a1, 1, 3, 5, 7));
  const p23 = f32x4.add(v128.shuffle<f32>(a2, a3, 0, 2, 4, 6), v128.shuffle<f32>(a2, a3, 1, 3, 5, 7));
  const sums = f32x4.add(v128.shuffle<f32>(p01, p23, 0, 2, 4, 6), v128.shuffle<f32>(p01, p23, 1, 3, 5, 7));
  logits = limit4(sums, MOST);
  const z = sum4(f32x4.mul(logits, v128.load(chosenSecond)));
  return max<f32>(-MOST, min<f32>(MOST, z));
}

/**
 * Each set's vector moves down the gradient of its own code length, the second layer down that of the mixed one.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(bit: i32, error: f32, rate: f32): void {
  const errors = f32x4.sub(f32x4.splat(<f32>bit), squash4(logits));
  // By way of memory: V8 would move what computes them into the loop.
  v128.store(stepped, f32x4.mul(errors, f32x4.splat(rate)));
  const g0 = v128.load32_splat(stepped);
  const g1 = v128.load32_splat(stepped, 4);
  const g2 = v128.load32_splat(stepped, 8);
  const g3 = v128.load32_splat(stepped, 12);
  let w0 = <usize>load<u32>(chosen);
  let w1 = <usize>load<u32>(chosen, 4);
  let w2 = <usize>load<u32>(chosen, 8);
  let w3 = <usize>load<u32>(chosen, 12);
  for (let at = inputs; at < inputs + VECTOR; at += 16, w0 += 16, w1 += 16, w2 += 16, w3 += 16) {
    const x = v128.load(at);
    v128.store(w0, f32x4.add(v128.load(w0), f32x4.mul(g0, x)));
    v128.store(w1, f32x4.add(v128.load(w1), f32x4.mul(g1, x)));
    v128.store(w2, f32x4.add(v128.load(w2), f32x4.mul(g2, x)));
    v128.store(w3, f32x4.add(v128.load(w3), f32x4.mul(g3, x)));
  }
  const step = f32x4.splat(error * SECOND_RATE);
  v128.store(chosenSecond, f32x4.add(v128.load(chosenSecond), f32x4.mul(step, logits)));
}

function sum4(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}
