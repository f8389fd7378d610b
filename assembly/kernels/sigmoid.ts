/**
 * The gate functions of an LSTM, four lanes at a time: core SIMD operations, each rounded once to f32, so that every
 * engine computes the same bits. Constants and the order of operations are part of the format.
 *
 * Both are finite for any input and never subnormal; a NaN counts as the most negative argument.
 */
import { exp4 } from './exp';

/** Arguments are clamped to this magnitude: sigmoid(-30) = 9.4e-14, small enough and far from subnormal. */
const MAX_ARGUMENT: f32 = 30;

/** Returns 1 / (1 + e^-x). Absolute error below 1.2e-7, relative error below 2.5e-7 for x >= -30. */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(f32x4.neg(bounded(f32x4.abs(x))));
  return f32x4.div(v128.bitselect(one, e, isPositive(x)), f32x4.add(one, e));
}

/**
 * Returns tanh(x) as (1 - e) / (1 + e) with e = e^-2|x|, and the sign of x. Absolute error below 1.5e-7; tanh(0) = 0.
 */
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(f32x4.neg(bounded(f32x4.mul(f32x4.splat(2), f32x4.abs(x)))));
  const t = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  return v128.bitselect(t, f32x4.neg(t), isPositive(x));
}

/** Returns min(magnitude, MAX_ARGUMENT). pmin(a, b) is "b < a ? b : a": a NaN in b gives a. */
function bounded(magnitude: v128): v128 {
  return f32x4.pmin(f32x4.splat(MAX_ARGUMENT), magnitude);
}

function isPositive(x: v128): v128 {
  return f32x4.ge(x, f32x4.splat(0));
}
