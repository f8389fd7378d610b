/**
 * Binary decisions: converts the probability of a 1 to counts out of 2^22, of which a 0 has the first `split` and a 1
 * the rest.
 */
import { TOTAL } from './constants';
import * as decoder from './decoder';
import * as encoder from './encoder';

/** Bounds of a decision's probabilities: one count, and all but one. */
const LOWER: f64 = 1 / <f64>TOTAL;
const UPPER: f64 = 1 - LOWER;

/** Returns p clamped to the bounds; a NaN becomes the lower one. */
export function bounded(p: f64): f64 {
  return p > LOWER ? (p < UPPER ? p : UPPER) : LOWER;
}

/** Returns the count of a 0, 1 to 2^22 - 1: 2^22 - floor(p 2^22 + 1/2), where p is the bounded probability of a 1. */
export function splitOf(p: f64): u32 {
  return TOTAL - <u32>(p * <f64>TOTAL + 0.5);
}

/** Returns the start of a decision's cumulative counts; `highOf` returns the end. */
export function lowOf(split: u32, one: bool): u32 {
  return one ? split : 0;
}

export function highOf(split: u32, one: bool): u32 {
  return one ? TOTAL : split;
}

export function encodeDecision(split: u32, one: bool): void {
  encoder.encode(lowOf(split, one), highOf(split, one));
}

export function decodeDecision(split: u32): bool {
  const one = decoder.isFrom(split);
  decoder.consume(lowOf(split, one), highOf(split, one));
  return one;
}
