/** Leaky ReLU: x > 0 ? x : 0.1 x. It keeps the sign, so its derivative can be computed from its result. */
const SLOPE: f32 = 0.1;

/** Sets to[i] = leaky(from[i]) for `count` values, a multiple of 4; `to` may be `from`. */
export function leakyRelu(from: usize, to: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const slope = f32x4.splat(SLOPE);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(from + i);
    v128.store(to + i, f32x4.pmax(f32x4.mul(x, slope), x));
  }
}

/**
 * Multiplies gradient[i], f32, by leaky'(x[i]), where active[i], i16, is leaky(x[i]), possibly rounded to 0; `count`
 * values, a multiple of 4.
 */
export function leakyReluBackward(gradient: usize, active: usize, count: i32): void {
  const end = gradient + ((<usize>count) << 2);
  const slope = f32x4.splat(SLOPE);
  const zero = i32x4.splat(0);
  for (; gradient < end; gradient += 16, active += 8) {
    const g = v128.load(gradient);
    const positive = i32x4.gt_s(i32x4.extend_low_i16x8_s(v128.load64_zero(active)), zero);
    v128.store(gradient, v128.bitselect(g, f32x4.mul(g, slope), positive));
  }
}
