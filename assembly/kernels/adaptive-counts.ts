/**
 * Probabilities that adapt: each moves towards the bit that came, the less the more often it has been used. They are held
 * as integers, so many steps of 1, with the number of uses beside them.
 *
 * What a kind of probability is made of stands in memory, f32[7]: 0.5; 1 / steps; 1; what is added to the number of uses;
 * steps; steps - 1; the most uses that are counted. V8 would put constants together anew in each step of a loop, so that
 * they are loaded where they are used.
 */

/** What integers stand for. Half a step is added so that the probability is never 0 or 1. */
export function probabilityOf(steps: v128, numbers: usize): v128 {
  return f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(steps), v128.load32_splat(numbers)), v128.load32_splat(numbers, 4));
}

/** Probabilities q, used n times, after the bit `target`, as integers. @param slowest the least share of the way */
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

/** Numbers of uses after one more, as integers. */
export function oneMore(n: v128, numbers: usize): v128 {
  return i32x4.trunc_sat_f32x4_s(
    f32x4.pmin(v128.load32_splat(numbers, 24), f32x4.add(n, v128.load32_splat(numbers, 8))),
  );
}
