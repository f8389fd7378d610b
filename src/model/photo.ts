import type { Architecture, TensorShape } from './architecture.js';
import { DEPTHS } from '../samples.js';
import { CAUSAL_TAPS } from './masks.js';
import { checkedChannels, checkedSize, invalidField } from './spec-fields.js';
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
  /** The least-squares predictors, letters of A to H in order, at least one of A to E; A to E by default. */
  readonly predictors?: string;
  /** A lean mixer has fewer experts than the default one. */
  readonly mixer?: 'lean';
  /** Which blocks learn while coding: all of them, or, by default, the last one. */
  readonly learning?: 'all';
}

/** What the inputs of a network are computed from. */
export type PhotoInputs = Pick<PhotoSpec, 'channels' | 'predictors'>;

/** Least squares over all earlier pixels (A to E, each with its own memory) and over similar ones (F to H). */
const ALL_PREDICTORS = 'ABCDEFGH';
const PREDICTORS = 'ABCDE';
/** The window: rows above, columns to either side. */
const WINDOW_ROWS = 5;
const WINDOW_COLUMNS = 6;
const WINDOW_PLACES = WINDOW_ROWS * (2 * WINDOW_COLUMNS + 1) + WINDOW_COLUMNS;
/** Inputs of the first layer per channel that no predictor gives: the window and the base value. */
export const WINDOW_INPUTS = WINDOW_PLACES + 1;
/** Inputs of a head from each earlier channel of the pixel. */
export const HEAD_CONDITIONS = 2;
/** Slope of the leaky rectifier for negative inputs. */
export const LEAK = 0.1;

/**
 * Returns I, the number of inputs of the first layer per pixel: the window, base values, errors of all predictors,
 * their differences in channel 0.
 */
export function photoInputs(spec: PhotoInputs): number {
  const { length } = predictorsOf(spec);
  return WINDOW_INPUTS * spec.channels + length * spec.channels + length;
}

/** Returns the letters of a network's predictors. */
export function predictorsOf({ predictors = PREDICTORS }: Pick<PhotoInputs, 'predictors'>): string {
  return predictors;
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
 * channels. Its extras are its predictors' differences from the base value and their recent errors.
 */
export function headExtras(spec: PhotoInputs, channel: number): number {
  return 2 * predictorsOf(spec).length + HEAD_CONDITIONS * channel;
}

/** Offsets in a pixel's training record, in f32; written by `assembly/models/photo/records.ts`. */
export interface RecordLayout {
  /** First-layer inputs, `photoInputs`. */
  readonly inputs: number;
  /** `headExtras` of the first channel, for every channel. */
  readonly extras: number;
  /** The first set's unrounded prediction of each channel, -20..275. */
  readonly centres: number;
  /** HEAD_CONDITIONS per channel but the last. */
  readonly conditions: number;
  /** The samples, 0..255. */
  readonly values: number;
  /** Length of the record. */
  readonly size: number;
}

export function recordLayout(spec: PhotoInputs): RecordLayout {
  const { channels } = spec;
  const extras = photoInputs(spec);
  const centres = extras + headExtras(spec, 0) * channels;
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
    ...checkedPredictors(json['predictors']),
    ...checkedMixer(json['mixer']),
    ...checkedLearning(json['learning']),
  };
}

/** The default is not mentioned, as in models from before predictors could be chosen. */
function checkedPredictors(value: unknown = PREDICTORS): Pick<PhotoSpec, 'predictors'> {
  const isValid = typeof value === 'string' && /^(?=[A-E])A?B?C?D?E?F?G?H?$/.test(value);
  if (!isValid) throw invalidField('predictors', 'letters of ABCDEFGH in this order, one of A to E among them', value);
  return value === PREDICTORS ? {} : { predictors: value };
}

function checkedMixer(value: unknown = 'full'): Pick<PhotoSpec, 'mixer'> {
  if (value !== 'full' && value !== 'lean') throw invalidField('mixer', 'full or lean', value);
  return value === 'full' ? {} : { mixer: value };
}

function checkedLearning(value: unknown = 'last'): Pick<PhotoSpec, 'learning'> {
  if (value !== 'last' && value !== 'all') throw invalidField('learning', 'last or all', value);
  return value === 'last' ? {} : { learning: value };
}

/** Returns the predictors as a bit mask, bit 0 for A, as the engine expects them. */
export function predictorMask(spec: PhotoInputs): number {
  return [...predictorsOf(spec)].reduce((mask, letter) => mask | (1 << ALL_PREDICTORS.indexOf(letter)), 0);
}

/** Returns all tensors in the order in which the engine reads them. */
function shapes(spec: PhotoSpec): TensorShape[] {
  const { channels, features, blocks, components, head } = spec;
  const list: TensorShape[] = [];
  const layer = (name: string, inputs: number, outputs: number): void => {
    list.push({ name: `${name}.weight`, shape: [inputs, outputs] }, { name: `${name}.bias`, shape: [outputs] });
  };
  layer('input', photoInputs(spec), features);
  for (let i = 0; i < blocks; i++) {
    layer(`block.${i}.conv`, CAUSAL_TAPS * features, features);
    layer(`block.${i}.pointwise`, features, features);
  }
  for (let c = 0; c < channels; c++) {
    layer(`head.${c}.hidden`, features + headExtras(spec, c), head);
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
  engineSpec: (spec) => {
    const { channels, features, blocks, components, head, mixer, learning } = spec;
    const choices = [predictorMask(spec), mixer === 'lean' ? 1 : 0, learning === 'all' ? 1 : 0];
    return [channels, features, blocks, components, head, ...choices];
  },
};
