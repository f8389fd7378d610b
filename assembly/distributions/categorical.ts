/**
 * The softmax of 256 logits as a distribution over the values of an 8-bit sample: class k represents the value (centre
 * + k) mod 256. It is coded either as one symbol of 256 (`exponentials` and `sum` are passed to `coder/frequencies.ts`)
 * or, through its cumulative distribution function, as binary decisions. The CDF is computed when it is first used.
 */
import { TOTAL } from '../coder/constants';
import { softmax256 } from '../kernels/softmax';

const VALUES: i32 = 256;
/** The counts shared by probability; the rest of TOTAL is one count per value, as in `coder/frequencies.ts`. */
const SHARED: f64 = <f64>TOTAL - <f64>VALUES;

/** f32[256]: the logits of the classes, written by the model; after `set`, their exponentials. */
export const exponentials: usize = memory.data(VALUES * 4, 16);
/** Sum of the exponentials, in the order of `softmax256`. */
export let sum: f32 = 0;
/** The value that class 0 represents. */
export let centre: i32 = 0;

/** Sums of the exponentials of the values below b, f64[257], added in ascending order (part of the format). */
const below: usize = memory.data((VALUES + 1) * 8, 16);
/** Sum of `below` over b = 1 .. 255. */
let belowAll: f64 = 0;
let known: bool = false;

/** Computes the distribution around `newCentre` from the logits at `exponentials`. */
export function set(newCentre: i32): void {
  sum = softmax256(exponentials, exponentials);
  centre = newCentre;
  known = false;
}

/**
 * Returns P(value < b), 0 <= b <= 256, of the probabilities (1 - 2^-14) p + 2^-22: 0 and 1 at the ends, strictly
 * increasing between them.
 */
export function cdf(b: i32): f64 {
  if (!known) accumulate();
  const share = belowValue(b) / belowValue(VALUES);
  return (SHARED * share + <f64>b) / <f64>TOTAL;
}

/** Returns the expected value under the softmax. */
export function mean(): f32 {
  if (!known) accumulate();
  return <f32>(<f64>(VALUES - 1) - belowAll / belowValue(VALUES)); // the sum over b = 1 .. 255 of P(value >= b)
}

function accumulate(): void {
  let total: f64 = 0;
  belowAll = 0;
  for (let v = 0; v < VALUES; v++) {
    store<f64>(below + ((<usize>v) << 3), total);
    belowAll += total;
    total += <f64>load<f32>(exponentials + ((<usize>((v - centre) & (VALUES - 1))) << 2));
  }
  store<f64>(below + ((<usize>VALUES) << 3), total);
  known = true;
}

function belowValue(b: i32): f64 {
  return load<f64>(below + ((<usize>b) << 3));
}
