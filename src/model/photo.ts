import type { Architecture, TensorShape } from './architecture.js';
import { DEPTHS } from '../samples.js';
import { CAUSAL_TAPS } from './masks.js';
import { checkedChannels, checkedSize } from './spec-fields.js';
import { elementCount } from './tensor-shape.js';

/**
 * Spec of the model for photographs: least-squares predictions fitted to the neighbourhood, from which a causal network
 * computes a mixture of logistics for each sample. Channels are in coding order throughout: green, red, blue, or gray
 * alone.
 */
export interface PhotoSpec {
  readonly architecture: 'photo';
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** C: features per pixel before, inside and after each block. */
  readonly features: number;
  /** L: number of residual blocks. */
  readonly blocks: number;
  /** K: logistic components of a sample. */
  readonly components: number;
  /** H: hidden features of a channel's head. */
  readonly head: number;
}

/** Number of least-squares predictors, sets A to E, each with its own memory. */
const PREDICTOR_SETS = 5;
/** The window: rows above, columns to either side. */
const WINDOW_ROWS = 5;
const WINDOW_COLUMNS = 6;
const WINDOW_PLACES = WINDOW_ROWS * (2 * WINDOW_COLUMNS + 1) + WINDOW_COLUMNS;
/** Inputs of a head from its channel's predictors: their differences from the base value and their recent errors. */
const HEAD_EXTRAS = 2 * PREDICTOR_SETS;
/** Inputs of a head from each earlier channel of the pixel. */
const HEAD_CONDITIONS = 2;
/** Slope of the leaky rectifier for negative inputs. */
export const LEAK = 0.1;

/**
 * Returns I, the number of inputs of the first layer per pixel: the window, base values, errors of all predictors,
 * their differences in channel 0.
 */
export function photoInputs(channels: number): number {
  return WINDOW_PLACES * channels + channels + PREDICTOR_SETS * channels + PREDICTOR_SETS;
}

/**
 * Returns P, the number of outputs of a head: weights, means and scales of the components, padded to SIMD vectors of
 * eight.
 */
export function photoOutputs(components: number): number {
  return Math.ceil((3 * components) / 8) * 8;
}

/**
 * Returns the number of inputs of a head other than features: its own extras and the conditions of the earlier
 * channels.
 */
export function headExtras(channel: number): number {
  return HEAD_EXTRAS + HEAD_CONDITIONS * channel;
}

/** Offsets in a pixel's training record, in f32; written by `assembly/models/photo/records.ts`. */
export interface RecordLayout {
  /** First-layer inputs, `photoInputs(channels)`. */
  readonly inputs: number;
  /** HEAD_EXTRAS per channel. */
  readonly extras: number;
  /** Set A's unrounded prediction of each channel, -20..275. */
  readonly centres: number;
  /** HEAD_CONDITIONS per channel but the last. */
  readonly conditions: number;
  /** The samples, 0..255. */
  readonly values: number;
  /** Length of the record. */
  readonly size: number;
}

export function recordLayout(channels: number): RecordLayout {
  const extras = photoInputs(channels);
  const centres = extras + HEAD_EXTRAS * channels;
  const conditions = centres + channels;
  const values = conditions + HEAD_CONDITIONS * (channels - 1);
  return { inputs: 0, extras, centres, conditions, values, size: values + channels };
}

function checkedSpec(json: Record<string, unknown>): PhotoSpec {
  // Features fill whole SIMD vectors of eight 16-bit integers.
  return {
    architecture: 'photo',
    channels: checkedChannels(json),
    features: checkedSize(json, 'features', 8, 256),
    blocks: checkedSize(json, 'blocks', 1, 16),
    components: checkedSize(json, 'components', 1, 10),
    head: checkedSize(json, 'head', 8, 256),
  };
}

/** Returns all tensors in the order in which the engine reads them. */
function shapes({ channels, features, blocks, components, head }: PhotoSpec): TensorShape[] {
  const list: TensorShape[] = [];
  const layer = (name: string, inputs: number, outputs: number): void => {
    list.push({ name: `${name}.weight`, shape: [inputs, outputs] }, { name: `${name}.bias`, shape: [outputs] });
  };
  layer('input', photoInputs(channels), features);
  for (let i = 0; i < blocks; i++) {
    layer(`block.${i}.conv`, CAUSAL_TAPS * features, features);
    layer(`block.${i}.pointwise`, features, features);
  }
  for (let c = 0; c < channels; c++) {
    layer(`head.${c}.hidden`, features + headExtras(c), head);
    layer(`head.${c}.mixture`, head, photoOutputs(components));
  }
  return list;
}

/** Returns the multiply-accumulates of the network per pixel: each weight is used once. */
function macsPerPixel(spec: PhotoSpec): number {
  const matrices = shapes(spec).filter(({ shape }) => shape.length === 2);
  return matrices.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

export const photo: Architecture<PhotoSpec> = {
  name: 'photo',
  checkedSpec,
  shapes,
  macsPerPixel,
  depths: () => DEPTHS,
  usesSideInformation: true,
  engineCode: 2,
  engineSpec: ({ channels, features, blocks, components, head }) => [channels, features, blocks, components, head],
};
