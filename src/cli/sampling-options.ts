import { PixrnnError } from '../errors.js';
import { formatOfPath } from '../image/formats.js';
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from '../engine/temperature.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';
import { coding, printing, writing } from './options.js';
import { checkTarget, type Target } from './output.js';

/* Options that `sample` and `complete` share. */

/** A larger grid is no use to look at. */
const MAX_IMAGES = 10_000;

/** Without `count`, whose default differs between the commands. */
export const drawing = {
  model: {
    ...coding.model,
    group: 'Sampling',
    describe: 'Model: a file, or a name from `pixrnn models`',
    demandOption: true,
  },
  out: {
    ...writing.output,
    alias: ['o', 'output'],
    describe: 'PNG file to write; - is standard output',
    demandOption: true,
  },
  force: writing.force,
  seed: {
    group: 'Sampling',
    describe: 'Random seed, an integer >= 0',
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  temperature: {
    group: 'Sampling',
    describe: `Sampling temperature, ${MIN_TEMPERATURE} to ${MAX_TEMPERATURE}; below 1 favours likely values`,
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: 1,
  },
  threads: {
    ...coding.threads,
    group: 'Sampling',
    describe: 'Number of images to draw at a time; does not change the images',
  },
  ...printing,
} as const satisfies Record<string, Option>;

/** Returns the option --count. */
export function count(describe: string, defaultCount: number) {
  return {
    group: 'Sampling',
    describe,
    value: 'N',
    type: 'number',
    requiresArg: true,
    default: defaultCount,
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

/**
 * Checks the values of the options.
 * @throws PixrnnError 'usage'
 */
export function checkDrawing(args: DrawingArguments): void {
  const { out, seed, temperature, count: images, json } = args;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new PixrnnError('usage', '--seed must be an integer from 0 to 2^53 - 1.');
  }
  if (!(temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE)) {
    throw new PixrnnError('usage', `--temperature must be a number from ${MIN_TEMPERATURE} to ${MAX_TEMPERATURE}.`);
  }
  checkCount('count', images, MAX_IMAGES);
  if (out === STANDARD_STREAM) {
    if (json) {
      throw new PixrnnError('usage', '--json and the grid cannot both go to standard output. Name a file with --out.');
    }
  } else if (!isNullDevice(out) && formatOfPath(out) !== 'png') {
    throw new PixrnnError('usage', `the grid is a PNG file, but ${out} does not end in .png. Use that extension.`);
  }
}

/** @throws PixrnnError 'usage' unless a number is an integer from 1 to `max` */
export function checkCount(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new PixrnnError('usage', `--${name} must be an integer from 1 to ${max}.`);
}

/**
 * Returns the target of the grid, checked before anything is drawn.
 * @throws PixrnnError as `checkTarget`
 */
export function gridTarget({ out, force }: DrawingArguments): Target {
  const target: Target = { path: out, force, source: null };
  checkTarget(target);
  return target;
}
