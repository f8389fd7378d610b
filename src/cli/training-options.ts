import type { Options } from 'yargs';
import { PixrnnError } from '../errors.js';
import type { ModelSpec } from '../model/architecture.js';
import { PIXEL_RNN_KINDS } from '../model/pixelrnn/spec.js';
import { DEFAULT_SETTINGS, type RunSettings, type SomeSettings } from '../train/settings.js';
import { DEFAULT_ARCHITECTURE, DEFAULT_OPTIONS, specOf, type SpecOptions } from '../train/spec-options.js';
import { datasetSource } from '../datasets/dataset.js';
import { DATASET_OPTIONS, DEFAULT_HELD_OUT, type ImagesArguments } from './training-images.js';

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
  seed: number | undefined;
  orientations: number | undefined;
  every: number;
  resume: boolean;
  force: boolean;
  backend: 'native' | 'wasm' | undefined;
  quiet: boolean;
  json: boolean;
}

/** A number that a resumed run takes from its checkpoint where it is not given; its default may differ by model. */
function stored(describe: string, pixelcnn: number, photo = pixelcnn) {
  const defaultDescription = photo === pixelcnn ? String(pixelcnn) : `${pixelcnn}; photo: ${photo}`;
  return { describe, type: 'number', requiresArg: true, defaultDescription } as const satisfies Options;
}

/** An option of the network; the description names the model where only one has it, and the defaults where they differ. */
function storedOption(
  name: 'hidden' | 'blocks' | 'head' | 'features' | 'scales' | 'factor' | 'upsampled',
  describe: string,
) {
  const defaults = Object.entries(DEFAULT_OPTIONS).flatMap(([model, { [name]: value }]) =>
    value === undefined ? [] : [{ model, value }],
  );
  const byValue = new Map<number, string[]>();
  for (const { model, value } of defaults) byValue.set(value, [...(byValue.get(value) ?? []), model]);
  const parts = [...byValue].map(([value, models]) => `${models.join(', ')}: ${value}`);
  const [only] = defaults;
  return {
    describe: defaults.length === 1 && only ? `${only.model}: ${describe}` : describe,
    type: 'number',
    requiresArg: true,
    defaultDescription: byValue.size === 1 && only ? String(only.value) : parts.join('; '),
  } as const satisfies Options;
}

function storedSetting(name: keyof RunSettings, describe: string) {
  return stored(describe, DEFAULT_SETTINGS.pixelcnn[name], DEFAULT_SETTINGS.photo[name]);
}

