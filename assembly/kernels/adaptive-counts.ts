/**
 * Adaptive probabilities: each moves towards the coded bit, by less the more often it has been used. They are stored as
 * integer multiples of a step, next to the number of uses.
 *
 * The constants of a kind of probability are in memory, f32[7]: 0.5; 1 / steps; 1; the offset added to the number of
 * uses; steps; steps - 1; the maximum number of uses. They are loaded where they are used, because V8 would rebuild
 * constants in every iteration of a loop.
 */

/** Returns the probabilities of integers. Half a step is added so that a probability is never 0 or 1. */
export function probabilityOf(steps: v128, numbers: usize): v128 {
  return f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(steps), v128.load32_splat(numbers)), v128.load32_splat(numbers, 4));
}

/**
 * Returns probabilities q, used n times, moved towards the bit `target`, as integers.
 * @param slowest the minimum rate
 */
export function stepsTowards(target: v128, q: v128, n: v128, slowest: v128, numbers: usize): v128 {
  const rate = f32x4.pmax(
    slowest,
    f32x4.div(v128.load32_splat(numbers, 8), f32x4.add(n, v128.load32_splat(numbers, 12))),
  );
  const moved = f32x4.add(q, f32x4.mul(f32x4.sub(target, q), rate));
  return i32x4.trunc_sat_f32x4_s(
    f32x4.pmin(f32x4.mul(moved, v128.load32_splat(numbers, 16)), v128.load32_splat(numbers, 20)),
  );
}

/** Returns the incremented numbers of uses, as integers. */
export function oneMore(n: v128, numbers: usize): v128 {
  return i32x4.trunc_sat_f32x4_s(
    f32x4.pmin(v128.load32_splat(numbers, 24), f32x4.add(n, v128.load32_splat(numbers, 8))),
  );
}
