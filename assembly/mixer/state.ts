/**
 * The trained part of the mixer, which goes on learning in every tile, all f32: the weights of both layers and the
 * probability maps. What depends on the image, hashed contexts and residual maps, is not part of it.
 *
 *     weights  [channels * 8 * ERROR_LEVELS][inputCount]      by channel, bit and local error
 *              [channels * CONFIDENCES][inputCount]           by channel and count of the exact colour
 *              [channels * 256][inputCount]                   by channel and node
 *              [PATTERNS][inputCount]                         by which neighbours are above the mean
 *     second   [channels * 8 * ERROR_LEVELS][SETS]
 *     apms     [channels * 256][POINTS]                   by channel and node
 *              [channels * 8 * APM_CLASSES][POINTS]       by channel, bit, local error and count of the exact colour
 */
import { SETS } from '../kernels/mixing';
import { reserveFloats } from '../memory';
import { inputCount } from './experts';
import { ERROR_LEVELS } from './local-error';
import { squash4 } from './logistic';
import { POINTS, pointLogit } from './probability-maps';

/** Number of bits of a value that the mixer refines, the most significant ones. */
export const MIXED_BITS: i32 = 8;
/** Nodes of these bits, numbered from 1. */
export const NODES: i32 = 1 << MIXED_BITS;
export const CONFIDENCES: i32 = 8;
const PATTERNS: i32 = 64;
export const APM_CLASSES: i32 = 64;
/** Weight of the model's own logit in an untrained mixer. */
const TRUST: f32 = 0.6;

let floats: i32 = 0;
/** The trained start state; 0: none. */
let start: usize = 0;
let state: usize = 0;
/**
 * Addresses of the first vectors of the four sets and of the second layer, and of the first points of the two kinds of
 * APMs.
 */
export let errorWeights: usize = 0;
export let colourWeights: usize = 0;
export let nodeWeights: usize = 0;
export let patternWeights: usize = 0;
export let secondWeights: usize = 0;
export let nodeApms: usize = 0;
export let errorApms: usize = 0;
let end: usize = 0;

/** Reserves the state. Returns its number of floats. */
export function configureState(channels: i32): i32 {
  const places = channels * MIXED_BITS;
  const errorVectors = places * ERROR_LEVELS;
  const colourVectors = channels * CONFIDENCES;
  const nodes = channels * NODES;
  const vectors = errorVectors + colourVectors + nodes + PATTERNS;
  floats = vectors * inputCount + errorVectors * SETS + (nodes + places * APM_CLASSES) * POINTS;
  state = reserveFloats(floats);
  errorWeights = state;
  colourWeights = after(errorWeights, errorVectors * inputCount);
  nodeWeights = after(colourWeights, colourVectors * inputCount);
  patternWeights = after(nodeWeights, nodes * inputCount);
  secondWeights = after(state, vectors * inputCount);
  nodeApms = after(secondWeights, errorVectors * SETS);
  errorApms = after(nodeApms, nodes * POINTS);
  end = after(state, floats);
  start = 0;
  return floats;
}

/** Makes the state at `trained` the start of all following tiles; 0: the default state. */
export function prepareState(trained: usize): void {
  start = trained;
}

export function startState(): void {
  if (start) memory.copy(state, start, (<usize>floats) << 2);
  else writeDefault();
}

/** Copies the current state to f32[] at `to`, as a start state. */
export function copyState(to: usize): void {
  memory.copy(to, state, (<usize>floats) << 2);
}

/** Writes the default state: all sets trust the model, all have equal weight, and APMs are the identity. */
function writeDefault(): void {
  memory.fill(state, 0, secondWeights - state);
  for (let at = state; at < secondWeights; at += <usize>inputCount * 4) store<f32>(at, TRUST);
  for (let at = secondWeights; at < nodeApms; at += 4) store<f32>(at, 1 / <f32>SETS);
  let point = 0;
  for (let at = nodeApms; at < end; at += 4) {
    store<f32>(at, f32x4.extract_lane(squash4(f32x4.splat(pointLogit(point))), 0));
    point = point === POINTS - 1 ? 0 : point + 1;
  }
}

function after(address: usize, count: i32): usize {
  return address + ((<usize>count) << 2);
}
