/** Start weights are stored as integers in steps of 2^-12 (start-weights.ts, start-network.ts). */

/** Returns four weights as f32 from i16[4]. */
export function startWeights(at: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(v128.load_ext<i16>(at)), f32x4.splat(1.0 / 4096));
}