export const TRAIN_OPTIONS = {
  model: {
    describe: 'What to train',
    choices: [...PIXEL_RNN_KINDS, 'multi-scale', 'photo'] as const,
    requiresArg: true,
    defaultDescription: DEFAULT_ARCHITECTURE,
  },
  out: {
    describe: 'Folder of the run: checkpoint, log, curve, model',
    type: 'string',
    requiresArg: true,
    defaultDescription: `runs/${DEFAULT_ARCHITECTURE}, or the model that --model names`,
  },
  gray: { describe: 'A model for gray images', type: 'boolean' },
  hidden: storedOption('hidden', 'h, features inside a layer; twice as many between layers'),
  blocks: storedOption('blocks', 'Layers: residual blocks, LSTM layers'),
  head: storedOption('head', 'Features between the last two 1x1 layers'),
  frame: {
    describe: 'See the image relative to a local base value, or as it is (the paper)',
    choices: ['local', 'absolute'],
    requiresArg: true,
    defaultDescription: 'local; mnist: absolute',
  },
  distribution: {
    describe: "A sample's distribution: 256-way softmax (the paper), mixture of logistics, or that of 1-bit samples",
    choices: ['softmax', 'logistics', 'bernoulli'],
    requiresArg: true,
    defaultDescription: 'softmax; mnist: bernoulli',
  },
  components: stored('Logistic components of a sample', DEFAULT_OPTIONS.photo.components as number),
  residual: { describe: 'Residual connections around layers; --no-residual leaves them out', type: 'boolean' },
  skip: { describe: 'Skip connections from every layer to the head', type: 'boolean' },
  features: storedOption('features', 'Features of a pixel'),
  scales: storedOption('scales', 'Networks, the first for the smallest image'),
  factor: storedOption('factor', 'How often a side of an image is that of the smaller one before it'),
  network: {
    describe: 'multi-scale: what its networks are',
    choices: PIXEL_RNN_KINDS,
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS['multi-scale'].network,
  },
  upsampled: storedOption('upsampled', "Features of the smaller image's enlarged map"),
  steps: storedSetting('steps', 'Steps in all, those before --resume included'),
  batch: storedSetting('batch', 'Crops a step; the paper has 16, 32 and 64'),
  crop: storedSetting('crop', 'Side of a crop in pixels; photo: at most 256; of a data set its own side'),
  rate: storedSetting(
    'rate',
    'Highest learning rate: the rate rises to it in 200 steps, then falls until the last one',
  ),
  momentum: storedSetting('momentum', 'Momentum of RMSProp; photo: beta 1 of AdamW'),
  seed: storedSetting('seed', 'Seed of weights and crops'),
  orientations: {
    describe: 'How many orientations crops have: 1 as they are, 2 mirrored, too, 4 upside down, too, 8 transposed, too',
    type: 'number',
    requiresArg: true,
    defaultDescription: '8; cifar10: 2, mnist: 1',
  },
  every: { describe: 'Steps between checkpoints', type: 'number', requiresArg: true, default: 500 },
  'held-out': stored('Every n-th image of a folder is kept out of training to measure on', DEFAULT_HELD_OUT),
  ...DATASET_OPTIONS,
  resume: {
    describe:
      "Go on from the run's checkpoint, with its network, settings and held-out images; a finished run with more --steps, " +
      'or any with another --rate, lets the rate rise and fall again',
    type: 'boolean',
    default: false,
  },
  force: { describe: 'Start again in the folder of an earlier run', type: 'boolean', default: false },
  backend: { describe: 'Insist on a tfjs backend', choices: ['native', 'wasm'] as const, requiresArg: true },
  quiet: { alias: 'q', describe: 'Print nothing but errors', type: 'boolean', default: false },
  json: { describe: 'Print the result as JSON to standard output', type: 'boolean', default: false },
} as const satisfies Record<string, Options>;

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
  const { rate, momentum, seed, orientations } = args;
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    throw new PixrnnError('usage', '--rate takes a number above 0.');
  }
  if (momentum !== undefined && !(momentum >= 0 && momentum < 1)) {
    throw new PixrnnError('usage', '--momentum takes a number from 0 up to 1, 1 itself excluded.');
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new PixrnnError('usage', '--seed takes a whole number.');
  }
  if (orientations !== undefined && ![1, 2, 4, 8].includes(orientations)) {
    throw new PixrnnError('usage', '--orientations takes 1, 2, 4 or 8.');
  }
  // yargs makes a list of an option that is given twice.
  for (const name of ['model', 'out', 'backend', 'frame', 'distribution', 'network'] as const) {
    const value: unknown = args[name];
    if (value === '' || Array.isArray(value)) throw new PixrnnError('usage', `--${name} takes one value.`);
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

/** What is given of the network; a data set of 1-bit images gives the distribution and the frame for them. */
export function givenSpec(args: TrainArguments): SpecOptions {
  const { model, gray, dataset, hidden, blocks, head, frame, features, components } = args;
  const { distribution, residual, skip, scales, factor, network, upsampled } = args;
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
    residual,
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
  const { steps, batch, crop, rate, momentum, seed, orientations } = args;
  return { steps, batch, crop, rate, momentum, seed, orientations };
}

/** The run's folder. */
export function runFolder({ out, model }: TrainArguments): string {
  return out ?? `runs/${model ?? DEFAULT_ARCHITECTURE}`;
}
