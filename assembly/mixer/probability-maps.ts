/**
 * Adaptive probability maps: what a probability turned out to mean in some context. A map is 33 points over logits from
 * -8 to 8, straight lines between them; the two points around a logit move towards the bit.
 */
export const POINTS: i32 = 33;
const RANGE: f32 = 8;
const PER_UNIT: f32 = 2;
const RATE: f32 = 0.02;
/** Points stay this far from 0 and 1: nothing decays into subnormal numbers. */
const LEAST: f32 = 1.0 / 65536;

/** Each of the two maps in use, from `apmProbability` on its left point; and how far right of that the logit lies. */
let left0: usize = 0;
let left1: usize = 0;
let share: f32 = 0;

/** The logit of point i. */
export function pointLogit(i: i32): f32 {
  return <f32>i / PER_UNIT - RANGE;
}

/** Map number `index` of those at `maps`. */
export function apm(maps: usize, index: i32): usize {
  return maps + <usize>(index * POINTS * 4);
}

/** Takes the maps that begin at `map0` and `map1`, and asks memory for them: they come while the mixing is at work. */
export function chooseApms(map0: usize, map1: usize): void {
  left0 = map0;
  left1 = map1;
  askFor(map0);
  askFor(map1);
}

/** Reads the chosen maps; the answer is their mean. */
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

/** Loads that nothing uses, from all cache lines of a map. */
function askFor(map: usize): void {
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
  return max<f32>(LEAST, min<f32>(1 - LEAST, p));
}
