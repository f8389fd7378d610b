/**
 * Sets to[i] = max(0, from[i]) for `count` values, a multiple of 4; `to` may be `from`. pmax(0, v) is "0 < v ? v : 0":
 * a NaN, which finite weights never produce for the samples of a photograph, becomes 0.
 */
export function relu(from: usize, to: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.pmax(zero, v128.load(from + i)));
}

/** Sets to[i] += from[i] for `count` values, a multiple of 4: the residual connection. */
export function addTo(to: usize, from: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
}
