/**
 * The engine's exports, called by the host (`src/engine/engine.ts`). Addresses refer to the memory map (`memory.ts`).
 */
import { configureHistory } from './history';
import {
  INTERVALS,
  KNOWN,
  SAMPLES,
  SMALL,
  SPEC,
  STREAM,
  WEIGHTS,
  commitReservations,
  reserveFloats,
  resetReservations,
} from './memory';
import { configureMixer, copyState, prepareMixer } from './mixer/mixer';
import * as model from './models/model';

export { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from './tile-limits';
// For training: the network inputs of `photo` (src/engine/photo-features.ts).
export { configureRecords, recordRow, recordsAt, startRecords } from './models/photo/records';
export { setTemperature } from './distributions/temperature';
export { setSmallHeight } from './models/pixelrnn/small';
export {
  bytesToDecode,
  codeLengthOf,
  codeRows,
  encodedBytes,
  extendStream,
  finish,
  intervalCount,
  limitValues,
  modelCodeLengthOf,
  start,
} from './loop';

/** The start state of the mixer, f32[mixerFloats]. */
let mixerState: usize = 0;
let mixerFloats: i32 = 0;

export function specAt(): usize {
  return SPEC;
}

export function samplesAt(): usize {
  return SAMPLES;
}

export function streamAt(): usize {
  return STREAM;
}

export function intervalsAt(): usize {
  return INTERVALS;
}

export function knownAt(): usize {
  return KNOWN;
}

/** Returns the address where the host writes the small image before `setSmallHeight` and `start`. */
export function smallAt(): usize {
  return SMALL;
}

export function weightsAt(): usize {
  return WEIGHTS;
}

export function mixerStateAt(): usize {
  return mixerState;
}

export function mixerStateLength(): i32 {
  return mixerFloats;
}

/** Makes the mixer state learned in the last tile the start state of the next ones. Used to train the start state. */
export function keepMixerState(): void {
  copyState(mixerState);
  prepareMixer(mixerState);
}

/**
 * Lays out memory for the model whose spec the host has written. Returns its number of weights, -1 for an unknown
 * architecture, or -2 if memory cannot be allocated. The host then writes the weights and, if the model has one, the
 * mixer's start state, and calls `prepare`.
 */
export function configure(architecture: i32): i32 {
  resetReservations();
  const weights = model.configure(architecture);
  if (weights < 0) return weights;
  const channels = load<i32>(SPEC); // first in every spec
  configureHistory(channels);
  mixerFloats = configureMixer(channels, model.hasLeanMixer());
  mixerState = reserveFloats(mixerFloats);
  return commitReservations() ? weights : -2;
}

/**
 * Packs the weights.
 * @param hasMixerState whether the host has written a start state for the mixer; otherwise the mixer uses its default
 */
export function prepare(hasMixerState: bool): void {
  model.prepare();
  prepareMixer(hasMixerState ? mixerState : 0);
}
