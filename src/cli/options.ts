import { availableParallelism } from 'node:os';
import { MAX_COMMAND_SECONDS } from '../codec/decoding-time.js';
import { DATASET_NAMES } from '../datasets/names.js';
import { DEFAULT_EFFORT, type Effort, EFFORTS } from '../effort.js';
import { PixrnnError } from '../errors.js';
import { MAX_PIXELS } from '../image/raster.js';
import { MAX_PERCENT, MIN_PERCENT } from '../parity/geometry.js';
import type { ReadOptions } from '../image/source.js';
import type { Option, Positional } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { formatCount } from './messages.js';
import { isNullDevice } from './null-device.js';

/*
 * yargs drops a lone "-" from a list of files and does not assign names after "--" to positionals. So "-" is replaced by this mark, which
 * no argument can be (it contains a zero byte), and names after "--" that begin with "-" get the prefix "./".
 */
const STREAM_MARK = '\0-';

/** Returns an equivalent command line that yargs parses correctly. */
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

/** Undoes `protectFileNames` for a parsed value. */
export function restoreStream<T>(name: T): T | typeof STANDARD_STREAM {
  return name === STREAM_MARK ? STANDARD_STREAM : name;
}

/** Returns the positional `<name..>`, a list of at least one file; undefined if the command makes it optional and none is given. */
export function fileList(describe: string) {
  return {
    describe,
    value: 'FILE',
    type: 'string',
    array: true,
    demandOption: true,
    default: undefined, // instead of an empty list
    // yargs passes [undefined] if the list is optional and empty.
    coerce: (names: (string | undefined)[]) =>
      names.flatMap((name) => (name === undefined ? [] : restoreStream<string>(name))),
  } as const satisfies Positional;
}

/** Returns the positional `<directory>`. */
export function directory(describe: string) {
  return { describe, value: 'DIR', type: 'string', demandOption: true } as const satisfies Positional;
}

