import { availableParallelism } from 'node:os';
import { DATASET_NAMES } from '../datasets/names.js';
import { DEFAULT_EFFORT, type Effort, EFFORTS } from '../engine/effort.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import type { ReadOptions } from '../image/source.js';
import type { Option, Positional } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { formatCount } from './messages.js';
import { isNullDevice } from './null-device.js';

/*
 * yargs loses a lone "-" in a list of files, and names after "--" do not count as a command's files. No argument can hold
 * a zero byte, so this stands for "-" while yargs is at work; a leading "./" keeps "-x.png" after "--" from being an option.
 */
const STREAM_MARK = '\0-';

/** The command line as yargs can take it, with the same meaning. */
export function protectFileNames(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const mark = (argument: string): string => (argument === STANDARD_STREAM ? STREAM_MARK : argument);
  const protect = (name: string): string => (name.startsWith('-') ? `./${name}` : name);
  return [
    ...argv.slice(0, end).map(mark),
    ...argv
      .slice(end + 1)
      .map(mark)
      .map(protect),
  ];
}

/** A name as it was on the command line, once yargs is done with it. */
export function restoreStream<T>(name: T): T | typeof STANDARD_STREAM {
  return name === STREAM_MARK ? STANDARD_STREAM : name;
}

/** A list of at least one file, for a command's `<name..>`; undefined where a command takes something else, too. */
export function fileList(describe: string) {
  return {
    describe,
    value: 'FILE',
    type: 'string',
    array: true,
    demandOption: true,
    default: undefined, // or it would be an empty list
    // yargs gives a list of nothing where a command can do without.
    coerce: (names: (string | undefined)[]) =>
      names.flatMap((name) => (name === undefined ? [] : restoreStream<string>(name))),
  } as const satisfies Positional;
}

/** A folder, for a command's `<folder>`. */
export function folder(describe: string) {
  return { describe, value: 'FOLDER', type: 'string', demandOption: true } as const satisfies Positional;
}

