/**
 * One binary decision: contexts select slots; slots and maps give inputs, which are mixed to a logit, refined by two
 * APMs, coded and learned. The caller first sets `hashes`, the vectors of the mixing and the extra inputs.
 */
import { bounded, decodeDecision, encodeDecision, splitOf } from '../coder/decisions';
import { POINTS, apm, apmProbability, chooseApms, learnProbabilities, pointLogit } from '../mixer/probability-maps';
import { squash4 } from '../mixer/logistic';
import { learnMaps, mapInputs } from './maps';
import { reserve } from './memory';
import { chooseWeights, inputs, learnWeights, mix } from './mixing';
import { counts, learnSlots, openSlots } from './slots';

/** APMs of each of the two kinds: 512 for hits, then as many for escapes. */
const APMS: i32 = 1024;
export const ESCAPE_APMS: i32 = 512;
const APM_BYTES: usize = <usize>(APMS * POINTS * 4);
/** Decisions with a larger logit are confident: the APMs do not refine them. */
const CONFIDENT_LOGIT: f32 = 7.5;
/** Smaller errors are not learned from. */
const MIN_ERROR: f32 = 0.0008;
/** The weights' learning rate: higher at the start of a tile. */
const RATE: f32 = 0.01;
const EARLY_RATE: f32 = 0.02;
const DECAY: f32 = 0.002;
/** Minimum rates of slots and maps. */
const SLOT_RATE: f32 = 1.0 / 60;
const MAP_RATE: f32 = 1.0 / 250;

let apms: usize = 0;
let decoding: bool = false;
/** Number of learning steps of the weights. */
let steps: f32 = 0;

export function reserveApms(): void {
  apms = reserve(2 * APM_BYTES);
}

export function startDecisions(decode: bool): void {
  decoding = decode;
  steps = 0;
  for (let i = 0; i < POINTS; i++) {
    const p = f32x4.extract_lane(squash4(f32x4.splat(pointLogit(i))), 0);
    store<f32>(apms + ((<usize>i) << 2), p);
  }
  for (let at = apms + <usize>POINTS * 4; at < apms + 2 * APM_BYTES; at += <usize>POINTS * 4) {
    memory.copy(at, apms, <usize>POINTS * 4);
  }
}

/**
 * Codes one decision and returns it. When decoding, `one` is ignored.
 * @param set of the maps
 * @param seenFrom index of the first of the vectors of set 3 that are selected by which of contexts 0 to 7 are in use
 * @param node of the hashes, 0 to 15
 * @param apm0 number of an APM of the first kind, apm1 of the second
 */
export function decide(one: bool, set: i32, apm0: i32, apm1: i32, seenFrom: i32, node: u32): bool {
  openSlots(node);
  chooseWeights(3, seenFrom + seen());
  mapInputs(set, inputs);
  const z = mix();
  const mixed = f32x4.extract_lane(squash4(f32x4.splat(z)), 0);
  const confident = abs<f32>(z) > CONFIDENT_LOGIT;
  let p = mixed;
  if (!confident) {
    chooseApms(apm(apms, apm0), apm(apms + APM_BYTES, apm1));
    const refined = apmProbability(z);
    p = mixed * 0.5 + refined * 0.5;
  }
  const split = splitOf(bounded(<f64>p));
  if (decoding) one = decodeDecision(split);
  else encodeDecision(split, one);
  const bit = <i32>one;
  learnSlots(bit, SLOT_RATE);
  learnMaps(bit, MAP_RATE);
  if (!confident) learnProbabilities(bit);
  const error = <f32>bit - mixed;
  if (abs<f32>(error) > MIN_ERROR) {
    learnWeights(bit, error, RATE + EARLY_RATE / (1 + steps * DECAY));
    steps += 1;
  }
  return one;
}

/** Returns which of contexts 0 to 7 have been seen, a bit each. */
function seen(): i32 {
  const zero = f32x4.splat(0);
  return i32x4.bitmask(f32x4.gt(v128.load(counts), zero)) | (i32x4.bitmask(f32x4.gt(v128.load(counts, 16), zero)) << 4);
}

/** Codes a decision with probability 1/2. */
export function decideEvenly(one: bool): bool {
  const half = splitOf(0.5);
  if (decoding) return decodeDecision(half);
  encodeDecision(half, one);
  return one;
}

/** Codes a decision with probability p of a 1. */
export function decideWith(one: bool, p: f64): bool {
  const split = splitOf(bounded(p));
  if (decoding) return decodeDecision(split);
  encodeDecision(split, one);
  return one;
}
