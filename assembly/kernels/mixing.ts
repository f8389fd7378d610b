/**
 * Mixing of inputs by four weight vectors at a time, for the mixer and the palette coder. Each vector gives a logit, a
 * second vector of four weights combines the logits, and all of them learn at once, each from its own error.
 *
 * Order of a dot product (part of the format): inputs are vectors of 4; even vectors are summed in one accumulator, odd
 * ones in another, both from 0 in ascending order; even + odd; then (lane 0 + lane 1) + (lane 2 + lane 3).
 */

/** Number of vectors used at a time. */
export const SETS: i32 = 4;

/** Steps of the four vectors, f32[SETS]. */
const stepped: usize = memory.data(SETS * 4, 16);

/**
 * Returns the dot products of f32[bytes / 4] at `inputs` with the four vectors whose addresses are at `chosen`,
 * u32[SETS].
 * @param bytes a multiple of 32
 */
export function dotProducts(inputs: usize, bytes: usize, chosen: usize): v128 {
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
  for (const end = inputs + bytes; inputs < end; inputs += 32, w0 += 32, w1 += 32, w2 += 32, w3 += 32) {
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
  return f32x4.add(v128.shuffle<f32>(p01, p23, 0, 2, 4, 6), v128.shuffle<f32>(p01, p23, 1, 3, 5, 7));
}

/** Adds lane s of `steps` times the inputs, f32[bytes / 4], to vector s, for all four; `bytes` a multiple of 32. */
export function addInputs(inputs: usize, bytes: usize, chosen: usize, steps: v128): void {
  // Through memory: V8 would move the computation of the steps into the loop.
  v128.store(stepped, steps);
  const g0 = v128.load32_splat(stepped);
  const g1 = v128.load32_splat(stepped, 4);
  const g2 = v128.load32_splat(stepped, 8);
  const g3 = v128.load32_splat(stepped, 12);
  let w0 = <usize>load<u32>(chosen);
  let w1 = <usize>load<u32>(chosen, 4);
  let w2 = <usize>load<u32>(chosen, 8);
  let w3 = <usize>load<u32>(chosen, 12);
  for (const end = inputs + bytes; inputs < end; inputs += 32, w0 += 32, w1 += 32, w2 += 32, w3 += 32) {
    const x = v128.load(inputs);
    const y = v128.load(inputs, 16);
    v128.store(w0, f32x4.add(v128.load(w0), f32x4.mul(g0, x)));
    v128.store(w0, f32x4.add(v128.load(w0, 16), f32x4.mul(g0, y)), 16);
    v128.store(w1, f32x4.add(v128.load(w1), f32x4.mul(g1, x)));
    v128.store(w1, f32x4.add(v128.load(w1, 16), f32x4.mul(g1, y)), 16);
    v128.store(w2, f32x4.add(v128.load(w2), f32x4.mul(g2, x)));
    v128.store(w2, f32x4.add(v128.load(w2, 16), f32x4.mul(g2, y)), 16);
    v128.store(w3, f32x4.add(v128.load(w3), f32x4.mul(g3, x)));
    v128.store(w3, f32x4.add(v128.load(w3, 16), f32x4.mul(g3, y)), 16);
  }
}

/** Returns the second layer's weighted sum of the four logits; its weights are at `second`, f32[SETS]. */
export function secondSum(logits: v128, second: usize): f32 {
  const x = f32x4.mul(logits, v128.load(second));
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Adds `step` times the logits to the second layer's weights. */
export function addLogits(logits: v128, second: usize, step: f32): void {
  v128.store(second, f32x4.add(v128.load(second), f32x4.mul(f32x4.splat(step), logits)));
}
