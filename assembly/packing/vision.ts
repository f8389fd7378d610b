/** Measures how far an encoder searches, from the steps to the matches that it chose: the second pass. */
import { reserve } from '../palette/memory';
import { stepsTo } from './chain-walks';
import { COUNT_STEPS, FAR, insertToken, setInsertion, setVision, startChains } from './chains';
import { ENTRY_BYTES, FRONT_BYTES, findFront, incomplete } from './matches';
import { isOfThree } from './hashes';
import { at, count, headPositions, maxDistance, minLength, sources, tailPositions, wholeLength } from './insertion';
import { MAX_MATCH, MIN_MATCH } from './symbols';

/** Lengths of matches are distinguished below this. */
const LENGTHS: i32 = MAX_MATCH + 1;
/** Maximum number of surprises: matches of positions where the encoder should see none. */
export const MAX_SURPRISES: i32 = 65536;

let front: usize = 0;
/** How many matches need so many steps, along both kinds of chains, and pass such a length: u32 each. */
const MAX_STEPS: i32 = 4096;
const SHORT_STEPS: i32 = 64;
let steps4: usize = 0;
const steps3: usize = memory.data((SHORT_STEPS + 1) * 4, 4);
const passed: usize = memory.data(LENGTHS * 4, 4);
/** Changes of how many matches are the longest within so many steps, i32. */
let longest: usize = 0;
/** Steps of a trial of a hash. */
const TRIAL_STEPS: i32 = 512;
/** One match of so many may be beyond the bounds. */
const OUTLIERS: i32 = 2048;
/** The same for steps of four bytes, and how clear their edge must be. */
const RARE_STEPS: i32 = 200;
const MIN_SHARPNESS: f64 = 2.5;

export let maxSteps: i32 = 0;
export let maxSteps3: i32 = 0;
/** The hash of four bytes with the fewest steps. */
export let hash: i32 = 0;
export let niceLength: i32 = 0;
/** How many matches are the longest within the best number of steps: nearly all, unless the parser is optimal. */
export let agreeing: i32 = 0;
/** Numbers of the tokens that are surprises, u32[MAX_SURPRISES]. */
export let surprises: usize = 0;
export let surpriseCount: i32 = 0;

export function reserveVision(): void {
  front = reserve(FRONT_BYTES);
  steps4 = reserve((MAX_STEPS + 1) * 4);
  longest = reserve((MAX_STEPS + 2) * 4);
  surprises = reserve((<usize>MAX_SURPRISES) << 2);
}

/** Begins to measure how far an encoder with this hash searches; a trial counts fewer steps. */
export function startSight(raw: usize, rawLength: i32, assumed: i32, from: i32, trial: bool): void {
  hash = assumed;
  const steps = trial ? TRIAL_STEPS : COUNT_STEPS;
  setInsertion(wholeLength, headPositions, tailPositions);
  setVision(minLength, maxDistance, steps, COUNT_STEPS, MAX_MATCH, hash);
  startChains(raw, rawLength, from);
  memory.fill(steps4, 0, (MAX_STEPS + 1) * 4);
  memory.fill(steps3, 0, (SHORT_STEPS + 1) * 4);
  memory.fill(passed, 0, LENGTHS * 4);
  memory.fill(longest, 0, (MAX_STEPS + 2) * 4);
}

/** Measures a token. Matches end at `limit`. */
export function seeSteps(p: i32, length: i32, distance: i32, limit: i32): void {
  if (length > 1) {
    const n = findFront(p, limit, front);
    let before = 0;
    for (let k = 0; k < n; k++) {
      const entry = front + <usize>k * ENTRY_BYTES;
      const reached = <i32>load<u16>(entry);
      const steps = <i32>load<u16>(entry, 4);
      if (reached === length && <i32>load<u16>(entry, 2) + 1 === distance) {
        // A search that ends at a good length would not have passed a nearer match of that length.
        count(passed, before + 1);
        const next = k + 1 < n ? <i32>load<u16>(entry + ENTRY_BYTES, 4) : MAX_STEPS;
        // Chains of three bytes have steps of their own.
        const apart = length === MIN_MATCH && !isOfThree(hash);
        count(longest, apart ? 1 : min(steps + 1, MAX_STEPS));
        store<i32>(at(longest, next + 1), load<i32>(at(longest, next + 1)) - 1);
        if (length > MIN_MATCH) count(steps4, min(steps + 1, MAX_STEPS));
        else count(steps3, min(steps + 1, SHORT_STEPS));
        break;
      }
      if (reached >= length) {
        count(steps4, min(MAX_STEPS, max(steps, stepsTo(p, distance)) + 1));
        break;
      }
      before = reached;
    }
  }
  insertToken(p, length);
}