const model = {
  group: 'Coding',
  describe: 'Model: a file, or a name from `pixrnn models`',
  value: 'MODEL',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

const threads = {
  alias: 't',
  group: 'Coding',
  describe: 'Number of worker threads; each codes one tile at a time',
  value: 'N',
  type: 'number',
  requiresArg: true,
  default: availableParallelism(),
  defaultDescription: 'all cores',
} as const satisfies Option;

const effort = {
  alias: 'e',
  group: 'Coding',
  describe: '1: small model; 2: with a mixer (time x 2.5); 3: large (x 5); 4: largest (x 10)',
  choices: EFFORTS,
  type: 'number',
  requiresArg: true,
  default: DEFAULT_EFFORT,
} as const satisfies Option;

export const noOrigin = {
  group: 'Coding',
  describe: 'Code R, G and B even if the image was computed from luma and chroma',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const maxPixels = {
  group: 'Input',
  describe: 'Reject images with more pixels',
  value: 'N',
  type: 'number',
  requiresArg: true,
  default: MAX_PIXELS,
  defaultDescription: formatCount(MAX_PIXELS),
} as const satisfies Option;

const maxSeconds = {
  group: 'Input',
  describe: 'Reject files that need more CPU seconds to decode, estimated',
  value: 'N',
  type: 'number',
  requiresArg: true,
  default: MAX_COMMAND_SECONDS,
  defaultDescription: formatCount(MAX_COMMAND_SECONDS),
} as const satisfies Option;

const output = {
  alias: 'o',
  group: 'Output',
  describe: 'Output file, for a single input; - is standard output, /dev/null writes nothing',
  value: 'FILE',
  type: 'string',
  requiresArg: true,
  coerce: restoreStream<string>,
} as const satisfies Option;

const force = {
  alias: 'f',
  group: 'Output',
  describe: 'Replace existing output files',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const quiet = {
  alias: 'q',
  group: 'Messages',
  describe: 'Print only errors and requested output',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const json = {
  group: 'Messages',
  describe: 'Print results as JSON to standard output, one object per line',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const stripMetadata = {
  group: 'Input',
  describe: 'Drop metadata: text, date, position, colour profile (JPEG keeps it)',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const allowLossySource = {
  group: 'Input',
  describe: 'Accept lossy WebP and AVIF, JPEG with --pixels; makes larger files',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const firstFrame = {
  group: 'Input',
  describe: 'Use the first frame of an animation',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const page = {
  group: 'Input',
  describe: 'Use this image of a file with several images, counted from 1',
  value: 'N',
  type: 'number',
  requiresArg: true,
} as const satisfies Option;

export const dataset = {
  group: 'Images',
  describe: 'Use a data set instead of files, see `pixrnn dataset`',
  choices: DATASET_NAMES,
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

export const data = {
  group: 'Images',
  describe: 'Directory of installed data sets',
  value: 'DIR',
  type: 'string',
  requiresArg: true,
  defaultDescription: '$PIXRNN_DATA, or ~/.cache/pixrnn',
} as const satisfies Option;

/** Groups of options that commands share. */
export const printing = { quiet, json } as const;
export const limiting = { 'max-pixels': maxPixels } as const;
export const decoding = { 'max-seconds': maxSeconds } as const;
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

export interface DecodingArguments {
  'max-seconds': number;
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
 * Checks the numbers of shared options. Not done in `coerce`, because yargs would rewrite the error, and because an option that is given
 * twice is a list.
 * @throws PixrnnError 'usage'
 */
export function checkNumbers(args: Record<string, unknown>): void {
  const { threads: count, 'max-pixels': limit, 'max-seconds': seconds, page: number, jobs, memory, parity } = args;
  if (count !== undefined && !isCount(count, 1024)) {
    throw new PixrnnError('usage', '--threads must be an integer from 1 to 1024.');
  }
  if (limit !== undefined && !isCount(limit, Number.MAX_SAFE_INTEGER)) {
    throw new PixrnnError('usage', '--max-pixels must be an integer >= 1.');
  }
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0 && seconds <= Number.MAX_SAFE_INTEGER)) {
    throw new PixrnnError('usage', '--max-seconds must be a number > 0.');
  }
  if (parity !== undefined && !(isCount(parity, MAX_PERCENT) && parity >= MIN_PERCENT)) {
    throw new PixrnnError('usage', `--parity must be an integer from ${MIN_PERCENT} to ${MAX_PERCENT}.`);
  }
  if (number !== undefined && !isCount(number, Number.MAX_SAFE_INTEGER)) {
    throw new PixrnnError('usage', '--page must be an integer >= 1.');
  }
  if (jobs !== undefined && !isCount(jobs, 1024)) {
    throw new PixrnnError('usage', '--jobs must be an integer from 1 to 1024.');
  }
  if (memory !== undefined && !isCount(memory, 2 ** 30)) {
    throw new PixrnnError('usage', '--memory must be an integer number of MiB >= 1.');
  }
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

/** Returns the effort of --effort, which the parser has checked. */
export function effortOf({ effort: level }: LikelihoodArguments): Effort {
  return level as Effort;
}

/** Returns the limits of decoding that the arguments set. */
export function decodingLimits(args: LimitingArguments & DecodingArguments) {
  return { maxPixels: args['max-pixels'], maxSeconds: args['max-seconds'] };
}

/** Returns the options of `readImage` that the arguments ask for. */
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
 * Rejects contradictory output options.
 * @throws PixrnnError 'usage'
 */
export function checkWriting(
  files: readonly string[],
  { output: path, json: asJson }: WritingArguments & JsonArguments,
) {
  if (path !== undefined && !isNullDevice(path) && files.length > 1) {
    throw new PixrnnError('usage', '--output names one file, but there are several inputs. Use --out-dir.');
  }
  if (asJson && (path ?? files.find((file) => file === STANDARD_STREAM)) === STANDARD_STREAM) {
    throw new PixrnnError(
      'usage',
      '--json and the output cannot both go to standard output. Name a file with --output.',
    );
  }
}
