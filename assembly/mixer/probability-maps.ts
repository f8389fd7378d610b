/**
 * Adaptive probability maps (APMs): what a probability turned out to mean in some context. A map is 33 points over
 * logits from -8 to 8, interpolated linearly; the two points around a logit move towards the bit.
 */
export const POINTS: i32 = 33;
const RANGE: f32 = 8;
const PER_UNIT: f32 = 2;
const RATE: f32 = 0.02;
/** Points keep this distance from 0 and 1, so that none decays to a subnormal. */
const MIN_PROBABILITY: f32 = 1.0 / 65536;

/**
 * For each of the two selected maps, set by `apmProbability`: its left point, and the position of the logit to the
 * right of it.
 */
let left0: usize = 0;
let left1: usize = 0;
let share: f32 = 0;

/** Returns the logit of point i. */
export function pointLogit(i: i32): f32 {
  return <f32>i / PER_UNIT - RANGE;
}

/** Returns the address of map number `index` of those at `maps`. */
export function apm(maps: usize, index: i32): usize {
  return maps + <usize>(index * POINTS * 4);
}

/** Selects the maps at `map0` and `map1`, and prefetches them while the mixing computes. */
export function chooseApms(map0: usize, map1: usize): void {
  left0 = map0;
  left1 = map1;
  prefetch(map0);
  prefetch(map1);
}

/** Returns the mean of the selected maps at a logit. */
export function apmProbability(logit: f32): f32 {
  const position = (max<f32>(-RANGE + 0.01, min<f32>(RANGE - 0.01, logit)) + RANGE) * PER_UNIT;
  const point = <i32>position;
  share = position - <f32>point;
  left0 += (<usize>point) << 2;
  left1 += (<usize>point) << 2;
  return (between(left0) + between(left1)) * 0.5;
}

export function learnProbabilities(bit: i32): void {
  learn(left0, <f32>bit);
  learn(left1, <f32>bit);
}

/** Prefetches all cache lines of a map by loads whose results are unused. */
function prefetch(map: usize): void {
  load<f32>(map);
  load<f32>(map, 64);
  load<f32>(map, 128);
}

function between(left: usize): f32 {
  return load<f32>(left) * (1 - share) + load<f32>(left, 4) * share;
}

function learn(left: usize, bit: f32): void {
  const a = load<f32>(left);
  const b = load<f32>(left, 4);
  store<f32>(left, bounded(a + (bit - a) * RATE * (1 - share)));
  store<f32>(left, bounded(b + (bit - b) * RATE * share), 4);
}

function bounded(p: f32): f32 {
  return max<f32>(MIN_PROBABILITY, min<f32>(1 - MIN_PROBABILITY, p));
}
