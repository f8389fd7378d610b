/**
 * The mixer (docs/format/mixer.md) learns the current tile while coding it. A value is coded bit by bit, most
 * significant first. At each of these nodes the model's probability is mixed with those of hashed contexts and residual
 * maps in the logistic domain, by weights that learn from the bit, and then refined by two adaptive probability maps.
 * Nodes at which the model is confident are skipped.
 *
 * Calls for a tile: `startMixer`; for each pixel, once the history has moved to it, `startPixelMixer`; for each of its
 * channels in coding order `startValue`, then for each bit `refine` and `update`, or `skip` if the bit is determined,
 * then `endValue` before the value enters the history.
 *
 * Everything here is on the 8-bit scale: the upper eight bits of a deeper sample; a shallower one padded with zeros.
 */
import { hashColour, hashGray } from './contexts';
import { configureExperts } from './experts';
import { clearLines, openFirstLines, openNextLines, reserveLines, writeSlots } from './hashed-lines';
import { contextInputs, generalInputs, inputs, mapInputs } from './inputs';
import {
  ERROR_LEVELS,
  configureLocalError,
  localErrorLevel,
  movePixelLocalError,
  recordError,
  startLocalError,
} from './local-error';
import { squash4 } from './logistic';
import { predictColour, predictGray } from './predictions';
import { apm, apmProbability, chooseApms, learnProbabilities } from './probability-maps';
import {
  configureResidualMaps,
  countResiduals,
  movePixelResidualMaps,
  narrowMasses,
  openHistograms,
  openNode,
  recordResiduals,
  startResidualMaps,
} from './residual-maps';
import { firstCount, learnSlots, openSlots, slots } from './slots';
import {
  APM_CLASSES,
  CONFIDENCES,
  MIXED_BITS,
  NODES,
  colourWeights,
  configureState,
  errorApms,
  errorWeights,
  nodeApms,
  nodeWeights,
  patternWeights,
  secondWeights,
  startState,
} from './state';
import {
  chooseDomain,
  codedInRow,
  codedInRowAbove,
  codedOffset,
  configureSurroundings,
  movePixelSurroundings,
} from './surroundings';
import { chooseSecond, chooseWeights, learnWeights, mix } from './weight-sets';

export { copyState, prepareState as prepareMixer } from './state';
export { chooseDomain, isDifference } from './surroundings';

/** Bits that share a line of hashed slots. */
const GROUP_BITS: i32 = 4;
/**
 * Nodes whose less likely bit has a probability below this are neither mixed nor learned from: there are many, and the
 * gain would be negligible.
 */
const SKIP_THRESHOLD: f32 = 0.006;
/** Weight of the APMs in the refined probability. */
const APM_WEIGHT: f32 = 0.4;
/** Minimum distance of a refined probability from 0 and 1: eight such bits cost 0.0002. */
const MIN_PROBABILITY: f64 = 1.0 / 65536;

let channels: i32 = 0;

/** The current value: its channel, the model's mean, and what selects weights. */
let channel: i32 = 0;
let mean: f32 = 0;
let errorLevel: i32 = 0;
let pattern: i32 = 0;
/** The current node: its depth; a 1 followed by the bits so far; its first value and half the number of its values. */
let depth: i32 = 0;
let node: i32 = 0;
let low: i32 = 0;
let half: i32 = 0;
/** The group of four bits whose lines are selected. */
let openGroup: i32 = -1;
let isSkipped: bool = false;
/** The mixed probability, before the APMs. */
let mixed: f32 = 0;

/**
 * Reserves all memory for tiles with `channelCount` channels. Returns the number of floats of a start state.
 * @param lean whether the mixer is that of small models, with fewer experts
 */
export function configureMixer(channelCount: i32, lean: bool): i32 {
  channels = channelCount;
  configureExperts(channels, lean);
  reserveLines();
  configureResidualMaps(channels);
  configureLocalError(channels);
  configureSurroundings(channels);
  return configureState(channels);
}

/**
 * Begins a tile and discards what earlier ones have left.
 * @param differences whether the channels after the first are coded as differences from it (surroundings.ts)
 */
export function startMixer(width: i32, differences: bool): void {
  chooseDomain(differences);
  clearLines();
  startResidualMaps(width);
  startLocalError();
  startState();
}

export function startPixelMixer(x: i32, y: i32): void {
  movePixelSurroundings();
  movePixelLocalError(x, y);
  movePixelResidualMaps(x, y);
}

/**
 * Begins channel c. `expected` is the mean of the model's distribution of the sample; the other two are least-squares
 * predictions of it.
 */
