/**
 * The mixing of the inputs: four sets of weight vectors, of each one chosen by another property of the node. Each
 * chosen vector gives a logit, and a second layer adds the four up. All learn at once, each from its own error.
 *
 * Order of a dot product (part of the format): inputs in vectors of 4; even vectors are summed up in one accumulator,
 * odd ones in another, both from 0 in ascending order; even + odd; then (lane 0 + lane 1) + (lane 2 + lane 3).
 */
import { INPUTS } from './inputs';
import { limit4, squash4 } from './logistic';

export const SETS: i32 = 4;
/** Logits are kept within +-MOST. */
const MOST: f32 = 12;
const RATE: f32 = 0.004;
const SECOND_RATE: f32 = 0.002;

/** Bytes of a weight vector, a multiple of 32. */
const VECTOR: usize = <usize>INPUTS * 4;
const chosen: usize = memory.data(SETS * 4, 16); // u32: addresses of the vectors in use
const stepped: usize = memory.data(SETS * 4, 16);
let chosenSecond: usize = 0;
/** The four logits, f32[SETS]. */
let logits: v128 = f32x4.splat(0);

/** Of set s, whose vectors stand at `weights`, takes number `index`. */
export function chooseWeights(s: i32, weights: usize, index: i32): void {
  store<u32>(chosen + ((<usize>s) << 2), <u32>(weights + <usize>index * VECTOR));
}

export function chooseSecond(weights: usize, index: i32): void {
  chosenSecond = weights + ((<usize>index) << 4);
}

/** The mixed logit of f32[INPUTS]. */
export function mix(inputs: usize): f32 {
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
  for (const end = inputs + VECTOR; inputs < end; inputs += 32, w0 += 32, w1 += 32, w2 += 32, w3 += 32) {
    const even = v128.load(inputs);
    const odd = v128.load(inputs, 16);
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
  return sum4(f32x4.mul(logits, v128.load(chosenSecond)));
}

/**
 * Each set's vector moves down the gradient of its own code length, the second layer down that of the mixed one.
 * @param error of the mixed probability: bit - p
 */
export function learnWeights(inputs: usize, bit: i32, error: f32): void {
  const errors = f32x4.sub(f32x4.splat(<f32>bit), squash4(logits));
  const steps = f32x4.mul(errors, f32x4.splat(RATE));
  // By way of memory: V8 would move what computes them into the loop.
  v128.store(stepped, steps);
  const g0 = v128.load32_splat(stepped);
  const g1 = v128.load32_splat(stepped, 4);
  const g2 = v128.load32_splat(stepped, 8);
  const g3 = v128.load32_splat(stepped, 12);
  let w0 = <usize>load<u32>(chosen);
  let w1 = <usize>load<u32>(chosen, 4);
  let w2 = <usize>load<u32>(chosen, 8);
  let w3 = <usize>load<u32>(chosen, 12);
  for (const end = inputs + VECTOR; inputs < end; inputs += 16, w0 += 16, w1 += 16, w2 += 16, w3 += 16) {
    const x = v128.load(inputs);
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
