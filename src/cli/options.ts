import { availableParallelism } from 'node:os';
import type { Options, PositionalOptions } from 'yargs';
import { PixrnnError } from '../errors.js';
import { loadModel, type Model } from '../model/model.js';
import { STANDARD_STREAM } from './input.js';

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

const restoreStream = (name: string): string => (name === STREAM_MARK ? STANDARD_STREAM : name);

/** A list of at least one file, for a command's `<name..>`. */
export function fileList(describe: string) {
  return {
    describe,
    type: 'string',
    array: true,
    demandOption: true,
    coerce: (names: string[]) => names.map(restoreStream),
  } as const satisfies PositionalOptions;
}

/** An option that takes one value: yargs would make a list of it when it is given twice. */
function single(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new PixrnnError('usage', `--${name} takes one value.`);
  return restoreStream(value);
}

const model = {
  describe: 'Use the model in this file instead of the one that comes with pixrnn',
  type: 'string',
  requiresArg: true,
  coerce: (value: unknown) => single('model', value),
} as const satisfies Options;

const threads = {
  describe: 'How many tiles to work on at a time',
  type: 'number',
  requiresArg: true,
  default: availableParallelism(),
  defaultDescription: 'all cores',
  coerce: (count: unknown): number => {
    if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= 1024) return count;
    throw new PixrnnError('usage', '--threads takes a whole number from 1 to 1024.');
  },
} as const satisfies Options;

const output = {
  alias: 'o',
  describe: 'Name of the result; only with a single input; - is standard output',
  type: 'string',
  requiresArg: true,
  coerce: (value: unknown) => single('output', value),
} as const satisfies Options;

const force = { describe: 'Replace files that exist', type: 'boolean', default: false } as const satisfies Options;

const quiet = {
  alias: 'q',
  describe: 'Print nothing but errors and what was asked for',
  type: 'boolean',
  default: false,
} as const satisfies Options;

const json = {
  describe: 'Print one JSON object per file to standard output',
  type: 'boolean',
  default: false,
} as const satisfies Options;

/** Options by what a command does. */
export const printing = { json } as const;
export const coding = { model, threads, quiet, json } as const;
export const writing = { output, force } as const;

export interface CodingArguments {
  model: string | undefined;
  threads: number;
  quiet: boolean;
  json: boolean;
}

export interface WritingArguments {
  output: string | undefined;
  force: boolean;
}

/** The model of --model, or undefined. */
export async function modelOf({ model: path }: CodingArguments): Promise<Model | undefined> {
  return path === undefined ? undefined : await loadModel(path);
}

/**
 * Refuses combinations that cannot mean anything.
 * @throws PixrnnError 'usage'
 */
export function checkWriting(
  files: readonly string[],
  { output: path, json: asJson }: WritingArguments & CodingArguments,
) {
  if (path !== undefined && files.length > 1) {
    throw new PixrnnError('usage', '--output names one file and there are several inputs. Leave it out.');
  }
  if (asJson && (path ?? files.find((file) => file === STANDARD_STREAM)) === STANDARD_STREAM) {
    throw new PixrnnError(
      'usage',
      '--json and the result cannot both go to standard output. Name a file with --output.',
    );
  }
}