export function startValue(c: i32, expected: f32, predictionA: f32, predictionB: f32): void {
  channel = c;
  const offset = <f32>codedOffset(c);
  mean = toRange(expected - offset);
  errorLevel = localErrorLevel(c);
  const m = <i32>nearest(mean);
  const a = <i32>nearest(toRange(predictionA - offset));
  const b = <i32>nearest(toRange(predictionB - offset));
  if (channels === 1) {
    hashGray(m, a, b, errorLevel);
    predictGray(m, a, b);
  } else {
    hashColour(c, a, errorLevel);
    predictColour(c, m, a, b);
  }
  openHistograms(c);
  pattern = patternOf(c, m, a, b);
  depth = 0;
  node = 1;
  low = 0;
  half = 1 << (MIXED_BITS - 1);
  openGroup = -1;
}

/**
 * Refines the model's probability that the next bit is 1, in [2^-22, 1 - 2^-22]; the result is in [2^-16, 1 - 2^-16].
 */
export function refine(p1: f64): f64 {
  const p = <f32>p1;
  const q = <f32>(1 - p1);
  isSkipped = min(p, q) < SKIP_THRESHOLD;
  if (isSkipped) return bounded(p1);
  openLines();
  openSlots(slotNode(), p);
  const logit = generalInputs(p, q);
  const confidence = confidenceOf(firstCount());
  chooseVectors(confidence);
  chooseMaps(confidence);
  openNode(low, half);
  contextInputs(p, logit);
  mapInputs(p, q, logit);
  const mixedLogit = mix(inputs);
  mixed = f32x4.extract_lane(squash4(f32x4.splat(mixedLogit)), 0);
  const refined = apmProbability(mixedLogit);
  return bounded(mixed * (1 - APM_WEIGHT) + refined * APM_WEIGHT);
}

/** Learns from the bit whose probability was refined last. */
export function update(bit: i32): void {
  if (!isSkipped) {
    learnSlots(bit);
    writeSlots(slotNode(), slots);
    learnWeights(inputs, bit, <f32>bit - mixed);
    learnProbabilities(bit);
    narrowMasses(bit);
  }
  descend(bit);
}

/** Moves past a bit that is determined: there is nothing to refine and nothing to learn. */
export function skip(bit: i32): void {
  descend(bit);
}

/** Ends the value and counts it in the residual maps. */
export function endValue(value: i32): void {
  countResiduals(channel, value);
  recordError(channel, abs(<f32>value - mean));
}

/** Ends a value that both sides know: only the errors of its predictions are recorded. */
export function endKnownValue(value: i32): void {
  recordResiduals(channel, value);
  recordError(channel, abs(<f32>value - mean));
}

/** Moves to the half of the node given by the bit. */
function descend(bit: i32): void {
  if (bit) low += half;
  half >>= 1;
  node = (node << 1) | bit;
  depth++;
}

/** Selects the lines of the current bits. */
function openLines(): void {
  const group = depth / GROUP_BITS;
  if (openGroup === group) return;
  openGroup = group;
  if (group > 0) openNextLines((node >> (depth % GROUP_BITS)) & 15);
  else openFirstLines();
}

/** Returns the node's number among the 15 of its line. */
function slotNode(): i32 {
  const before = 1 << (depth % GROUP_BITS);
  return before | (node & (before - 1));
}

function chooseVectors(confidence: i32): void {
  chooseWeights(0, errorWeights, channelBit() * ERROR_LEVELS + errorLevel);
  chooseWeights(1, colourWeights, channel * CONFIDENCES + confidence);
  chooseWeights(2, nodeWeights, channel * NODES + node);
  chooseWeights(3, patternWeights, pattern);
  chooseSecond(secondWeights, channelBit() * ERROR_LEVELS + errorLevel);
}

function chooseMaps(confidence: i32): void {
  const errorClass = min(APM_CLASSES - 1, errorLevel * 5 + (confidence >> 1));
  chooseApms(apm(nodeApms, channel * NODES + node), apm(errorApms, channelBit() * APM_CLASSES + errorClass));
}

/** Returns which neighbours and predictions are above the mean, a bit each. */
function patternOf(c: i32, m: i32, a: i32, b: i32): i32 {
  return (
    i32(codedInRow(c, -1) > m) |
    (i32(codedInRowAbove(c, 0) > m) << 1) |
    (i32(codedInRowAbove(c, 1) > m) << 2) |
    (i32(a > m) << 3) |
    (i32(b > m) << 4) |
    (i32(codedInRowAbove(c, -1) > m) << 5)
  );
}

/** Returns the index of channel and bit. */
function channelBit(): i32 {
  return channel * MIXED_BITS + depth;
}

/** Returns the class of how often the slot of the exact colour was used. */
function confidenceOf(count: i32): i32 {
  if (count < 3) return count > 0 ? 1 : 0;
  if (count < 20) return count < 8 ? 2 : 3;
  if (count < 150) return count < 60 ? 4 : 5;
  return count < 250 ? 6 : 7;
}

function bounded(p: f64): f64 {
  return max<f64>(MIN_PROBABILITY, min<f64>(1 - MIN_PROBABILITY, p));
}

function toRange(x: f32): f32 {
  return max<f32>(0, min<f32>(255, x));
}
