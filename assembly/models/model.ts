/**
 * Which model is at work. A new one is a file beside this one and a line in each function here; the loop, the mixer and
 * the coder know nothing of it. Codes are those of `engineCode` in `src/model/`.
 *
 * `c` counts the channels of a pixel in the order in which the model codes them; the history holds them in that order.
 */
import { SPEC } from '../memory';
import { sampleChannel } from './photo/channel-order';
import { centre, secondPrediction } from './photo/features';
import * as photo from './photo/photo';
import * as pixelrnn from './pixelrnn/network';
import { gradient, mean } from './plain-predictions';

const PIXELRNN: i32 = 1;
const PHOTO: i32 = 2;

let isPhoto: bool = false;
let channels: i32 = 0;

/** Reserves memory for the model with the spec at SPEC; returns its number of weights, or -1 for an unknown one. */
export function configure(architecture: i32): i32 {
  channels = load<i32>(SPEC); // first in every spec
  isPhoto = architecture === PHOTO;
  if (isPhoto) return photo.configure();
  if (architecture === PIXELRNN) return pixelrnn.configure();
  return -1;
}

/** Once the weights stand at WEIGHTS. */
export function prepare(): void {
  if (!isPhoto) pixelrnn.prepare();
}

/** Whether the model itself looks at the history (`history.ts`), which otherwise is kept for the mixer alone. */
export function readsHistory(): bool {
  return isPhoto;
}

/**
 * @param learn whether to go on learning from the samples; models that cannot do without
 * @param depth bits of a sample; those of the paper's networks have as many as their output is for
 */
export function startTile(width: i32, learn: bool, depth: i32): void {
  if (isPhoto) photo.startTile(width, learn, depth);
  else pixelrnn.startTile(width);
}

export function startPixel(x: i32, y: i32): void {
  if (isPhoto) photo.startPixel(x, y);
  else pixelrnn.startPixel(x, y);
}

/** The channel of the image that is coded as number c. */
export function sampleOf(c: i32): i32 {
  return isPhoto ? sampleChannel(c, channels) : c;
}

/** Sets the distribution of channel c, once the channels before it are observed. */
export function predict(c: i32): void {
  if (isPhoto) photo.predict(c);
  else pixelrnn.predict(c);
}

/**
 * Two predictions of channel c for the mixer, by other means than the distribution; like the history as if a sample had
 * 8 bits.
 */
export function hintA(c: i32): f32 {
  return isPhoto ? centre(c) : gradient(c);
}

export function hintB(c: i32): f32 {
  return isPhoto ? secondPrediction(c) : mean(c);
}

/** Tells the value of channel c, and whether it was coded; otherwise both sides knew it beforehand. */
export function observe(c: i32, value: i32, coded: bool): void {
  if (isPhoto) photo.observe(c, value, coded);
  else pixelrnn.observe(c, value);
}