const model = {
  group: 'Coding',
  describe: 'Another model: a file, or a name that `pixrnn models` lists',
  value: 'MODEL',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

const threads = {
  alias: 't',
  group: 'Coding',
  describe: 'Number of worker threads; each codes a tile at a time',
  value: 'N',
  type: 'number',
  requiresArg: true,
  default: availableParallelism(),
  defaultDescription: 'all cores',
} as const satisfies Option;

const effort = {
  alias: 'e',
  group: 'Coding',
  describe: '1 the model alone, 2 with a mixer (time x 1.8), 3 learning, too (x 2.4)',
  choices: EFFORTS,
  type: 'number',
  requiresArg: true,
  default: DEFAULT_EFFORT,
} as const satisfies Option;

const maxPixels = {
  group: 'Reading',
  describe: 'Refuse images with more pixels',
  value: 'N',
  type: 'number',
  requiresArg: true,
  default: MAX_PIXELS,
  defaultDescription: formatCount(MAX_PIXELS),
} as const satisfies Option;

const output = {
  alias: 'o',
  group: 'Result',
  describe: 'Output file, for a single input; - is standard output, /dev/null writes nothing',
  value: 'FILE',
  type: 'string',
  requiresArg: true,
  coerce: restoreStream<string>,
} as const satisfies Option;

const force = {
  alias: 'f',
  group: 'Result',
  describe: 'Replace files that exist',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const quiet = {
  alias: 'q',
  group: 'Messages',
  describe: 'Print nothing but errors and what was asked for',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const json = {
  group: 'Messages',
  describe: 'Print one JSON object per file to standard output',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const stripMetadata = {
  group: 'Reading',
  describe: 'Keep the image alone: no colour profile, no text, no date',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const allowLossySource = {
  group: 'Reading',
  describe: 'Take JPEG, lossy WebP and AVIF, too; results are larger than they are',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const firstFrame = {
  group: 'Reading',
  describe: 'Of an animation take the first frame',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const page = {
  group: 'Reading',
  describe: 'Of a file with several images take this one, from 1',
  value: 'N',
  type: 'number',
  requiresArg: true,
} as const satisfies Option;

export const dataset = {
  group: 'Images',
  describe: 'A data set in place of files, see `pixrnn dataset`',
  choices: DATASET_NAMES,
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

export const data = {
  group: 'Images',
  describe: 'Folder that data sets are kept in',
  value: 'FOLDER',
  type: 'string',
  requiresArg: true,
  defaultDescription: '$PIXRNN_DATA, or ~/.cache/pixrnn',
} as const satisfies Option;

/** Options by what a command does. */
export const printing = { quiet, json } as const;
export const limiting = { 'max-pixels': maxPixels } as const;
export const coding = { model, threads, ...limiting, ...printing } as const;
export const likelihood = { effort } as const;
export const writing = { output, force } as const;
export const reading = {
  'strip-metadata': stripMetadata,
  'allow-lossy-source': allowLossySource,
  'first-frame': firstFrame,
  page,
} as const;

export interface LimitingArguments {
  'max-pixels': number;
}

export interface JsonArguments {
  json: boolean;
}

export interface CodingArguments extends LimitingArguments, JsonArguments {
  model: string | undefined;
  threads: number;
  quiet: boolean;
}

export interface LikelihoodArguments {
  effort: number;
}

export interface ReadingArguments {
  'strip-metadata': boolean;
  'allow-lossy-source': boolean;
  'first-frame': boolean;
  page: number | undefined;
}

export interface WritingArguments {
  output: string | undefined;
  force: boolean;
}

/**
 * Refuses numbers that an option of several commands cannot have. In `coerce` of the options it would be yargs that words the
 * error, and a list is what yargs makes of an option that is given twice.
 * @throws PixrnnError 'usage'
 */
export function checkNumbers(args: Record<string, unknown>): void {
  const { threads: count, 'max-pixels': limit, page: number, jobs, memory } = args;
  if (count !== undefined && !isWhole(count, 1024)) {
    throw new PixrnnError('usage', '--threads takes a whole number from 1 to 1024.');
  }
  if (limit !== undefined && !isWhole(limit, Number.MAX_SAFE_INTEGER)) {
    throw new PixrnnError('usage', '--max-pixels takes a whole number from 1 on.');
  }
  if (number !== undefined && !isWhole(number, Number.MAX_SAFE_INTEGER)) {
    throw new PixrnnError('usage', '--page takes a whole number from 1 on.');
  }
  if (jobs !== undefined && !isWhole(jobs, 1024)) {
    throw new PixrnnError('usage', '--jobs takes a whole number from 1 to 1024.');
  }
  if (memory !== undefined && !isWhole(memory, 2 ** 30)) {
    throw new PixrnnError('usage', '--memory takes a whole number of mebibytes.');
  }
}

function isWhole(value: unknown, highest: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest;
}

/** The effort of --effort, which the parser has checked. */
export function effortOf({ effort: level }: LikelihoodArguments): Effort {
  return level as Effort;
}

/** How `readImage` is to read. */
export function readOptionsOf(args: ReadingArguments & LimitingArguments): ReadOptions {
  return {
    maxPixels: args['max-pixels'],
    stripMetadata: args['strip-metadata'],
    allowLossySource: args['allow-lossy-source'],
    firstFrame: args['first-frame'],
    page: args.page,
  };
}

/**
 * Refuses combinations that cannot mean anything.
 * @throws PixrnnError 'usage'
 */
export function checkWriting(
  files: readonly string[],
  { output: path, json: asJson }: WritingArguments & JsonArguments,
) {
  if (path !== undefined && !isNullDevice(path) && files.length > 1) {
    throw new PixrnnError('usage', '--output names one file and there are several inputs. Leave it out.');
  }
  if (asJson && (path ?? files.find((file) => file === STANDARD_STREAM)) === STANDARD_STREAM) {
    throw new PixrnnError(
      'usage',
      '--json and the result cannot both go to standard output. Name a file with --output.',
    );
  }
}
