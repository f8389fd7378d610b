import { PixrnnError } from '../errors.js';
import { formatOfPath } from '../image/formats.js';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE } from '../sampling/limits.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';
import { coding, printing, writing } from './options.js';
import { checkTarget, type Target } from './output.js';

/* What `sample` and `complete` have in common. */

/** More would be no picture to look at. */
const MAX_IMAGES = 10_000;

/** `count` is left to each command, for its default. */
export const drawing = {
  model: {
    ...coding.model,
    group: 'Drawing',
    describe: 'The model: a file, or a name that `pixrnn models` lists',
    demandOption: true,
  },
  out: {
    ...writing.output,
    alias: ['o', 'output'],
    describe: 'The PNG file to write; - is standard output',
    demandOption: true,
  },
  force: writing.force,
  seed: {
    group: 'Drawing',
    describe: 'Which of all possible results: a whole number from 0 on',
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  temperature: {
    group: 'Drawing',
    describe: `1 is the model as it is; below, likely values get likelier (${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE})`,
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  threads: {
    ...coding.threads,
    group: 'Drawing',
    describe: 'How many images to draw at a time; they are the same with any number',
  },
  ...printing,
} as const satisfies Record<string, Option>;

/** How many images, or completions of each. */
export function count(describe: string, usual: number) {
  return {
    group: 'Drawing',
    describe,
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: usual,
  } as const satisfies Option;
}

export interface DrawingArguments {
  model: string;
  out: string;
  force: boolean;
  seed: number;
  temperature: number;
  count: number;
  threads: number;
  quiet: boolean;
  json: boolean;
}

/** Throws `usage` for values that cannot mean anything. */
export function checkDrawing(args: DrawingArguments): void {
  const { out, seed, temperature, count: images, json } = args;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new PixrnnError('usage', '--seed takes a whole number from 0 to 2^53 - 1.');
  }
  if (!(temperature >= LOWEST_TEMPERATURE && temperature <= HIGHEST_TEMPERATURE)) {
    throw new PixrnnError(
      'usage',
      `--temperature takes a number from ${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE}.`,
    );
  }
  checkCount('count', images, MAX_IMAGES);
  if (out === STANDARD_STREAM) {
    if (json) {
      throw new PixrnnError('usage', '--json and the grid cannot both go to standard output. Name a file with --out.');
    }
  } else if (!isNullDevice(out) && formatOfPath(out) !== 'png') {
    throw new PixrnnError('usage', `the grid is a PNG file, and ${out} has another ending. Use .png.`);
  }
}

/** Throws `usage` unless a number is whole and from 1 to `most`. */
export function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new PixrnnError('usage', `--${name} takes a whole number from 1 to ${most}.`);
}

/** Where the grid goes; refused before anything is drawn where it cannot be written. */
export function gridTarget({ out, force }: DrawingArguments): Target {
  const target: Target = { path: out, force, source: null };
  checkTarget(target);
  return target;
}
