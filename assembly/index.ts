/** The engine's exports: what the host (`src/engine/engine.ts`) calls. Addresses are those of the memory map. */
import { INTERVALS, SAMPLES, SPEC, STREAM, WEIGHTS, commitReservations, resetReservations } from './memory';
import * as model from './models/model';

export { MAX_TILE_PIXELS, MAX_TILE_WIDTH } from './memory';
export { codeLengthOf, codeRows, finish, start } from './loop';

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

export function weightsAt(): usize {
  return WEIGHTS;
}

/**
 * Lays out memory for the model whose spec the host has written; returns the number of weights that it takes, -1 for an
 * unknown architecture, -2 where memory is refused. The host then writes the weights and calls `prepare`.
 */
export function configure(architecture: i32): i32 {
  resetReservations();
  const weights = model.configure(architecture);
  return commitReservations() ? weights : -2;
}

export function prepare(): void {
  model.prepare();
}
