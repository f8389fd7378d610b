import type { Architecture, TensorShape } from './architecture.js';
import { DEPTHS } from '../samples.js';
import { CAUSAL_TAPS } from './masks.js';
import { checkedChannels, checkedSize } from './spec-fields.js';
import { elementCount } from './tensor-shape.js';

/**
 * The model for photographs: in-context least-squares predictions, from which a causal network makes a mixture of
 * logistics for each sample. What defines the network; channels are in coding order everywhere here: green, red, blue,
 * or gray alone.
 */
export interface PhotoSpec {
  readonly architecture: 'photo';
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** C: features of a pixel, before, inside and after each block. */
  readonly features: number;
  /** L: number of residual blocks. */
  readonly blocks: number;
  /** K: logistic components of a sample. */
  readonly components: number;
  /** H: features inside a channel's head. */
  readonly head: number;
}

/** Least-squares predictors, each with its own memory: sets A to E. */
const PREDICTOR_SETS = 5;
/** The window: rows above, columns to either side. */
const WINDOW_ROWS = 5;
const WINDOW_COLUMNS = 6;
const WINDOW_PLACES = WINDOW_ROWS * (2 * WINDOW_COLUMNS + 1) + WINDOW_COLUMNS;
/** What a head gets of the predictors of its channel: their distances from the base value, their recent errors. */
const HEAD_EXTRAS = 2 * PREDICTOR_SETS;
/** What a head gets of each channel that is already known at the pixel. */
const HEAD_CONDITIONS = 2;
/** Features of the negative side of the leaky rectifier are multiplied by this. */
export const LEAK = 0.1;

/**
 * I: what the first layer gets of a pixel: the window, base values, errors of all predictors, their distances in
 * channel 0.
 */
export function photoInputs(channels: number): number {
  return WINDOW_PLACES * channels + channels + PREDICTOR_SETS * channels + PREDICTOR_SETS;
}

/** P: outputs of a head: weights, means and scales of the components, and what fills up a SIMD vector of eight. */
export function photoOutputs(components: number): number {
  return Math.ceil((3 * components) / 8) * 8;
}

/** What a head gets beside the features: its own extras and the conditions of the channels before it. */
export function headExtras(channel: number): number {
  return HEAD_EXTRAS + HEAD_CONDITIONS * channel;
}

/** Where the parts of a pixel's training record begin, in f32; `assembly/models/photo/records.ts` writes it. */
export interface RecordLayout {
  /** First-layer inputs, `photoInputs(channels)`. */
  readonly inputs: number;
  /** HEAD_EXTRAS of each channel. */
  readonly extras: number;
  /** Set A's prediction of each channel, not rounded, -20..275. */
  readonly centres: number;
  /** HEAD_CONDITIONS of each channel but the last. */
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
  // Features are whole SIMD vectors of eight 16-bit integers.
  return {
    architecture: 'photo',
    channels: checkedChannels(json),
    features: checkedSize(json, 'features', 8, 256),
    blocks: checkedSize(json, 'blocks', 1, 16),
    components: checkedSize(json, 'components', 1, 10),
    head: checkedSize(json, 'head', 8, 256),
  };
}

/** Every tensor in the order in which the engine reads them. */
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

/** Multiply-accumulates that the network costs a pixel: each weight is used once. */
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
