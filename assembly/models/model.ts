/**
 * Dispatch to the current model. To add a model, add a module and a line to each function here; the loop, the mixer and
 * the coder do not change. Codes are those of `engineCode` in `src/model/`.
 *
 * `c` counts the channels of a pixel in the model's coding order, which is also their order in the history.
 */
import { SPEC } from '../memory';
import { sampleChannel } from './photo/channel-order';
import { centre, secondPrediction } from './photo/features';
import * as layout from './photo/layout';
import * as photo from './photo/photo';
import * as pixelrnn from './pixelrnn/network';
import { gradient, mean } from './plain-predictions';

const PIXELRNN: i32 = 1;
const PHOTO: i32 = 2;

let isPhoto: bool = false;
let channels: i32 = 0;

/**
 * Reserves memory for the model whose spec is at SPEC. Returns its number of weights, or -1 for an unknown
 * architecture.
 */
export function configure(architecture: i32): i32 {
  channels = load<i32>(SPEC); // first in every spec
  isPhoto = architecture === PHOTO;
  if (isPhoto) return photo.configure();
  if (architecture === PIXELRNN) return pixelrnn.configure();
  return -1;
}

/** Packs the weights, which the host has written at WEIGHTS. */
export function prepare(): void {
  if (!isPhoto) pixelrnn.prepare();
}

/** Returns whether the model's mixer is the lean one (mixer/experts.ts). */
export function hasLeanMixer(): bool {
  return isPhoto && layout.hasLeanMixer;
}

/** Returns whether the model reads the history (`history.ts`), which otherwise only the mixer needs. */
export function readsHistory(): bool {
  return isPhoto;
}

/**
 * Begins a tile.
 * @param learn whether to learn while coding; models that do not learn ignore it
 * @param depth bits of a sample; ignored by the paper's networks, whose output determines it
 */
export function startTile(width: i32, learn: bool, depth: i32): void {
  if (isPhoto) photo.startTile(width, learn, depth);
  else pixelrnn.startTile(width);
}

export function startPixel(x: i32, y: i32): void {
  if (isPhoto) photo.startPixel(x, y);
  else pixelrnn.startPixel(x, y);
}

/** Returns the image channel that is coded as number c. */
export function sampleOf(c: i32): i32 {
  return isPhoto ? sampleChannel(c, channels) : c;
}

/** Sets the distribution of channel c, after the channels before it have been observed. */
export function predict(c: i32): void {
  if (isPhoto) photo.predict(c);
  else pixelrnn.predict(c);
}

/** Returns the first of two further predictions of channel c for the mixer, on the 8-bit scale like the history. */
export function hintA(c: i32): f32 {
  return isPhoto ? centre(c) : gradient(c);
}

export function hintB(c: i32): f32 {
  return isPhoto ? secondPrediction(c) : mean(c);
}

/** Observes the value of channel c; `coded` is false if both sides knew it. */
export function observe(c: i32, value: i32, coded: bool): void {
  if (isPhoto) photo.observe(c, value, coded);
  else pixelrnn.observe(c, value);
}
