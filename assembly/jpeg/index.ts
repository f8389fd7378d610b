/**
 * The coder of JPEG coefficients (docs/format/jpeg.md). The host describes the components by `describe` and the steps
 * at `quantisationAt()`, chooses by `setMeasuring` whether an encoder measures blocks, calls `prepare`, writes coefficients at `coefficientsAt(i)` or a payload at `streamAt()`, and
 * calls `start`, `codeSteps` and, when encoding, `finish`.
 *
 * A step is one row of MCUs: `vertical` rows of blocks of each component, component by component.
 */
import * as decoder from '../coder/decoder';
import * as encoder from '../coder/encoder';
import { commitReservations, reserve, resetReservations } from '../palette/memory';
import { startBits } from './block-bits';
import { codeBlock, startBlocks } from './coefficients';
import {
  blocksOf,
  clearCoefficients,
  componentAt,
  quantisation,
  reserveComponent,
  setComponent,
  startComponent,
} from './components';
import { startTransforms } from './dct';
import { startDecisions } from './decision';
import { START_LENGTH, reserveNetworks, startNetworks } from './network';
import { START_NETWORKS } from './start-network';
import { FAMILIES, familyAt, networking, regressing, reserveFamilies, startFamilies, weightsOfEffort } from './state';
import { reserveRegression, startRegression } from './regression';

export { keepStart } from './training';
export { setMeasuring } from './block-bits';

let count: i32 = 0;
let stream: usize = 0;
let room: i32 = 0;
let encoding: bool = true;

/** Returns the address of the quantisation steps, u16[4 components][64], natural order. */
export function quantisationAt(): usize {
  return quantisation;
}

/** Describes component i: its sampling factors, and its size in blocks. */
export function describe(i: i32, horizontal: i32, vertical: i32, wide: i32, high: i32): void {
  setComponent(i, horizontal, vertical, wide, high);
}

/**
 * Lays out memory for an image of the described components.
 * @param effort 1 without least squares, 2 and 3 with them
 * @param streamBytes length of the payload to decode, or the limit when encoding
 * @returns false if the memory cannot be allocated
 */
export function prepare(components: i32, effort: i32, streamBytes: i32): bool {
  count = components;
  room = streamBytes;
  resetReservations();
  let blocks = 0;
  for (let i = 0; i < count; i++) blocks += blocksOf(i);
  reserveFamilies(effort, blocks);
  if (regressing) reserveRegression();
  if (networking) reserveNetworks();
  for (let i = 0; i < count; i++) reserveComponent(i);
  stream = reserve(<usize>room);
  return commitReservations();
}

/** Returns the address of the coefficients of component i, i16[high][wide][64], natural order. */
export function coefficientsAt(i: i32): usize {
  return componentAt(i).coefficients;
}

/** Returns the address of the bits of component i, f32[high][wide][2], if they are measured: AC, then DC. */
export function bitsAt(i: i32): usize {
  return componentAt(i).bits;
}

export function streamAt(): usize {
  return stream;
}

/** For training: returns the address of the start weights of the prepared effort, and their number, i16. */
export function startWeightsAt(): usize {
  return weightsOfEffort();
}

export function startWeightsLength(): i32 {
  let bytes: usize = 0;
  for (let i = 0; i < FAMILIES; i++) bytes += 2 * familyAt(i).vectorBytes;
  return <i32>(bytes >> 1);
}

/** Returns the address of the start of the networks, and its number of weights, likewise. */
export function startNetworksAt(): usize {
  return START_NETWORKS;
}

export function startNetworksLength(): i32 {
  return START_LENGTH;
}

/** Begins coding. */
export function start(decode: bool): void {
  encoding = !decode;
  startTransforms();
  startFamilies();
  if (regressing) startRegression();
  if (networking) startNetworks();
  startBlocks();
  startBits();
  for (let i = 0; i < count; i++) {
    startComponent(i);
    if (decode) clearCoefficients(i);
  }
  startDecisions(decode);
  if (decode) decoder.start(stream, room);
  else encoder.start(stream, room);
}

/**
 * Codes steps `from` to `to` - 1.
 * @returns false if the stream is full
 */
export function codeSteps(from: i32, to: i32): bool {
  for (let step = from; step < to; step++) {
    for (let i = 0; i < count; i++) {
      const c = componentAt(i);
      const end = min(c.high, (step + 1) * c.vertical);
      for (let by = step * c.vertical; by < end; by++) {
        for (let bx = 0; bx < c.wide; bx++) codeBlock(i, bx, by);
        if (encoding && encoder.overflowed()) return false;
      }
    }
  }
  return true;
}

/** Ends the stream. Returns its length, or -1 if it is full. */
export function finish(): i32 {
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}
