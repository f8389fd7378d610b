import type { Options } from 'yargs';
import { PixrnnError } from '../errors.js';
import { type ModelSpec, parseSpec } from '../model/architecture.js';
import { DEFAULT_SETTINGS, type SomeSettings, type SomeSpec } from '../train/settings.js';

/** The options of `train` as they are given: what a checkpoint may hold instead has no default here. */
export interface TrainArguments {
  folder: string;
  out: string;
  gray: boolean | undefined;
  hidden: number | undefined;
  blocks: number | undefined;
  head: number | undefined;
  frame: string | undefined;
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

const DEFAULT_SPEC = { architecture: 'pixelcnn', hidden: 36, blocks: 5, head: 72, frame: 'local' } as const;
const DEFAULT_HELD_OUT = 50;

/** A number that a resumed run takes from its checkpoint where it is not given. */
function stored(describe: string, value: number) {
  return { describe, type: 'number', requiresArg: true, defaultDescription: String(value) } as const satisfies Options;
}

export const TRAIN_OPTIONS = {
  out: {
    describe: 'Folder of the run: checkpoint, log, curve, model',
    type: 'string',
    requiresArg: true,
    default: 'runs/pixelcnn',
  },
  gray: { describe: 'A model for gray images', type: 'boolean' },
  hidden: stored('h: features in a residual block; twice as many between them', DEFAULT_SPEC.hidden),
  blocks: stored('Residual blocks', DEFAULT_SPEC.blocks),
  head: stored('Features between the last two 1x1 layers', DEFAULT_SPEC.head),
  frame: {
    describe: 'See the image relative to a local base value, or as it is (the paper)',
    choices: ['local', 'absolute'],
    requiresArg: true,
    defaultDescription: DEFAULT_SPEC.frame,
  },
  steps: stored('Steps in all, those before --resume included', DEFAULT_SETTINGS.steps),
  batch: stored('Crops a step; the paper has 16, 32 and 64', DEFAULT_SETTINGS.batch),
  crop: stored('Side of a crop in pixels', DEFAULT_SETTINGS.crop),
  rate: stored('Highest learning rate', DEFAULT_SETTINGS.rate),
  momentum: stored('Momentum of RMSProp', DEFAULT_SETTINGS.momentum),
  seed: stored('Seed of weights and crops', DEFAULT_SETTINGS.seed),
  every: { describe: 'Steps between checkpoints', type: 'number', requiresArg: true, default: 500 },
  'held-out': stored('Every n-th image is kept out of training to measure on', DEFAULT_HELD_OUT),
  resume: {
    describe: "Go on from the run's checkpoint, with its network, settings and held-out images",
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
  for (const name of ['out', 'backend', 'frame'] as const) {
    const value: unknown = args[name];
    if (value === '' || Array.isArray(value)) throw new PixrnnError('usage', `--${name} takes one value.`);
  }
}

/** The spec of a new run. Throws `usage` where the options make none. */
export function newSpec(given: SomeSpec): ModelSpec {
  const { channels = 3, hidden, blocks, head, frame } = given;
  try {
    return parseSpec({
      architecture: DEFAULT_SPEC.architecture,
      channels,
      hidden: hidden ?? DEFAULT_SPEC.hidden,
      blocks: blocks ?? DEFAULT_SPEC.blocks,
      head: head ?? DEFAULT_SPEC.head,
      frame: frame ?? DEFAULT_SPEC.frame,
    });
  } catch (cause) {
    if (!(cause instanceof PixrnnError)) throw cause;
    throw new PixrnnError('usage', `${cause.message} See --hidden, --blocks, --head.`, { cause });
  }
}

/** What is given of the network. */
export function givenSpec({ gray, hidden, blocks, head, frame }: TrainArguments): SomeSpec {
  return { channels: gray === undefined ? undefined : gray ? 1 : 3, hidden, blocks, head, frame };
}

/** What is given of the settings. */
export function givenSettings({ steps, batch, crop, rate, momentum, seed }: TrainArguments): SomeSettings {
  return { steps, batch, crop, rate, momentum, seed };
}

/** Every how many images one is held out of a new run. */
export function heldOutInterval(args: TrainArguments): number {
  return args['held-out'] ?? DEFAULT_HELD_OUT;
}