/** Returns the largest value of a histogram, or half of it or less if only outliers are beyond. */
function boundOf(histogram: usize, last: i32, rarity: i32): i32 {
  let total = 0;
  for (let v = 0; v <= last; v++) total += load<i32>(at(histogram, v));
  while (last > 0 && load<i32>(at(histogram, last)) === 0) last--;
  let beyond = 0;
  let bound = last;
  while (bound > 0) {
    beyond += load<i32>(at(histogram, bound));
    if (<i64>beyond * <i64>rarity > <i64>total) break;
    bound--;
  }
  return 2 * bound <= last ? bound : last;
}

/**
 * Returns where a histogram of steps ends: at the number that divides many from few, relative to those that are nearly
 * as large, or at the largest one.
 */
function edgeOf(histogram: usize, last: i32): i32 {
  let total = 0;
  for (let v = 0; v <= last; v++) total += load<i32>(at(histogram, v));
  while (last > 0 && load<i32>(at(histogram, last)) === 0) last--;
  let edge = last;
  let sharpest = MIN_SHARPNESS;
  let beyond = 0;
  for (let v = last; v > 0; v--) {
    if (beyond * RARE_STEPS > total) break;
    let near = 0;
    for (let u = v; 2 * u > v; u--) near += load<i32>(at(histogram, u));
    const sharpness = <f64>near / (<f64>beyond + <f64>total / 2000);
    if (sharpness > sharpest) {
      sharpest = sharpness;
      edge = v;
    }
    beyond += load<i32>(at(histogram, v));
  }
  return edge;
}

/** Returns how many matches are the longest within the best number of steps. */
export function agreementOf(): i32 {
  let most = 0;
  let sum = 0;
  for (let v = 0; v <= MAX_STEPS + 1; v++) {
    sum += load<i32>(at(longest, v));
    most = max(most, sum);
  }
  return most;
}

export function endSight(): void {
  agreeing = agreementOf();
  maxSteps = edgeOf(steps4, MAX_STEPS);
  const isFar = maxSteps >= FAR;
  if (isFar) maxSteps = MAX_STEPS;
  maxSteps3 = isFar ? SHORT_STEPS : boundOf(steps3, SHORT_STEPS, OUTLIERS);
  niceLength = max(1, boundOf(passed, LENGTHS - 1, isFar ? i32.MAX_VALUE : OUTLIERS));
}

/** Ends the choice of a hash. */
export function setHash(chosen: i32): void {
  hash = chosen;
}

/** Sets what is known of an encoder with a table. */
export function setSight(known: i32, steps: i32): void {
  hash = known;
  maxSteps = steps;
  maxSteps3 = 0;
  niceLength = MAX_MATCH;
  agreeing = sources;
}

/** Begins to look for surprises: matches that an encoder with the vision that was set should not see. */
export function startSurprises(raw: usize, rawLength: i32): void {
  startChains(raw, rawLength, 0);
  surpriseCount = 0;
}

export function forgetSurprises(): void {
  surpriseCount = 0;
}

/** Looks at a token, by its number. Matches end at `limit`. */
export function seeSurprise(p: i32, length: i32, number: i32, limit: i32): void {
  if (length > 1 && findFront(p, limit, front) === 0 && !incomplete) {
    if (surpriseCount < MAX_SURPRISES) store<u32>(at(surprises, surpriseCount), <u32>number);
    surpriseCount++;
  }
  insertToken(p, length);
}
