import { PIXEL_RNN_KINDS } from '../model/pixelrnn/spec.js';
import { DEFAULT_SETTINGS, NUMBER_SETTINGS, OPTIMIZERS } from '../train/settings.js';
import { DEFAULT_ARCHITECTURE, DEFAULT_OPTIONS } from '../train/spec-options.js';
import type { Group, Option } from './command.js';
import { data, dataset } from './options.js';

/** One in this many images of a directory is held out. */
export const DEFAULT_HELD_OUT = 50;
export const DEFAULT_HELD_OUT_IMAGES = 200;

/** Returns a number option that defaults to the checkpoint's value in a resumed run; other defaults may depend on the model. */
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

/** Returns a network option. The description names the model if only one has the option, and the defaults if they differ. */
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

function storedSetting(name: (typeof NUMBER_SETTINGS)[number], describe: string) {
  return stored('Training', describe, DEFAULT_SETTINGS.pixelcnn[name], DEFAULT_SETTINGS.photo[name]);
}

const images = {
  dataset: { ...dataset, describe: 'Train on a data set instead of a directory' },
  data,
  'held-out': stored('Images', 'Hold out every N-th image of a directory for evaluation', DEFAULT_HELD_OUT),
  'held-out-images': stored(
    'Images',
    'Number of validation images of a data set to evaluate on',
    DEFAULT_HELD_OUT_IMAGES,
  ),
} as const satisfies Record<string, Option>;

const network = {
  model: {
    group: 'Network',
    describe: 'Network to train',
    choices: [...PIXEL_RNN_KINDS, 'multi-scale', 'photo'] as const,
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_ARCHITECTURE,
  },
  gray: { group: 'Network', describe: 'Train a model for gray images', type: 'boolean' },
  hidden: storedOption('hidden', 'Features h inside a layer; 2h between layers'),
  blocks: storedOption('blocks', 'Number of residual blocks or LSTM layers'),
  head: storedOption('head', 'Features between the last two 1x1 layers'),
  residual: { group: 'Network', describe: 'Use residual connections around layers (the default)', type: 'boolean' },
  'no-residual': { group: 'Network', describe: 'Use no residual connections', type: 'boolean', default: false },
  skip: { group: 'Network', describe: 'Use skip connections from every layer to the head', type: 'boolean' },
  frame: {
    group: 'Network',
    describe: 'Network input: samples relative to a local base value, or absolute (the paper)',
    choices: ['local', 'absolute'],
    type: 'string',
    requiresArg: true,
    defaultDescription: 'local; mnist: absolute',
  },
  distribution: {
    group: 'Network',
    describe: 'Output: 256-way softmax (the paper), mixture of logistics, or 1 bit',
    choices: ['softmax', 'logistics', 'bernoulli'],
    type: 'string',
    requiresArg: true,
    defaultDescription: 'softmax; mnist: bernoulli',
  },
  components: stored('Network', 'Logistic components per sample', DEFAULT_OPTIONS.photo.components as number),
  features: { ...storedOption('features', 'features per pixel'), group: 'Photo network' },
  predictors: {
    group: 'Photo network',
    describe: 'photo: least-squares predictors, letters of A to H in order',
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS.photo.predictors,
  },
  mixer: {
    group: 'Photo network',
    describe: 'photo: full mixer, or a lean one of fewer experts, for small networks',
    choices: ['full', 'lean'],
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS.photo.mixer,
  },
  learning: {
    group: 'Photo network',
    describe: 'photo: blocks that learn while coding; all: smaller files, slower',
    choices: ['last', 'all'],
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS.photo.learning,
  },
  scales: storedOption('scales', 'number of scales, each with its own network'),
  factor: storedOption('factor', 'ratio of the sides of an image and the next smaller one'),
  network: {
    group: 'Network',
    describe: 'multi-scale: architecture of the networks',
    choices: PIXEL_RNN_KINDS,
    type: 'string',
    requiresArg: true,
    defaultDescription: DEFAULT_OPTIONS['multi-scale'].network,
  },
  upsampled: storedOption('upsampled', 'features of the upsampled smaller image'),
} as const satisfies Record<string, Option>;

const training = {
  steps: storedSetting('steps', 'Total steps, including those before --resume'),
  batch: storedSetting('batch', 'Crops per step; the paper uses 16, 32 and 64'),
  crop: storedSetting('crop', 'Crop size in pixels, for photo at most 256; data sets: their image size'),
  rate: storedSetting('rate', 'Peak learning rate, reached after 200 steps of warm-up'),
  optimizer: {
    group: 'Training',
    describe: 'Update rule: RMSProp (the paper), AdamW, or Muon, which learns faster',
    choices: OPTIMIZERS,
    type: 'string',
    requiresArg: true,
    defaultDescription: `${DEFAULT_SETTINGS.pixelcnn.optimizer}; photo: ${DEFAULT_SETTINGS.photo.optimizer}`,
  },
  momentum: storedSetting('momentum', 'Momentum of RMSProp; decay of the mean gradient of AdamW and Muon'),
  average: storedSetting('average', 'Decay of the running mean of the weights; 0: use the last weights'),
  seed: storedSetting('seed', 'Random seed for weights and crops, an integer'),
  orientations: {
    group: 'Training',
    describe: 'Augment crops: 1 none, 2 mirror, 4 also flip, 8 also transpose',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: '8; cifar10: 2, mnist: 1',
  },
} as const satisfies Record<string, Option>;

const run = {
  out: {
    group: 'Run',
    describe: 'Directory of the run: checkpoint, log, curve, model',
    value: 'DIR',
    type: 'string',
    requiresArg: true,
    defaultDescription: `runs/${DEFAULT_ARCHITECTURE}, or runs/ and the name of --model`,
  },
  resume: {
    group: 'Run',
    describe: 'Resume from the checkpoint, with its network, settings and held-out images',
    type: 'boolean',
    default: false,
  },
  start: {
    group: 'Run',
    describe: 'Begin with the network and weights of a model, a name or a file',
    value: 'MODEL',
    type: 'string',
    requiresArg: true,
  },
  force: {
    alias: 'f',
    group: 'Run',
    describe: 'Start again in the directory of an earlier run',
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
    describe: 'Require this tfjs backend',
    choices: ['native', 'wasm'] as const,
    type: 'string',
    requiresArg: true,
  },
  quiet: { alias: 'q', group: 'Messages', describe: 'Print only errors', type: 'boolean', default: false },
  json: {
    group: 'Messages',
    describe: 'Print the result as JSON to standard output',
    type: 'boolean',
    default: false,
  },
} as const satisfies Record<string, Option>;

/** Options that a checkpoint stores have no default here, only its description. */
export const TRAIN_OPTIONS = { ...images, ...network, ...training, ...run } as const;
