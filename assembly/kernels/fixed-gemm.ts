/**
 * C = unit A^T B, or C += unit A^T B: products of small matrices of 16-bit integers to f32, with exact sums. A and B
 * consist of pairs of rows (`pairRows`): one instruction multiplies two rows element by element and adds the products.
 *
 * A is transposed for the reason given in `gemm.ts`.
 */

/**
 * Multiplies A^T by B. Strides are the bytes from one pair of rows to the next, for C from one row to the next.
 * @param a i16[pairs][rows][2]; up to three such pairs after each row are read
 * @param b i16[pairs][columns][2]
 * @param c f32[rows][columns]
 * @param columns a multiple of 8
 * @param unit value of 1 in the integer sums, a power of two
 */
export function fixedGemm(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  pairs: i32,
  columns: i32,
  unit: f32,
  accumulate: bool,
): void {
  // Column by column of tiles: the part of B in use stays in the nearest cache.
  for (let j = columns; j > 0; j -= 8) {
    let x = a;
    let y = c;
    for (let i = rows; i > 0; i -= 4) {
      tile(x, aStride, b, bStride, y, cStride, i, pairs, unit, accumulate);
      x += 16;
      y += cStride << 2;
    }
    b += 32;
    c += 32;
  }
}

/**
 * Computes four rows by eight columns of C in eight accumulators: as many as registers allow next to the operands. With
 * fewer than four rows left, the missing ones are computed from whatever follows in memory, and not stored.
 */
function tile(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  pairs: i32,
  unit: f32,
  accumulate: bool,
): void {
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const end = a + <usize>pairs * aStride;
  for (; a < end; a += aStride, b += bStride) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x, b0));
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x, b1));
    x = v128.load32_splat(a, 4);
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x, b0));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x, b1));
    x = v128.load32_splat(a, 8);
    s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x, b0));
    s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x, b1));
    x = v128.load32_splat(a, 12);
    s30 = i32x4.add(s30, i32x4.dot_i16x8_s(x, b0));
    s31 = i32x4.add(s31, i32x4.dot_i16x8_s(x, b1));
  }
  const factor = f32x4.splat(unit);
  if (rows > 3) put(c + cStride * 3, s30, s31, factor, accumulate);
  if (rows > 2) put(c + (cStride << 1), s20, s21, factor, accumulate);
  if (rows > 1) put(c + cStride, s10, s11, factor, accumulate);
  put(c, s00, s01, factor, accumulate);
}

/** Stores eight sums of a row of C. */
function put(c: usize, low: v128, high: v128, factor: v128, accumulate: bool): void {
  let a = f32x4.mul(f32x4.convert_i32x4_s(low), factor);
  let b = f32x4.mul(f32x4.convert_i32x4_s(high), factor);
  if (accumulate) {
    a = f32x4.add(v128.load(c), a);
    b = f32x4.add(v128.load(c, 16), b);
  }
  v128.store(c, a);
  v128.store(c, b, 16);
}
