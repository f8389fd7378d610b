import type { Options } from 'yargs';
import { PixrnnError } from '../errors.js';
import { formatOfPath } from '../image/formats.js';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE } from '../sampling/sample-images.js';
import { STANDARD_STREAM } from './input.js';
import { coding, printing, restoreStream, writing } from './options.js';
import { checkTarget, type Target } from './output.js';

/* What `sample` and `complete` have in common. */

/** More would be no picture to look at. */
const MOST_IMAGES = 10_000;

/** `count` is left to each command, for its default. */
export const drawing = {
  model: { ...coding.model, describe: 'The model: a file, or a name that `pixrnn models` lists', demandOption: true },
  out: {
    alias: ['o', 'output'],
    describe: 'The PNG file to write; - is standard output',
    type: 'string',
    requiresArg: true,
    demandOption: true,
    coerce: restoreStream<string>,
  },
  force: writing.force,
  seed: {
    describe: 'Which of all possible results: a whole number from 0 on',
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  temperature: {
    describe: `1 is the model as it is; below, likely values get likelier (${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE})`,
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  threads: { ...coding.threads, describe: 'How many images to draw at a time; they are the same with any number' },
  ...printing,
} as const satisfies Record<string, Options>;

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
  const { out, seed, temperature, count, json } = args;
  // yargs makes a list of an option that is given twice.
  if (typeof out !== 'string' || out === '') throw new PixrnnError('usage', '--out takes one value.');
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new PixrnnError('usage', '--seed takes a whole number from 0 to 2^53 - 1.');
  }
  if (!(temperature >= LOWEST_TEMPERATURE && temperature <= HIGHEST_TEMPERATURE)) {
    throw new PixrnnError(
      'usage',
      `--temperature takes a number from ${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE}.`,
    );
  }
  checkCount('count', count, MOST_IMAGES);
  if (out === STANDARD_STREAM) {
    if (json) {
      throw new PixrnnError('usage', '--json and the grid cannot both go to standard output. Name a file with --out.');
    }
  } else if (formatOfPath(out) !== 'png') {
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
