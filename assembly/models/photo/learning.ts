/**
 * Learning while coding: after every segment the heads and the last block, or all blocks, take one Adam step on the
 * segment's code length in bits per sub-pixel. Encoder and decoder do the same, from values both know by then; each tile
 * begins with the shipped weights.
 */
import { mixtureGradient } from '../../distributions/mixture-gradient';
import { adamUpdate, squaredNorm } from '../../kernels/adam';
import { LN2 } from '../../kernels/log';
import { reserveFloats } from '../../memory';
import { configureBackward, segmentGradient } from './backward';
import { bytes, channels, components, learnedMatrix, learnsAll, weightCount } from './layout';
import { length, slopesAt } from './segment';

const RATE: f64 = 6e-4;
/** The rate where all blocks learn. */
const RATE_OF_ALL: f64 = 3e-4;
const BETA1: f64 = 0.8;
const BETA2: f64 = 0.99;
/** Gradients are clipped to this norm. */
const MAX_NORM: f64 = 1;
/** Smaller powers of the betas become 0. */
const TINY_POWER: f64 = 1e-30;

/** Number of weights that learn. */
let count: i32 = 0;
let gradient: usize = 0; // f32[count]
/** Adam's moments. */
let first: usize = 0; // f32[count]
let second: usize = 0; // f32[count]
/** The betas to the power of the number of steps. */
let power1: f64 = 1;
let power2: f64 = 1;
/** Whether the current segment has a value to learn from. */
let anyValue: bool = false;

export function configureLearning(): void {
  count = weightCount - <i32>(learnedMatrix() >> 2);
  gradient = reserveFloats(count);
  first = reserveFloats(count);
  second = reserveFloats(count);
  configureBackward();
}

/** Begins a tile: resets the optimizer. */
export function startLearning(): void {
  memory.fill(first, 0, bytes(count));
  memory.fill(second, 0, bytes(count));
  power1 = 1;
  power2 = 1;
  anyValue = false;
}

/**
 * Records the gradient of the code length of channel c's value at the segment's pixel `slot` with respect to its
 * parameters, f32[P]; value and centre in units of a sample of `depth` bits.
 */
export function learnValue(c: i32, slot: i32, parameters: usize, value: i32, centre: f32, depth: i32, unit: f32): void {
  const weight = 1 / (LN2 * <f64>(length * channels));
  mixtureGradient(parameters, components, value, centre, depth, <f64>unit, weight, slopesAt(c, slot));
  anyValue = true;
}

/** Records that channel c's value at the segment's pixel `slot` was not coded, so there is nothing to learn from it. */
export function skipValue(c: i32, slot: i32): void {
  memory.fill(slopesAt(c, slot), 0, bytes(3 * components));
}

/**
 * Takes the step, after all values of the segment are recorded. Returns false, without a step, if all were skipped. An
 * infinite gradient only lets the moments decay.
 */
export function learnSegment(weights: usize): bool {
  if (!anyValue) return false;
  anyValue = false;
  segmentGradient(gradient);
  const norm = sqrt(squaredNorm(gradient, count));
  const scale = <f32>(norm > MAX_NORM ? MAX_NORM / norm : 1);
  power1 = flushed(power1 * BETA1);
  power2 = flushed(power2 * BETA2);
  const learned = weights + learnedMatrix();
  const rate = learnsAll ? RATE_OF_ALL : RATE;
  adamUpdate(learned, gradient, first, second, count, scale, rate, BETA1, BETA2, power1, power2);
  return true;
}

/** Returns the address of the last segment's gradient, before clipping; for tests. */
export function gradientAt(): usize {
  return gradient;
}

function flushed(power: f64): f64 {
  return power < TINY_POWER ? 0 : power;
}
