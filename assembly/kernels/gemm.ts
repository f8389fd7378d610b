/**
 * C = A^T B, or C += A^T B: products of small f32 matrices with arbitrary row strides.
 *
 * Each element of C is a chain of additions in the order of the depth, regardless of tiling; products are rounded to f32
 * before they are added, or not, with relaxed SIMD on processors that fuse the two. Only training uses it
 * (`assembly/training/`); what affects the bitstream multiplies integers (`fixed-gemm.ts`).
 *
 * A is transposed, so that the four values of it in a tile are at fixed offsets from one address. A product of A
 * itself, with four moving addresses, is a quarter slower, which is more than the time of `transpose`.
 */

/**
 * Multiplies A^T by B. Strides are the bytes from one row to the next.
 * @param a f32[depth][rows]; up to three floats after each row are read
 * @param b f32[depth][columns]
 * @param c f32[rows][columns]; the initial sums if `accumulate`, else they are 0
 * @param columns a multiple of 4
 */
export function gemm(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  accumulate: bool,
): void {
  // Column by column of tiles: the part of B in use stays in the nearest cache.
  for (let j = columns; j > 0; j -= 8) {
    let x = a;
    let y = c;
    for (let i = rows; i > 0; i -= 4) {
      if (j > 4) tile8(x, aStride, b, bStride, y, cStride, i, depth, accumulate);
      else tile4(x, aStride, b, bStride, y, cStride, i, depth, accumulate);
      x += 16;
      y += cStride << 2;
    }
    b += 32;
    c += 32;
  }
}

/**
 * Computes four rows by eight columns of C in eight accumulators: as many as registers allow next to the operands
 * (larger tiles spill). With fewer than four rows left, the missing ones are computed from whatever follows in memory
 * and stored in the first one's place, which is stored last.
 */
function tile8(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  depth: i32,
  accumulate: bool,
): void {
  const c1 = rows > 1 ? c + cStride : c;
  const c2 = rows > 2 ? c + (cStride << 1) : c;
  const c3 = rows > 3 ? c + cStride * 3 : c;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const end = a + <usize>depth * aStride;
  for (; a < end; a += aStride, b += bStride) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(s00, x, b0);
    s01 = multiplyAdd(s01, x, b1);
    x = v128.load32_splat(a, 4);
    s10 = multiplyAdd(s10, x, b0);
    s11 = multiplyAdd(s11, x, b1);
    x = v128.load32_splat(a, 8);
    s20 = multiplyAdd(s20, x, b0);
    s21 = multiplyAdd(s21, x, b1);
    x = v128.load32_splat(a, 12);
    s30 = multiplyAdd(s30, x, b0);
    s31 = multiplyAdd(s31, x, b1);
  }
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c, s00);
  v128.store(c, s01, 16);
}

/** Computes four columns, likewise. */
function tile4(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
  rows: i32,
  depth: i32,
  accumulate: bool,
): void {
  const c1 = rows > 1 ? c + cStride : c;
  const c2 = rows > 2 ? c + (cStride << 1) : c;
  const c3 = rows > 3 ? c + cStride * 3 : c;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  if (accumulate) {
    s0 = v128.load(c);
    s1 = v128.load(c1);
    s2 = v128.load(c2);
    s3 = v128.load(c3);
  }
  const end = a + <usize>depth * aStride;
  for (; a < end; a += aStride, b += bStride) {
    const b0 = v128.load(b);
    s0 = multiplyAdd(s0, v128.load32_splat(a), b0);
    s1 = multiplyAdd(s1, v128.load32_splat(a, 4), b0);
    s2 = multiplyAdd(s2, v128.load32_splat(a, 8), b0);
    s3 = multiplyAdd(s3, v128.load32_splat(a, 12), b0);
  }
  v128.store(c3, s3);
  v128.store(c2, s2);
  v128.store(c1, s1);
  v128.store(c, s0);
}

/** Returns sum + x y; with relaxed SIMD in one instruction, if the processor has it. */
function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}
