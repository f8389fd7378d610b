/** The mixer alone, for tests and measurements (part of build/testing.wasm). The host acts as model and coder. */
import { configureHistory, movePixel, putChannel, startHistory } from './history';
import { contexts } from './mixer/experts';
import { fourSlots, setFourContexts } from './mixer/hashed-lines';
import { commitReservations, reserveFloats, resetReservations } from './memory';
import { configureMixer, endValue, startMixer, startPixelMixer } from './mixer/mixer';

export { UNIT, countBin, massBeforeBin } from './mixer/residual-maps';
export { contexts } from './mixer/experts';
export { openFirstLines, writeSlots } from './mixer/hashed-lines';
export { copyState, prepareMixer, refine, skip, startValue, update } from './mixer/mixer';

/** Two states, written by the host. */
let states: usize = 0;

/**
 * Lays out memory for the mixer alone. Returns the number of floats of its state, or -2 if memory cannot be allocated.
 */
export function configureMixerAlone(channels: i32, lean: bool): i32 {
  resetReservations();
  configureHistory(channels);
  const floats = configureMixer(channels, lean);
  states = reserveFloats(2 * floats);
  return commitReservations() ? floats : -2;
}

export function statesAt(): usize {
  return states;
}

export function startMixerTile(width: i32): void {
  startHistory(width, 1, 255);
  startMixer(width, false);
}

export function startMixerPixel(x: i32, y: i32): void {
  movePixel(x, y);
  startPixelMixer(x, y);
}

export function endMixerValue(c: i32, value: i32): void {
  endValue(value);
  putChannel(c, <f32>value);
}

/** Sets the contexts of the current value from their hashes, u32[contexts] at `from`. */
export function setContexts(from: usize): void {
  for (let i = 0; i < contexts; i += 4) setFourContexts(i, v128.load(from + ((<usize>i) << 2)));
}

/** Copies the slots of node 1..15 of the current four bits, u32[contexts], to `slots`. */
export function readSlots(node: i32, slots: usize): void {
  for (let i: usize = 0; i < <usize>contexts * 4; i += 16) {
    v128.store(slots + i, fourSlots(node, i));
  }
}
