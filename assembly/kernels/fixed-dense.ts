/**
 * y = from + unit x W: a row vector of 16-bit integers times a matrix of 16-bit integers, added in f32 to a bias or to
 * an earlier sum. The integer sums are exact, so how many are computed at once is not part of the format.
 */

/**
 * Multiplies x by w and adds `from`.
 * @param x i16[2 * pairs]
 * @param w i16[pairs][width][2]: pairs of rows, see `pairRows`
 * @param width number of outputs, a multiple of 8
 * @param from f32[width], may be y itself
 * @param y f32[width], written
 * @param unit value of 1 in the integer sums, a power of two
 */
export function fixedDense(x: usize, pairs: i32, w: usize, width: i32, from: usize, y: usize, unit: f32): void {
  const end = x + ((<usize>pairs) << 2);
  const stride = (<usize>width) << 2;
  const factor = f32x4.splat(unit);
  let left = width;
  if (left === 64) {
    // The usual widths: both kernels below must be called from two places (see `dense.ts`).
    dense32(x, end, w, stride, from, y, factor);
    dense32(x, end, w + 128, stride, from + 128, y + 128, factor);
    return;
  }
  if (left === 16) {
    dense8(x, end, w, stride, from, y, factor);
    dense8(x, end, w + 32, stride, from + 32, y + 32, factor);
    return;
  }
  for (; left >= 32; left -= 32, w += 128, from += 128, y += 128) dense32(x, end, w, stride, from, y, factor);
  for (; left > 0; left -= 8, w += 32, from += 32, y += 32) dense8(x, end, w, stride, from, y, factor);
}

/** Computes 32 columns with eight accumulators: enough chains to hide the latency of a product. */
function dense32(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize, factor: v128): void {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = i32x4.add(a, i32x4.dot_i16x8_s(s, v128.load(w)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(s, v128.load(w, 16)));
    c = i32x4.add(c, i32x4.dot_i16x8_s(s, v128.load(w, 32)));
    d = i32x4.add(d, i32x4.dot_i16x8_s(s, v128.load(w, 48)));
    e = i32x4.add(e, i32x4.dot_i16x8_s(s, v128.load(w, 64)));
    f = i32x4.add(f, i32x4.dot_i16x8_s(s, v128.load(w, 80)));
    g = i32x4.add(g, i32x4.dot_i16x8_s(s, v128.load(w, 96)));
    h = i32x4.add(h, i32x4.dot_i16x8_s(s, v128.load(w, 112)));
  }
  put(from, y, a, factor);
  put(from + 16, y + 16, b, factor);
  put(from + 32, y + 32, c, factor);
  put(from + 48, y + 48, d, factor);
  put(from + 64, y + 64, e, factor);
  put(from + 80, y + 80, f, factor);
  put(from + 96, y + 96, g, factor);
  put(from + 112, y + 112, h, factor);
}

function dense8(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize, factor: v128): void {
  let a = i32x4.splat(0);
  let b = a;
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = i32x4.add(a, i32x4.dot_i16x8_s(s, v128.load(w)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(s, v128.load(w, 16)));
  }
  put(from, y, a, factor);
  put(from + 16, y + 16, b, factor);
}

function put(from: usize, y: usize, sums: v128, factor: v128): void {
  v128.store(y, f32x4.add(v128.load(from), f32x4.mul(f32x4.convert_i32x4_s(sums), factor)));
}
