/**
 * A logistic distribution of the current value, in steps, around the prediction of the least squares. It gives each
 * decision about the value a logit, which is an input of the mixing.
 */
import { limit4, logRatio4, squash4 } from '../mixer/logistic';

/** The logits are clamped to +-MAX_LOGIT. */
const MAX_LOGIT: f32 = 9;
/** Lower bound of an interval's mass. */
const MIN_MASS: f32 = 1e-7;
/** Smallest scale, and the scale of a mean absolute error of 1. */
const MIN_SCALE: f32 = 0.12;
const SCALE: f32 = 0.72;

let mean: f32 = 0;
let inverse: f32 = 1;

/** Sets the distribution from its mean and its mean absolute error. */
export function setDistribution(centre: f32, error: f32): void {
  mean = centre;
  inverse = 1 / max<f32>(MIN_SCALE, error * SCALE);
}

/** Returns the logit that the value is not 0. */
export function nonZeroLogit(): f32 {
  const tails = f32x4.replace_lane(f32x4.splat((-0.5 - mean) * inverse), 1, (mean - 0.5) * inverse);
  const mass = squash4(tails);
  const outside = f32x4.extract_lane(mass, 0) + f32x4.extract_lane(mass, 1);
  return logit(outside, 1 - outside);
}

/** Returns the logit that the value, which is not 0, is negative. */
export function negativeLogit(): f32 {
  const tails = f32x4.replace_lane(f32x4.splat((-0.5 - mean) * inverse), 1, (mean - 0.5) * inverse);
  const mass = squash4(tails);
  return logit(f32x4.extract_lane(mass, 0), f32x4.extract_lane(mass, 1));
}

/**
 * Returns the logit that a magnitude, at least `from`, is at least `to`.
 * @param sign 1 or -1, of the value
 */
export function reachesLogit(sign: f32, from: i32, to: i32): f32 {
  const centre = sign * mean;
  const edges = f32x4.replace_lane(
    f32x4.splat((centre + 0.5 - <f32>from) * inverse),
    1,
    (centre + 0.5 - <f32>to) * inverse,
  );
  const mass = squash4(edges);
  const beyond = f32x4.extract_lane(mass, 1);
  return logit(beyond, f32x4.extract_lane(mass, 0) - beyond);
}

/** Returns the logit that a magnitude in [from, from + 2 half) is in the upper half. */
export function upperLogit(sign: f32, from: i32, half: i32): f32 {
  const centre = sign * mean + 0.5;
  let edges = f32x4.splat((centre - <f32>from) * inverse);
  edges = f32x4.replace_lane(edges, 1, (centre - <f32>(from + half)) * inverse);
  edges = f32x4.replace_lane(edges, 2, (centre - <f32>(from + 2 * half)) * inverse);
  const mass = squash4(edges);
  const middle = f32x4.extract_lane(mass, 1);
  return logit(middle - f32x4.extract_lane(mass, 2), f32x4.extract_lane(mass, 0) - middle);
}

/** Returns ln(a / b), for a positive number. */
export function naturalLog(x: f32): f32 {
  return logit(x, 1);
}

function logit(one: f32, zero: f32): f32 {
  const a = f32x4.splat(max<f32>(one, MIN_MASS));
  const b = f32x4.splat(max<f32>(zero, MIN_MASS));
  return f32x4.extract_lane(limit4(logRatio4(a, b), MAX_LOGIT), 0);
}
