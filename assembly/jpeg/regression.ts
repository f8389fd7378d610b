/**
 * Least squares: predicts each coefficient from coefficients that are known, with weights fitted to the image so far.
 * There is one fit for each coefficient of each kind of component, 192 in all; number 64 kind + k.
 */
import { accumulate, dot, solve, triangleFloats } from '../kernels/normal-equations';
import { reserve } from '../palette/memory';

/** Regressors of a fit; the target follows, and zeros up to 4 * PANELS. */
export const REGRESSORS: i32 = 36;
const PANELS: i32 = 10;
const FLOATS: i32 = 4 * PANELS;
export const FITS: i32 = 3 * 64;

/** Levels of uncertainty per coefficient, for each of which the mean error is kept. */
export const LEVELS: u32 = 64;
const MAX_COUNT: f32 = 400;

const DECAY: f32 = 0.9995;
/** Added to the diagonal: a share of it, and a constant. */
const RELATIVE_RIDGE: f32 = 1e-3;
const RIDGE: f32 = 0.5;
/** Observations before the first solution, and at least between two. */
const FIRST: i32 = 32;
const GAP: i32 = 64;

/** The regressors of the current coefficient, then 0, f32[FLOATS]; dequantised and divided by 32. */
export const regressors: usize = memory.data(FLOATS * 4, 16);
const scaled: usize = memory.data(FLOATS * 4, 16);

let triangles: usize = 0; // f32[FITS][triangle]
let solutions: usize = 0; // f32[FITS][FLOATS]
let counts: usize = 0; // i32[FITS][2]: observations, and their number at the next solution
let errors: usize = 0; // f32[FITS][LEVELS][2]: sum of absolute errors, in steps, and their number
let scratch: usize = 0;

const TRIANGLE: usize = (<usize>triangleFloats(PANELS)) << 2;
const SOLUTION: usize = (<usize>FLOATS) << 2;

export function reserveRegression(): void {
  triangles = reserve(<usize>FITS * TRIANGLE);
  solutions = reserve(<usize>FITS * SOLUTION);
  counts = reserve((<usize>FITS) << 3);
  errors = reserve(2 * <usize>FITS * <usize>LEVELS * 8);
  scratch = reserve(TRIANGLE);
}

export function startRegression(): void {
  memory.fill(triangles, 0, <usize>FITS * TRIANGLE);
  memory.fill(solutions, 0, <usize>FITS * SOLUTION);
  memory.fill(errors, 0, 2 * <usize>FITS * <usize>LEVELS * 8);
  for (let i: usize = 0; i < <usize>FITS; i++) {
    store<i32>(counts + (i << 3), 0);
    store<i32>(counts + (i << 3), FIRST, 4);
  }
  memory.fill(regressors, 0, SOLUTION);
}

/** Returns the prediction of a fit, dequantised and divided by 32; 0 before its first solution. */
export function predict(fit: i32): f32 {
  return dot(solutions + <usize>fit * SOLUTION, regressors, PANELS);
}

/** Returns whether the fit has a solution. */
export function isFitted(fit: i32): bool {
  return load<i32>(counts + ((<usize>fit) << 3), 4) > FIRST;
}

/**
 * Observes the value that `regressors` predicted.
 * @param value dequantised and divided by 32
 * @param root square root of the observation's weight
 */
export function learnRegression(fit: i32, value: f32, root: f32): void {
  const factor = f32x4.splat(root);
  for (let i: usize = 0; i < SOLUTION; i += 16) v128.store(scaled + i, f32x4.mul(factor, v128.load(regressors + i)));
  store<f32>(scaled + ((<usize>REGRESSORS) << 2), root * value);
  accumulate(triangles + <usize>fit * TRIANGLE, scaled, PANELS, DECAY);
  const count = counts + ((<usize>fit) << 3);
  const seen = load<i32>(count) + 1;
  store<i32>(count, seen);
  if (seen < load<i32>(count, 4)) return;
  store<i32>(count, seen + max(GAP, seen >> 3), 4);
  memory.copy(scratch, triangles + <usize>fit * TRIANGLE, TRIANGLE);
  addRelativeRidge();
  solve(scratch, REGRESSORS, PANELS, RIDGE, solutions + <usize>fit * SOLUTION);
}

function addRelativeRidge(): void {
  let block = scratch;
  for (let left: usize = <usize>PANELS; left > 0; block += left << 6, left--) {
    for (let i: usize = 0; i < 80; i += 20) store<f32>(block + i, load<f32>(block + i) * (1 + RELATIVE_RIDGE));
  }
}

/** Returns the mean absolute error, in steps, of the fit's predictions at a level, with a prior that counts as `weight`. */
export function meanError(fit: i32, uncertainty: u32, prior: f32, weight: f32): f32 {
  const at = errorAt(fit, uncertainty);
  return (load<f32>(at) + prior * weight) / (load<f32>(at, 4) + weight);
}

/** Adds an absolute error, in steps. */
export function learnError(fit: i32, uncertainty: u32, error: f32): void {
  const at = errorAt(fit, uncertainty);
  const sum = load<f32>(at) + error;
  const count = load<f32>(at, 4) + 1;
  const keep: f32 = count > MAX_COUNT ? 0.5 : 1;
  store<f32>(at, sum * keep);
  store<f32>(at, count * keep, 4);
}

function errorAt(fit: i32, uncertainty: u32): usize {
  return errors + ((<usize>fit * <usize>LEVELS + <usize>min(uncertainty, LEVELS - 1)) << 3);
}
