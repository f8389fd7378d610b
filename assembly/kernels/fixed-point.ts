/**
 * Fixed-point numbers: i16 q represents q / scale. A SIMD vector holds twice as many as of f32, and sums of their
 * products are exact, in any order, as long as they fit 32 bits. The scales below guarantee that.
 */

/** Maximum magnitude of an integer. */
export const LARGEST: i32 = 16383;
/**
 * Maximum sum of magnitudes whose terms are then multiplied by integers up to LARGEST: 2^31 / 2^14, less the rounding.
 */
const MAX_SUM: f32 = 130000;
/** Mask of the exponent of a float. */
const EXPONENT: u32 = 0x7f800000;
/** 2^100: bounds scales so that their quotients and products stay finite. */
const MAX_SCALE: f32 = 1.2676506002282294e30;

/**
 * Sets to[i] = from[i] * scale, rounded to the nearest integer (half to even) and clamped to -LARGEST .. LARGEST, 0 for
 * NaN: f32[count] to i16[count], a multiple of 8.
 */
export function toFixed(from: usize, to: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  const most = i16x8.splat(<i16>LARGEST);
  const least = i16x8.splat(<i16>-LARGEST);
  const end = to + ((<usize>count) << 1);
  for (; to < end; to += 16, from += 32) {
    const low = f32x4.nearest(f32x4.mul(v128.load(from), factor));
    const high = f32x4.nearest(f32x4.mul(v128.load(from, 16), factor));
    const both = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(low), i32x4.trunc_sat_f32x4_s(high));
    v128.store(to, i16x8.max_s(i16x8.min_s(both, most), least));
  }
}

/**
 * Returns the largest power of two by which f32[rows][columns] can be multiplied such that no product exceeds `largest`
 * and no column's sum of magnitudes exceeds MAX_SUM, clamped to 2^-100 .. 2^100. NaN values are ignored. Columns
 * are a multiple of 8.
 */
export function fixedScale(values: usize, rows: i32, columns: i32, largest: i32): f32 {
  const stride = (<usize>columns) << 2;
  const end = values + <usize>rows * stride;
  let top = f32x4.splat(0);
  let topSum = top;
  for (let column = values; column < values + stride; column += 32) {
    let sum = f32x4.splat(0);
    let nextSum = sum;
    for (let at = column; at < end; at += stride) {
      const size = f32x4.abs(v128.load(at));
      const next = f32x4.abs(v128.load(at, 16));
      sum = f32x4.add(sum, size);
      nextSum = f32x4.add(nextSum, next);
      top = f32x4.pmax(f32x4.pmax(top, size), next);
    }
    topSum = f32x4.pmax(f32x4.pmax(topSum, sum), nextSum);
  }
  const scale = powerOfTwo(min<f32>(<f32>largest / largestLane(top), MAX_SUM / largestLane(topSum)));
  return max<f32>(1 / MAX_SCALE, min<f32>(MAX_SCALE, scale));
}

/** Returns the largest power of two that does not exceed x, for x normal, 0 or infinite. */
function powerOfTwo(x: f32): f32 {
  return reinterpret<f32>(reinterpret<u32>(x) & EXPONENT);
}

function largestLane(x: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/**
 * Interleaves pairs of rows for the products of `fixed-gemm.ts` and `fixed-dense.ts`: i16[rows][columns], rows even,
 * columns a multiple of 8, to i16[rows / 2][columns][2].
 */
export function pairRows(from: usize, rows: i32, columns: i32, to: usize): void {
  const stride = (<usize>columns) << 1;
  for (let i = 0; i < rows; i += 2) {
    for (const end = from + stride; from < end; from += 16, to += 32) {
      const a = v128.load(from);
      const b = v128.load(from + stride);
      v128.store(to, v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    }
    from += stride;
  }
}
