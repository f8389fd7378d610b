/**
 * Guesses of a sample's bits from four smooth predictions: each is the mean of a logistic distribution, whose scale
 * follows the errors of the prediction in similar surroundings. Only these predict values that have not occurred yet.
 */
import { limit4, logRatio4, squash4 } from '../mixer/logistic';
import { reserve } from './memory';

/** Number of f32x4 of mean absolute errors: for each of 4 channels and 16 kinds of surroundings. */
const KINDS: i32 = 64;
let errors: usize = 0;
let error: usize = 0;
let means: v128 = f32x4.splat(0);
let inverses: v128 = f32x4.splat(0);

/** A mean absolute error of e corresponds to a scale of about e / 1.39, with this minimum, in units of the samples. */
const SCALE: f32 = 0.7;
const MIN_SCALE: f32 = 0.12;
const RATE: f32 = 0.04;
const MAX_LOGIT: f32 = 8;
/** Added to both shares, because both underflow far out in a tail. */
const TINY: f32 = 1e-20;

export function reserveGuesses(): void {
  errors = reserve((<usize>KINDS) << 4);
}

/** Resets the errors to 1/32 of the range, and at least to 1. */
export function startGuesses(depth: i32): void {
  const start = max<f32>(1, <f32>(1 << depth) / 32);
  for (let i: usize = 0; i < <usize>KINDS; i++) v128.store(errors + (i << 4), f32x4.splat(start));
}

/** Sets the four predictions of a sample and the kind of its surroundings. */
export function openGuesses(a: i32, b: i32, c: i32, d: i32, kind: i32): void {
  error = errors + ((<usize>kind) << 4);
  let lanes = i32x4.splat(a);
  lanes = i32x4.replace_lane(lanes, 1, b);
  lanes = i32x4.replace_lane(lanes, 2, c);
  lanes = i32x4.replace_lane(lanes, 3, d);
  means = f32x4.convert_i32x4_s(lanes);
  const scale = f32x4.add(f32x4.mul(v128.load(error), f32x4.splat(SCALE)), f32x4.splat(MIN_SCALE));
  inverses = f32x4.div(f32x4.splat(1), scale);
}

/** Writes four logits of the bit that divides low .. low + 2 half - 1. */
export function guessInputs(low: i32, half: i32, inputs: usize): void {
  const middle = f32x4.sub(f32x4.splat(<f32>(low + half) - 0.5), means);
  // To the right of its mean a distribution is mirrored, because its tail is precise on the left.
  const sign = v128.and(f32x4.gt(middle, f32x4.splat(0)), i32x4.splat(0x80000000));
  const step = f32x4.splat(<f32>half);
  const below = squash4(v128.xor(f32x4.mul(f32x4.sub(middle, step), inverses), sign));
  const at = squash4(v128.xor(f32x4.mul(middle, inverses), sign));
  const above = squash4(v128.xor(f32x4.mul(f32x4.add(middle, step), inverses), sign));
  const tiny = f32x4.splat(TINY);
  const ones = f32x4.add(f32x4.abs(f32x4.sub(above, at)), tiny);
  const zeros = f32x4.add(f32x4.abs(f32x4.sub(at, below)), tiny);
  v128.store(inputs, limit4(logRatio4(ones, zeros), MAX_LOGIT));
}

export function learnGuesses(value: i32): void {
  const distance = f32x4.abs(f32x4.sub(f32x4.splat(<f32>value), means));
  const old = v128.load(error);
  v128.store(error, f32x4.add(old, f32x4.mul(f32x4.sub(distance, old), f32x4.splat(RATE))));
}
