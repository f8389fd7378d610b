/**
 * The softmax of 256 logits as a distribution over the values of an 8-bit sample: class k stands for the value
 * (centre + k) mod 256. It serves two ways of coding: as one symbol of 256 (`exponentials` and `sum` go to
 * `coder/frequencies.ts`) and, by its cumulative distribution function, as binary decisions. The function is made only
 * when it is first asked for.
 */
import { TOTAL } from '../coder/constants';
import { softmax256 } from '../kernels/softmax';

const VALUES: i32 = 256;
/** What is shared by probability; the rest of TOTAL is one count for each value, as in `coder/frequencies.ts`. */
const SHARED: f64 = <f64>TOTAL - <f64>VALUES;

/** f32[256]: the logits of the classes, which the model writes here; after `set` their exponentials. */
export const exponentials: usize = memory.data(VALUES * 4, 16);
/** Sum of the exponentials as `softmax256` adds it. */
export let sum: f32 = 0;
/** The value that class 0 stands for. */
export let centre: i32 = 0;

/**
 * Sum of the exponentials of the values below b, f64[257]: added one value after the other from 0 on (part of the
 * format).
 */
const below: usize = memory.data((VALUES + 1) * 8, 16);
/** Sum of them for b = 1 .. 255. */
let belowAll: f64 = 0;
let known: bool = false;

/** Turns the logits at `exponentials` into the distribution around `newCentre`. */
export function set(newCentre: i32): void {
  sum = softmax256(exponentials, exponentials);
  centre = newCentre;
  known = false;
}

/**
 * P(value < b), 0 <= b <= 256, of the probabilities (1 - 2^-14) p + 2^-22: 0 and 1 at the ends, strictly rising between
 * them.
 */
export function cdf(b: i32): f64 {
  if (!known) accumulate();
  const share = belowValue(b) / belowValue(VALUES);
  return (SHARED * share + <f64>b) / <f64>TOTAL;
}

/** The expected value under the softmax. */
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
