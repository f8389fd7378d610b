/**
 * Converts a distribution over 256 values to the coder's integer counts, and a cumulative count back to a value. A
 * table is u32[256], each count at least 1, with sum 2^22.
 */
import { TOTAL, TOTAL_BITS } from './constants';

/** Number of values of a sample. */
const VALUES: i32 = 256;
/** Bytes of a table. */
const BYTES: usize = VALUES * 4;
/** What is left to distribute after every value has a count of 1. */
const SHARED: u32 = TOTAL - VALUES;

/** Sum of the counts below the last value that `findSymbol` found. */
export let foundLow: u32 = 0;

/**
 * Quantizes a distribution. The model's probability of value k is
 *
 *     q_k = (1 - 2^-14) * e_k / sum + 2^-22
 *
 * and its count is q_k * 2^22, rounded: trunc(e_k * (f32(2^22 - 256) / sum) + 1.5), in f32. The difference of their sum
 * from 2^22 (fewer than 200: half a count per value, and the rounding of f32) is added to the first of the largest
 * counts, which is at least 2^14.
 * @param exponentials f32[256], e_k >= 0, finite
 * @param sum their sum as `softmax256` returns it, at least 1
 * @param counts u32[256], written; must not overlap `exponentials`
 */
export function frequencies256(exponentials: usize, sum: f32, counts: usize): void {
  const scale = f32x4.splat(<f32>SHARED / sum);
  const offset = f32x4.splat(1.5);
  let totals = i32x4.splat(0);
  let largest = i32x4.splat(0);
  for (let i: usize = 0; i < BYTES; i += 16) {
    const count = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(v128.load(exponentials + i), scale), offset));
    v128.store(counts + i, count);
    totals = i32x4.add(totals, count);
    largest = i32x4.max_s(largest, count);
  }
  const remainder = <i32>TOTAL - horizontalSum(totals);
  if (remainder === 0) return;
  largest = i32x4.max_s(largest, v128.shuffle<u32>(largest, largest, 2, 3, 0, 1));
  largest = i32x4.max_s(largest, v128.shuffle<u32>(largest, largest, 1, 0, 3, 2));
  const address = counts + (firstEqual(counts, largest) << 2);
  store<u32>(address, load<u32>(address) + remainder);
}

/**
 * Returns counts[0] + ... + counts[k - 1].
 * @param counts u32[256]
 * @param k 0 to 256
 */
export function cumulative(counts: usize, k: i32): u32 {
  let a = i32x4.splat(0);
  let b = a;
  let address = counts;
  const pairs = counts + (((<usize>k) >> 3) << 5);
  while (address < pairs) {
    a = i32x4.add(a, v128.load(address));
    b = i32x4.add(b, v128.load(address, 16));
    address += 32;
  }
  let sum = horizontalSum(i32x4.add(a, b));
  const end = counts + ((<usize>k) << 2);
  while (address < end) {
    sum += load<i32>(address);
    address += 4;
  }
  return sum;
}

/**
 * Returns the value k with cumulative(k) <= target < cumulative(k + 1); leaves cumulative(k) in `foundLow`.
 * @param counts u32[256] with sum 2^22
 * @param target a cumulative count in [0, 2^22), from the decoder
 */
export function findSymbol(counts: usize, target: u32): i32 {
  // Blocks of 16 first. The last block and the last value need no comparison.
  let low: u32 = 0;
  let address = counts;
  const lastBlock = counts + BYTES - 64;
  while (address < lastBlock) {
    const block = <u32>(
      horizontalSum(
        i32x4.add(
          i32x4.add(v128.load(address), v128.load(address, 16)),
          i32x4.add(v128.load(address, 32), v128.load(address, 48)),
        ),
      )
    );
    if (target - low < block) break;
    low += block;
    address += 64;
  }
  const last = address + 60;
  while (address < last) {
    const count = load<u32>(address);
    if (target - low < count) break;
    low += count;
    address += 4;
  }
  foundLow = low;
  return <i32>((address - counts) >> 2);
}

/**
 * Returns the code length of value k under the model in bits: -log2 q_k, in f64, from the distribution and not from the
 * counts. `Math.log2` is AssemblyScript's own (after musl), compiled into the engine, so it is the same everywhere.
 * @param exponentials f32[256]
 * @param sum their sum
 * @param k the value
 */
export function codeLength(exponentials: usize, sum: f32, k: i32): f64 {
  const share = <f64>load<f32>(exponentials + ((<usize>k) << 2)) / <f64>sum;
  const q = (<f64>SHARED * share + 1) / <f64>(1 << TOTAL_BITS); // the same as above: exact scaling by 2^22
  return -Math.log2(q);
}

/** Returns the sum of the four lanes, modulo 2^32. */
function horizontalSum(lanes: v128): i32 {
  const pairs = i32x4.add(lanes, v128.shuffle<u32>(lanes, lanes, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** Returns the address of the first count that equals the (four equal) lanes of `wanted`. One does. */
function firstEqual(counts: usize, wanted: v128): usize {
  for (let i: usize = 0; i < BYTES; i += 16) {
    const equal = i32x4.eq(v128.load(counts + i), wanted);
    if (v128.any_true(equal)) return (i >> 2) + <usize>ctz<i32>(i32x4.bitmask(equal));
  }
  return 0;
}
