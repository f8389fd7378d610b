/**
 * Converts the head's features to the distribution of a sample: 256 logits for a softmax, one logit for a bit, or the
 * 3K parameters of a mixture of K logistics.
 */
import { logits, setBernoulli, setCategorical, setMixture } from '../../distributions/distribution';
import { reserveFloats } from '../../memory';
import { centre } from './frame';
import { MASK_B, applyGroup, packPadded, packedFloats } from './grouped-layer';
import { channels, components, head, output } from './layout';

/** Kinds of output, by their number in the spec; 0 is the softmax. */
export const BERNOULLI: i32 = 1;
const LOGISTICS: i32 = 2;
const VALUES: i32 = 256;
const DEPTH: i32 = 8;

/** Number of outputs per sample, and the same padded to whole vectors. */
let numbers: i32 = 0;
let room: i32 = 0;
let layer: usize = 0;
let parameters: usize = 0; // f32[room]

export function outputWeights(): i32 {
  numbers = output === BERNOULLI ? 1 : output === LOGISTICS ? 3 * components : VALUES;
  return (head + 1) * numbers * channels;
}

/** Reserves memory. Call `outputWeights` first. */
export function configureOutput(): void {
  room = (numbers + 3) & ~3;
  layer = reserveFloats(packedFloats(channels, 0, head / channels, room, MASK_B));
  parameters = reserveFloats(room);
}

export function packOutput(from: usize): void {
  packPadded(from, channels, 0, head / channels, numbers, room, MASK_B, layer);
}

/** Sets the distribution of channel c; `features` f32[head]. */
export function setOutput(c: i32, features: usize): void {
  const isSoftmax = output !== BERNOULLI && output !== LOGISTICS;
  const to = isSoftmax ? logits : parameters;
  applyGroup(layer, c, 0, head / channels, room, MASK_B, features, to);
  if (isSoftmax) setCategorical(centre(c));
  else if (output === BERNOULLI) setBernoulli(load<f32>(to));
  else setMixture(to, components, <f32>centre(c), DEPTH, 1);
}
