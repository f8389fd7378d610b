/**
 * The inputs of the network (network.ts): logarithms of magnitudes around the current coefficient, in its steps; values
 * with their signs, likewise; and where the coefficient is.
 */
import { A, AL, AR, L, valueAt } from './block';
import { Component } from './components';
import { a, aa, aboveStep, al, ar, directedValue, l, leftStep, ll, other0, otherValue1, prediction } from './point';
import { index, nonZeros } from './progress';
import { regressors } from './regression';

export const INPUTS: i32 = 80;
const MAGNITUDES: i32 = 32;
const VALUES: i32 = 40;
/** f32[INPUTS]: magnitudes, values, plain ones. */
export const networkInputs: usize = memory.data(INPUTS * 4, 16);
const VALUE_ROW: usize = 48;
/** 1, the mask of a float's magnitude, its sign, and 2^-24: a quarter of a unit of log2... */
const ONE_BITS: i32 = 0x3f800000;
const SIGN: i32 = 0x80000000;
/** Half of a unit in the last place of the logarithm's fixed-point number (levels.ts): inputs are half logarithms. */
const HALF_LOG: f32 = 5.9604644775390625e-8;
const MAX_MAGNITUDE: f32 = 16777216;

let to: usize = 0;

/** Gathers the inputs of coefficient k. */
export function gatherInputs(c: Component, k: usize, total: f32): void {
  const inverse = load<f32>(c.inverses + (k << 2));
  to = networkInputs;
  magnitudesAround(c, k, inverse);
  magnitudesWithin(c, k, inverse);
  add(total * inverse * 0.25);
  add(load<f32>(other0 + (k << 2)) * inverse);
  add(otherValue1);
  add(prediction);
  for (let at = networkInputs; at < networkInputs + MAGNITUDES * 4; at += 16) {
    v128.store(at, logarithms(f32x4.abs(v128.load(at))));
  }
  add(prediction);
  add(leftStep);
  add(aboveStep);
  add(directedValue);
  const scale = f32x4.splat(inverse * 32);
  for (let i: usize = 0; i < 144; i += 16) v128.store(to + i, f32x4.mul(scale, v128.load(regressors + i)));
  to += 144;
  for (let at = networkInputs + MAGNITUDES * 4; at < networkInputs + (MAGNITUDES + VALUES) * 4; at += 16) {
    const x = v128.load(at);
    const sign = v128.and(x, i32x4.splat(SIGN));
    v128.store(at, v128.or(sign, logarithms(f32x4.abs(x))));
  }
  add(0.5);
  add(<f32>index * 0.03125);
  add(<f32>nonZeros * 0.0625);
  add(<f32>min<u32>(nonZeros, 4) * 0.25);
  add(load<f32>(c.steps + (k << 2)) * 0.015625);
  add(<f32>(k & 7) * 0.125);
  add(<f32>(k >> 3) * 0.125);
  add(0);
}

/** The coefficient in the six neighbours, and the four next to it in L and A, and their sums in AL and AR. */
function magnitudesAround(c: Component, k: usize, inverse: f32): void {
  add(<f32>l);
  add(<f32>a);
  add(<f32>al);
  add(<f32>ar);
  add(<f32>ll);
  add(<f32>aa);
  const u = k & 7;
  const v = k >> 3;
  const before = u > 0 && k > 1 ? load<f32>(c.steps + (k << 2) - 4) * inverse : <f32>0;
  const after = u < 7 ? load<f32>(c.steps + (k << 2), 4) * inverse : <f32>0;
  const up = v > 0 && k > 8 ? load<f32>(c.steps + (k << 2) - 32) * inverse : <f32>0;
  const down = v < 7 ? load<f32>(c.steps + (k << 2), 32) * inverse : <f32>0;
  for (let i = 0; i < 4; i++) {
    const block = (i === 0 ? L : i === 1 ? A : i === 2 ? AL : AR) + (k << 1);
    // Where there is no such coefficient, the factor is 0 and what is read does not matter.
    const x0 = abs<f32>(<f32>load<i16>(block - 2)) * before;
    const x1 = abs<f32>(<f32>load<i16>(block, 2)) * after;
    const x2 = abs<f32>(<f32>load<i16>(block - 16)) * up;
    const x3 = abs<f32>(<f32>load<i16>(block, 16)) * down;
    if (i < 2) {
      add(x0);
      add(x1);
      add(x2);
      add(x3);
    } else add(x0 + x1 + x2 + x3);
  }
}

/** The known coefficients of the block at most one away, and two away across and down. */
function magnitudesWithin(c: Component, k: usize, inverse: f32): void {
  const at = valueAt(k);
  const step = c.steps + (k << 2);
  known(at - VALUE_ROW - 4, step - 36, inverse);
  known(at - VALUE_ROW, step - 32, inverse);
  known(at - VALUE_ROW + 4, step - 28, inverse);
  known(at - 4, step - 4, inverse);
  known(at + 4, step + 4, inverse);
  known(at + VALUE_ROW - 4, step + 28, inverse);
  known(at + VALUE_ROW, step + 32, inverse);
  known(at + VALUE_ROW + 4, step + 36, inverse);
  known(at - 8, step - 8, inverse);
  known(at - 2 * VALUE_ROW, step - 64, inverse);
  known(at + 8, step + 8, inverse);
  known(at + 2 * VALUE_ROW, step + 64, inverse);
}

/** Adds a coefficient of the block; those outside it are 0, whatever the step. */
function known(value: usize, step: usize, inverse: f32): void {
  const x = load<i32>(value);
  add(x === 0 ? <f32>0 : <f32>x * load<f32>(step) * inverse);
}

function add(x: f32): void {
  store<f32>(to, x);
  to += 4;
}

/** Returns log2(1 + x) / 2, linear within an octave (levels.ts). */
function logarithms(x: v128): v128 {
  const bits = f32x4.add(f32x4.pmin(f32x4.splat(MAX_MAGNITUDE), x), f32x4.splat(1));
  const log = f32x4.convert_i32x4_s(i32x4.sub(bits, i32x4.splat(ONE_BITS)));
  return f32x4.mul(log, f32x4.splat(HALF_LOG));
}
