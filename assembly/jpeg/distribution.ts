/**
 * Two logistic distributions of the current value, in steps, around two predictions of it. They give each decision
 * about the value two logits, which are inputs of the mixing.
 *
 * Lanes 0 and 1 belong to the first distribution, 2 and 3 to the second one; results are in lanes 0 and 2.
 */
import { limit4, logRatio4, squash4 } from '../mixer/logistic';

/** The logits are clamped to +-MAX_LOGIT. */
const MAX_LOGIT: f32 = 9;
/** Lower bound of an interval's mass. */
const MIN_MASS: f32 = 1e-7;
/** Smallest scale, and the scale of a mean absolute error of 1. */
const MIN_SCALE: f32 = 0.12;
const SCALE: f32 = 0.72;
/** Offsets of the two logits in the extra inputs. */
const FIRST: usize = 4;
const SECOND: usize = 16;

/** The means, and the inverses of the scales. */
let means: v128 = f32x4.splat(0);
let inverses: v128 = f32x4.splat(1);
/** -1 in the first lane of each distribution, 1 in the other. */
const SIDES: v128 = f32x4(-1, 1, -1, 1);

/** Sets the distributions from their means and mean absolute errors. */
export function setDistributions(mean0: f32, error0: f32, mean1: f32, error1: f32): void {
  means = pairs(mean0, mean1);
  const errors = f32x4.mul(pairs(error0, error1), f32x4.splat(SCALE));
  inverses = f32x4.div(f32x4.splat(1), f32x4.pmax(f32x4.splat(MIN_SCALE), errors));
}

/** Writes the logits that the value is not 0. */
export function nonZeroLogits(extra: usize): void {
  const mass = tails();
  const outside = f32x4.add(mass, swapped(mass));
  write(extra, outside, f32x4.sub(f32x4.splat(1), outside));
}

/** Writes the logits that the value, which is not 0, is negative. */
export function negativeLogits(extra: usize): void {
  const mass = tails();
  write(extra, mass, swapped(mass));
}

/**
 * Writes the logits that a magnitude, at least `from`, is at least `to`.
 * @param sign 1 or -1, of the value
 */
export function reachesLogits(extra: usize, sign: f32, from: i32, to: i32): void {
  const mass = beyond(sign, <f32>from, <f32>to);
  const further = swapped(mass);
  write(extra, further, f32x4.sub(mass, further));
}

/** Writes the logits that a magnitude in [from, from + 2 half) is in the upper half. */
export function upperLogits(extra: usize, sign: f32, from: i32, half: i32): void {
  const middle = <f32>(from + half);
  const lower = beyond(sign, <f32>from, middle);
  const upper = beyond(sign, middle, <f32>(from + 2 * half));
  write(extra, f32x4.sub(upper, swapped(upper)), f32x4.sub(lower, swapped(lower)));
}

/** Returns ln x, for a positive number. */
export function naturalLog(x: f32): f32 {
  return f32x4.extract_lane(logits(f32x4.splat(x), f32x4.splat(1)), 0);
}

/** Returns the masses of negative and of positive values. */
function tails(): v128 {
  return squash4(f32x4.mul(f32x4.sub(f32x4.mul(SIDES, means), f32x4.splat(0.5)), inverses));
}

/** Returns the masses of magnitudes of a sign from two bounds on. */
function beyond(sign: f32, from: f32, to: f32): v128 {
  const centres = f32x4.add(f32x4.mul(f32x4.splat(sign), means), f32x4.splat(0.5));
  return squash4(f32x4.mul(f32x4.sub(centres, pairsOf(from, to)), inverses));
}

function write(extra: usize, one: v128, zero: v128): void {
  const z = logits(one, zero);
  store<f32>(extra, f32x4.extract_lane(z, 0), FIRST);
  store<f32>(extra, f32x4.extract_lane(z, 2), SECOND);
}

function logits(one: v128, zero: v128): v128 {
  const least = f32x4.splat(MIN_MASS);
  return limit4(logRatio4(f32x4.pmax(least, one), f32x4.pmax(least, zero)), MAX_LOGIT);
}

/** Returns the lanes 1, 0, 3, 2. */
function swapped(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
}

/** Returns (a, a, b, b). */
function pairs(a: f32, b: f32): v128 {
  return v128.shuffle<u32>(f32x4.splat(a), f32x4.splat(b), 0, 0, 4, 4);
}

/** Returns (a, b, a, b). */
function pairsOf(a: f32, b: f32): v128 {
  return v128.shuffle<u32>(f32x4.splat(a), f32x4.splat(b), 0, 4, 0, 4);
}
