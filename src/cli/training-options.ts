import { PIXEL_RNN_KINDS } from '../model/pixelrnn/spec.js';
import { DEFAULT_SETTINGS, type RunSettings } from '../train/settings.js';
import { DEFAULT_ARCHITECTURE, DEFAULT_OPTIONS } from '../train/spec-options.js';
import type { Group, Option } from './command.js';
import { data, dataset } from './options.js';

/** Every so many images of a folder one is held out. */
export const DEFAULT_HELD_OUT = 50;
export const DEFAULT_HELD_OUT_IMAGES = 200;

/** A number that a resumed run takes from its checkpoint where it is not given; its default may differ by model. */
function stored<G extends Group>(group: G, describe: string, pixelcnn: number, photo = pixelcnn) {
  const defaultDescription = photo === pixelcnn ? String(pixelcnn) : `${pixelcnn}; photo: ${photo}`;
  return {
    group,
    describe,
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription,
  } as const satisfies Option;
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
    group: 'Network',
    describe: defaults.length === 1 && only ? `${only.model}: ${describe}` : describe,
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: byValue.size === 1 && only ? String(only.value) : parts.join('; '),
  } as const satisfies Option;
}

function storedSetting(name: keyof RunSettings, describe: string) {
  return stored('Training', describe, DEFAULT_SETTINGS.pixelcnn[name], DEFAULT_SETTINGS.photo[name]);
}

const images = {
  dataset: { ...dataset, describe: 'Train on a data set in place of a folder' },
  data,
  'held-out': stored('Images', 'Keep every N-th image of a folder to measure on', DEFAULT_HELD_OUT),
  'held-out-images': stored(
    'Images',
    "How many of a data set's validation images to measure on",
    DEFAULT_HELD_OUT_IMAGES,
  ),
} as const satisfies Record<string, Option>;

const network = {
  model: {
    group: 'Network',
    describe: 'What to train',
    choices: [...PIXEL_RNN_KINDS, 'multi-scale', 'photo'] as const,
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_ARCHITECTURE,
  },
  gray: { group: 'Network', describe: 'A model for gray images', type: 'boolean' },
  hidden: storedOption('hidden', 'h, features inside a layer; twice as many between layers'),
  blocks: storedOption('blocks', 'Layers: residual blocks, LSTM layers'),
  head: storedOption('head', 'Features between the last two 1x1 layers'),
  residual: { group: 'Network', describe: 'Residual connections around layers, the default', type: 'boolean' },
  'no-residual': { group: 'Network', describe: 'No residual connections', type: 'boolean', default: false },
  skip: { group: 'Network', describe: 'Skip connections from every layer to the head', type: 'boolean' },
  frame: {
    group: 'Network',
    describe: 'See the image relative to a local base value, or as it is (the paper)',
    choices: ['local', 'absolute'],
    type: 'string',
    requiresArg: true,
    defaultDescription: 'local; mnist: absolute',
  },
  distribution: {
    group: 'Network',
    describe: 'Of a sample: 256-way softmax (the paper), mixture of logistics, or of 1 bit',
    choices: ['softmax', 'logistics', 'bernoulli'],
    type: 'string',
    requiresArg: true,
    defaultDescription: 'softmax; mnist: bernoulli',
  },
  components: stored('Network', 'Logistic components of a sample', DEFAULT_OPTIONS.photo.components as number),
  features: storedOption('features', 'features of a pixel'),
  scales: storedOption('scales', 'networks, the first for the smallest image'),
  factor: storedOption('factor', 'how often a side of an image is that of the smaller one'),
  network: {
    group: 'Network',
    describe: 'multi-scale: what its networks are',
    choices: PIXEL_RNN_KINDS,
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS['multi-scale'].network,
  },
  upsampled: storedOption('upsampled', "features of the smaller image's enlarged map"),
} as const satisfies Record<string, Option>;

const training = {
  steps: storedSetting('steps', 'Steps in all, those before --resume included'),
  batch: storedSetting('batch', 'Crops a step; the paper has 16, 32 and 64'),
  crop: storedSetting('crop', 'Side of a crop in pixels; photo: at most 256; of a data set its own side'),
  rate: storedSetting('rate', 'Highest learning rate: it rises to this in 200 steps, then falls to the end'),
  momentum: storedSetting('momentum', 'Momentum of RMSProp; photo: beta 1 of AdamW'),
  average: storedSetting('average', 'Decay of a running mean of the weights, which the model takes; 0: the last ones'),
  seed: storedSetting('seed', 'Seed of weights and crops'),
  orientations: {
    group: 'Training',
    describe: 'Of crops: 1 as they are, 2 mirrored, too, 4 upside down, too, 8 transposed, too',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: '8; cifar10: 2, mnist: 1',
  },
} as const satisfies Record<string, Option>;

const run = {
  out: {
    group: 'Run',
    describe: 'Folder of the run: checkpoint, log, curve, model',
    value: 'FOLDER',
    type: 'string',
    requiresArg: true,
    defaultDescription: `runs/${DEFAULT_ARCHITECTURE}, or the model that --model names`,
  },
  resume: {
    group: 'Run',
    describe: "Go on from the run's checkpoint, with its network, settings and held-out images",
    type: 'boolean',
    default: false,
  },
  force: {
    alias: 'f',
    group: 'Run',
    describe: 'Start again in the folder of an earlier run',
    type: 'boolean',
    default: false,
  },
  every: {
    group: 'Run',
    describe: 'Steps between checkpoints',
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: 500,
  },
  backend: {
    group: 'Run',
    describe: 'Insist on a tfjs backend',
    choices: ['native', 'wasm'] as const,
    type: 'string',
    requiresArg: true,
  },
  quiet: { alias: 'q', group: 'Messages', describe: 'Print nothing but errors', type: 'boolean', default: false },
  json: {
    group: 'Messages',
    describe: 'Print the result as JSON to standard output',
    type: 'boolean',
    default: false,
  },
} as const satisfies Record<string, Option>;

/** What a checkpoint may hold instead has no default here, only a description of it. */
export const TRAIN_OPTIONS = { ...images, ...network, ...training, ...run } as const;
