import { datasetSource } from '../datasets/dataset.js';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import { contradictions, type OPTIMIZERS, type SomeSettings } from '../train/settings.js';
import {
  DEFAULT_ARCHITECTURE,
  DEFAULT_OPTIONS,
  optionsOf,
  specOf,
  type SpecOption,
  type SpecOptions,
} from '../train/spec-options.js';
import type { ImagesArguments } from './training-images.js';

/** The options of `train`. Options that a checkpoint stores have no default here. */
export interface TrainArguments extends ImagesArguments {
  model: ModelSpec['architecture'] | undefined;
  out: string | undefined;
  gray: boolean | undefined;
  hidden: number | undefined;
  blocks: number | undefined;
  head: number | undefined;
  frame: string | undefined;
  features: number | undefined;
  components: number | undefined;
  predictors: string | undefined;
  mixer: string | undefined;
  learning: string | undefined;
  distribution: string | undefined;
  residual: boolean | undefined;
  'no-residual': boolean;
  skip: boolean | undefined;
  scales: number | undefined;
  factor: number | undefined;
  network: string | undefined;
  upsampled: number | undefined;
  steps: number | undefined;
  batch: number | undefined;
  crop: number | undefined;
  rate: number | undefined;
  optimizer: (typeof OPTIMIZERS)[number] | undefined;
  momentum: number | undefined;
  average: number | undefined;
  seed: number | undefined;
  orientations: number | undefined;
  every: number;
  resume: boolean;
  start: string | undefined;
  force: boolean;
  backend: 'native' | 'wasm' | undefined;
  quiet: boolean;
  json: boolean;
}

/**
 * Checks the values of the options; undefined ones are valid.
 * @throws PixrnnError 'usage'
 */
export function checkTrainArguments(args: TrainArguments): void {
  for (const [name, min] of [
    ['scales', 2],
    ['factor', 2],
    ['steps', 1],
    ['batch', 1],
    ['crop', 8],
    ['every', 1],
    ['held-out', 2],
    ['held-out-images', 1],
  ] as const) {
    const value = args[name];
    if (value !== undefined && (!Number.isInteger(value) || value < min)) {
      throw new PixrnnError('usage', `--${name} must be an integer >= ${min}.`);
    }
  }
  const { rate, seed, orientations } = args;
  if (args['no-residual'] && args.residual !== undefined) {
    throw new PixrnnError('usage', '--residual and --no-residual cannot be combined. Remove one of them.');
  }
  if (args.start !== undefined && args.resume) {
    throw new PixrnnError('usage', '--start begins a run and --resume continues one. Remove one of them.');
  }
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    throw new PixrnnError('usage', '--rate must be a number > 0.');
  }
  for (const name of ['momentum', 'average'] as const) {
    const value = args[name];
    if (value !== undefined && !(value >= 0 && value < 1)) {
      throw new PixrnnError('usage', `--${name} must be a number >= 0 and < 1.`);
    }
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new PixrnnError('usage', '--seed must be an integer.');
  }
  if (orientations !== undefined && ![1, 2, 4, 8].includes(orientations)) {
    throw new PixrnnError('usage', '--orientations must be 1, 2, 4 or 8.');
  }
}

/**
 * Returns the spec of a new run.
 * @throws PixrnnError 'usage' if the options are invalid together
 */
export function newSpec(given: SpecOptions): ModelSpec {
  try {
    return specOf(given);
  } catch (cause) {
    if (!(cause instanceof PixrnnError) || cause.code === 'usage') throw cause;
    const sizes = Object.entries(DEFAULT_OPTIONS[given.architecture ?? DEFAULT_ARCHITECTURE]);
    const options = sizes.flatMap(([option, value]) => (typeof value === 'number' ? [`--${option}`] : []));
    throw new PixrnnError('usage', `${cause.message} See ${options.join(', ')}.`, { cause });
  }
}

/**
 * Returns the spec of a run that begins with a model: the model's.
 * @throws PixrnnError 'usage' if an option contradicts it
 */
export function startedSpec({ name, spec }: Model, args: TrainArguments): ModelSpec {
  const [first] = contradictions(givenSpec(args), spec);
  if (first === undefined) return spec;
  const { option, flag, given, own } = first;
  if (option === 'channels') {
    const images = spec.channels === 1 ? 'gray' : 'RGB';
    throw new PixrnnError('usage', `the model ${name} is for ${images} images. Choose another one with --start.`);
  }
  const what = own === undefined ? `has no ${flag}` : `has ${flag} ${String(own)}`;
  throw new PixrnnError('usage', `the model ${name} ${what}. Remove ${flag} ${String(given)}.`);
}

/**
 * Returns the spec of a resumed run: the stored one, or one with more layers, wider ones, or other predictors.
 * @throws PixrnnError 'usage' if the network becomes too large
 */
export function resumedSpec(stored: ModelSpec, args: TrainArguments): ModelSpec {
  const own = optionsOf(stored);
  const { blocks = own.blocks, head = own.head, features = own.features, predictors = own.predictors } = args;
  const next = { blocks, head, features, predictors };
  const isSame = Object.entries(next).every(([name, value]) => value === own[name as SpecOption]);
  return isSame ? stored : newSpec({ ...own, ...next });
}

/** Returns the network options that are given. A data set of 1-bit images sets distribution and frame. */
export function givenSpec(args: TrainArguments): SpecOptions {
  const { model, gray, dataset, hidden, blocks, head, frame, features, components, predictors, mixer, learning } = args;
  const { distribution, skip, scales, factor, network, upsampled } = args;
  const channels = gray === undefined ? undefined : gray ? 1 : 3;
  const forBits = dataset !== undefined && datasetSource(dataset).shape.depth === 1 && model !== 'photo';
  return {
    architecture: model,
    channels,
    hidden,
    blocks,
    head,
    frame: frame ?? (forBits ? 'absolute' : undefined),
    distribution: distribution ?? (forBits ? 'bernoulli' : undefined),
    components,
    residual: args['no-residual'] ? false : args.residual,
    skip,
    features,
    predictors,
    mixer,
    learning,
    scales,
    factor,
    network,
    upsampled,
  };
}

/** Returns the training settings that are given. */
export function givenSettings(args: TrainArguments): SomeSettings {
  const { steps, batch, crop, rate, optimizer, momentum, average, seed, orientations } = args;
  return { steps, batch, crop, rate, optimizer, momentum, average, seed, orientations };
}

/** Returns the directory of the run. */
export function runFolder({ out, model }: TrainArguments, start?: Model): string {
  return out ?? `runs/${model ?? start?.spec.architecture ?? DEFAULT_ARCHITECTURE}`;
}
