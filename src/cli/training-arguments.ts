import { datasetSource } from '../datasets/dataset.js';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architectures.js';
import type { SomeSettings } from '../train/settings.js';
import { DEFAULT_ARCHITECTURE, DEFAULT_OPTIONS, optionsOf, specOf, type SpecOptions } from '../train/spec-options.js';
import type { ImagesArguments } from './training-images.js';

/** The options of `train` as they are given: what a checkpoint may hold instead has no default here. */
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
  momentum: number | undefined;
  average: number | undefined;
  seed: number | undefined;
  orientations: number | undefined;
  every: number;
  resume: boolean;
  force: boolean;
  backend: 'native' | 'wasm' | undefined;
  quiet: boolean;
  json: boolean;
}

/** Throws `usage` for values that cannot mean anything; what is not given is fine. */
export function checkTrainArguments(args: TrainArguments): void {
  for (const [name, least] of [
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
    if (value !== undefined && (!Number.isInteger(value) || value < least)) {
      throw new PixrnnError('usage', `--${name} takes a whole number from ${least} on.`);
    }
  }
  const { rate, seed, orientations } = args;
  if (args['no-residual'] && args.residual !== undefined) {
    throw new PixrnnError('usage', '--residual and --no-residual contradict each other. Leave out one of them.');
  }
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    throw new PixrnnError('usage', '--rate takes a number above 0.');
  }
  for (const name of ['momentum', 'average'] as const) {
    const value = args[name];
    if (value !== undefined && !(value >= 0 && value < 1)) {
      throw new PixrnnError('usage', `--${name} takes a number from 0 up to 1, 1 itself excluded.`);
    }
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new PixrnnError('usage', '--seed takes a whole number.');
  }
  if (orientations !== undefined && ![1, 2, 4, 8].includes(orientations)) {
    throw new PixrnnError('usage', '--orientations takes 1, 2, 4 or 8.');
  }
}

/** The spec of a new run. Throws `usage` where the options make none. */
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

/** That of a run that goes on: its own, or one with more layers or a wider head. Throws `usage` where there are too many. */
export function resumedSpec(stored: ModelSpec, args: TrainArguments): ModelSpec {
  const own = optionsOf(stored);
  const { blocks = own.blocks, head = own.head } = args;
  return blocks === own.blocks && head === own.head ? stored : newSpec({ ...own, blocks, head });
}

/** What is given of the network; a data set of 1-bit images gives the distribution and the frame for them. */
export function givenSpec(args: TrainArguments): SpecOptions {
  const { model, gray, dataset, hidden, blocks, head, frame, features, components } = args;
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
    scales,
    factor,
    network,
    upsampled,
  };
}

/** What is given of the settings. */
export function givenSettings(args: TrainArguments): SomeSettings {
  const { steps, batch, crop, rate, momentum, average, seed, orientations } = args;
  return { steps, batch, crop, rate, momentum, average, seed, orientations };
}

/** The run's folder. */
export function runFolder({ out, model }: TrainArguments): string {
  return out ?? `runs/${model ?? DEFAULT_ARCHITECTURE}`;
}
