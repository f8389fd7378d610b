import type { Options } from 'yargs';
import { PixrnnError } from '../errors.js';
import { type ModelSpec, parseSpec } from '../model/architecture.js';
import { DEFAULT_SETTINGS, type RunSettings, type SomeSettings, type SomeSpec } from '../train/settings.js';

/** The options of `train` as they are given: what a checkpoint may hold instead has no default here. */
export interface TrainArguments {
  folder: string;
  model: ModelSpec['architecture'] | undefined;
  out: string | undefined;
  gray: boolean | undefined;
  hidden: number | undefined;
  blocks: number | undefined;
  head: number | undefined;
  frame: string | undefined;
  features: number | undefined;
  components: number | undefined;
  steps: number | undefined;
  batch: number | undefined;
  crop: number | undefined;
  rate: number | undefined;
  momentum: number | undefined;
  seed: number | undefined;
  every: number;
  'held-out': number | undefined;
  resume: boolean;
  force: boolean;
  backend: 'native' | 'wasm' | undefined;
  quiet: boolean;
  json: boolean;
}

const DEFAULT_MODEL = 'pixelcnn';

/** What each architecture's spec has beside the channels. */
const DEFAULT_SPECS = {
  pixelcnn: { hidden: 36, blocks: 5, head: 72, frame: 'local' },
  photo: { features: 64, blocks: 3, components: 5, head: 64 },
} as const satisfies Record<ModelSpec['architecture'], SomeSpec>;
const DEFAULT_HELD_OUT = 50;

/** A number that a resumed run takes from its checkpoint where it is not given; its default may differ by model. */
function stored(describe: string, pixelcnn: number, photo = pixelcnn) {
  const defaultDescription = photo === pixelcnn ? String(pixelcnn) : `${pixelcnn}; photo: ${photo}`;
  return { describe, type: 'number', requiresArg: true, defaultDescription } as const satisfies Options;
}

function storedSetting(name: keyof RunSettings, describe: string) {
  return stored(describe, DEFAULT_SETTINGS.pixelcnn[name], DEFAULT_SETTINGS.photo[name]);
}

export const TRAIN_OPTIONS = {
  model: {
    describe: 'What to train',
    choices: ['pixelcnn', 'photo'] as const,
    requiresArg: true,
    defaultDescription: DEFAULT_MODEL,
  },
  out: {
    describe: 'Folder of the run: checkpoint, log, curve, model',
    type: 'string',
    requiresArg: true,
    defaultDescription: `runs/${DEFAULT_MODEL}, or the model that --model names`,
  },
  gray: { describe: 'A model for gray images', type: 'boolean' },
  hidden: stored(
    'pixelcnn: h, features in a residual block; twice as many between them',
    DEFAULT_SPECS.pixelcnn.hidden,
  ),
  features: stored('photo: features of a pixel', DEFAULT_SPECS.photo.features),
  components: stored('photo: logistic components of a sample', DEFAULT_SPECS.photo.components),
  blocks: stored('Residual blocks', DEFAULT_SPECS.pixelcnn.blocks, DEFAULT_SPECS.photo.blocks),
  head: stored('Features between the last two 1x1 layers', DEFAULT_SPECS.pixelcnn.head, DEFAULT_SPECS.photo.head),
  frame: {
    describe: 'pixelcnn: see the image relative to a local base value, or as it is (the paper)',
    choices: ['local', 'absolute'],
    requiresArg: true,
    defaultDescription: DEFAULT_SPECS.pixelcnn.frame,
  },
  steps: storedSetting('steps', 'Steps in all, those before --resume included'),
  batch: storedSetting('batch', 'Crops a step; the paper has 16, 32 and 64'),
  crop: storedSetting('crop', 'Side of a crop in pixels; photo: at most 256'),
  rate: storedSetting(
    'rate',
    'Highest learning rate: the rate rises to it in 200 steps, then falls until the last one',
  ),
  momentum: storedSetting('momentum', 'Momentum of RMSProp (pixelcnn), beta 1 of AdamW (photo)'),
  seed: storedSetting('seed', 'Seed of weights and crops'),
  every: { describe: 'Steps between checkpoints', type: 'number', requiresArg: true, default: 500 },
  'held-out': stored('Every n-th image is kept out of training to measure on', DEFAULT_HELD_OUT),
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
    ['steps', 1],
    ['batch', 1],
    ['crop', 8],
    ['every', 1],
    ['held-out', 2],
  ] as const) {
    const value = args[name];
    if (value !== undefined && (!Number.isInteger(value) || value < least)) {
      throw new PixrnnError('usage', `--${name} takes a whole number from ${least} on.`);
    }
  }
  const { rate, momentum, seed } = args;
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    throw new PixrnnError('usage', '--rate takes a number above 0.');
  }
  if (momentum !== undefined && !(momentum >= 0 && momentum < 1)) {
    throw new PixrnnError('usage', '--momentum takes a number from 0 up to 1, 1 itself excluded.');
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new PixrnnError('usage', '--seed takes a whole number.');
  }
  // yargs makes a list of an option that is given twice.
  for (const name of ['model', 'out', 'backend', 'frame'] as const) {
    const value: unknown = args[name];
    if (value === '' || Array.isArray(value)) throw new PixrnnError('usage', `--${name} takes one value.`);
  }
}

/** The spec of a new run. Throws `usage` where the options make none. */
export function newSpec(given: SomeSpec): ModelSpec {
  const { architecture = DEFAULT_MODEL, channels = 3, ...others } = given;
  const own: SomeSpec = DEFAULT_SPECS[architecture as ModelSpec['architecture']];
  const fields = Object.entries(others).filter(([, value]) => value !== undefined);
  const foreign = fields.find(([field]) => !(field in own));
  if (foreign) throw new PixrnnError('usage', `the model ${architecture} has no --${foreign[0]}. Leave it out.`);
  try {
    return parseSpec({ architecture, channels, ...own, ...Object.fromEntries(fields) });
  } catch (cause) {
    if (!(cause instanceof PixrnnError)) throw cause;
    const sizes = Object.keys(own).filter((field) => field !== 'frame');
    throw new PixrnnError('usage', `${cause.message} See ${sizes.map((field) => `--${field}`).join(', ')}.`, { cause });
  }
}

/** What is given of the network. */
export function givenSpec(args: TrainArguments): SomeSpec {
  const { model: architecture, gray, hidden, blocks, head, frame, features, components } = args;
  const channels = gray === undefined ? undefined : gray ? 1 : 3;
  return { architecture, channels, hidden, blocks, head, frame, features, components };
}

/** What is given of the settings. */
export function givenSettings({ steps, batch, crop, rate, momentum, seed }: TrainArguments): SomeSettings {
  return { steps, batch, crop, rate, momentum, seed };
}

/** The run's folder. */
export function runFolder({ out, model }: TrainArguments): string {
  return out ?? `runs/${model ?? DEFAULT_MODEL}`;
}

/** Every how many images one is held out of a new run. */
export function heldOutInterval(args: TrainArguments): number {
  return args['held-out'] ?? DEFAULT_HELD_OUT;
}
