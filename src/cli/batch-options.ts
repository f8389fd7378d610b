import { PixrnnError } from '../errors.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';
import { type CodingArguments, checkWriting, type ReadingArguments, type WritingArguments } from './options.js';

const recursive = {
  alias: 'r',
  group: 'Batch',
  describe: 'Recurse into directories',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const outDir = {
  group: 'Output',
  describe: 'Write outputs to this directory, recreating the subdirectories of the inputs',
  value: 'DIR',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

const skipExisting = {
  group: 'Output',
  describe: 'Skip files whose output is complete and up to date; replace other outputs',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const deleteSource = {
  alias: 'rm',
  group: 'Output',
  describe: 'Delete each input after reading back its output and comparing',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const dryRun = {
  group: 'Batch',
  describe: 'Print the plan and write nothing',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const jobs = {
  group: 'Batch',
  describe: 'Number of files to process at a time',
  value: 'N',
  type: 'number',
  requiresArg: true,
  defaultDescription: 'as many as keep all threads busy',
} as const satisfies Option;

const memory = {
  group: 'Batch',
  describe: 'Memory budget in MiB; files that exceed it alone are rejected',
  value: 'N',
  type: 'number',
  requiresArg: true,
} as const satisfies Option;

const shard = {
  group: 'Batch',
  describe: 'Process part I of N of the files, such as 2/3, to split a run over machines',
  value: 'I/N',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

const verbose = {
  alias: 'v',
  group: 'Messages',
  describe: 'Print details of each file: representation, model, bytes, threads, times',
  type: 'boolean',
  default: false,
} as const satisfies Option;

/** Options of commands that only read files. */
export const recursing = { recursive } as const;
/** Options of all commands that process batches. */
export const batching = { recursive, jobs, memory, shard, 'dry-run': dryRun, verbose } as const;
/** Options of batch commands that write output files. */
export const batchWriting = {
  'out-dir': outDir,
  'skip-existing': skipExisting,
  'delete-source': deleteSource,
} as const;

export interface BatchingArguments {
  recursive: boolean;
  jobs: number | undefined;
  memory: number | undefined;
  shard: string | undefined;
  'dry-run': boolean;
  verbose: boolean;
}

export interface BatchWritingArguments {
  'out-dir': string | undefined;
  'skip-existing': boolean;
  'delete-source': boolean;
}

/** The arguments that `checkBatchWriting` checks. */
type Arguments = WritingArguments &
  BatchWritingArguments &
  CodingArguments &
  BatchingArguments &
  Partial<ReadingArguments>;

/** Options that drop a part of the source. */
const DROPPING_OPTIONS = ['strip-metadata', 'allow-lossy-source', 'first-frame', 'page'] as const;

/** @throws PixrnnError 'usage' if both --verbose and --quiet are given */
export function checkVerbosity({ verbose, quiet }: { readonly verbose: boolean; readonly quiet: boolean }): void {
  if (!verbose || !quiet) return;
  throw new PixrnnError('usage', '--verbose and --quiet cannot be combined. Remove one of them.');
}

/** @throws PixrnnError 'usage' if both --output and --out-dir are given */
export function checkOneOutput(args: {
  readonly output: string | undefined;
  readonly 'out-dir': string | undefined;
}): void {
  if (args.output === undefined || args['out-dir'] === undefined) return;
  throw new PixrnnError('usage', '--output and --out-dir cannot be combined. Remove one of them.');
}

/**
 * Rejects combinations of output options that are contradictory or would lose data.
 * @throws PixrnnError 'usage'
 */
export function checkBatchWriting(files: readonly string[], args: Arguments, verifies: boolean): void {
  checkWriting(files, args);
  const reject = (message: string): never => {
    throw new PixrnnError('usage', message);
  };
  checkVerbosity(args);
  checkOneOutput(args);
  if (args['skip-existing'] && args.force) {
    reject('--skip-existing keeps existing outputs and --force replaces them. Remove one of them.');
  }
  const isStream = files.includes(STANDARD_STREAM) || args.output === STANDARD_STREAM;
  const isNull = args.output !== undefined && isNullDevice(args.output);
  const needsOutput = (['skip-existing', 'delete-source'] as const).find((name) => args[name]);
  if (isNull && needsOutput !== undefined) {
    reject(`--${needsOutput} needs an output file, and ${args.output} keeps nothing. Remove one of them.`);
  }
  if (isStream && args['skip-existing']) {
    reject('--skip-existing does not work with standard input or output. Remove it.');
  }
  if (isStream && args['out-dir'] !== undefined) {
    reject('--out-dir does not work with standard input or output. Remove it.');
  }
  if (!args['delete-source']) return;
  if (!verifies) reject('--delete-source needs the verification that --no-verify skips. Remove one of them.');
  const dropping = DROPPING_OPTIONS.find((name) => args[name] !== undefined && args[name] !== false);
  if (dropping !== undefined) {
    reject(`--delete-source would lose the data that --${dropping} drops. Remove one of them.`);
  }
  if (args.shard !== undefined) {
    reject('--delete-source would change the list that --shard splits. Delete the sources after all shards are done.');
  }
  if (isStream) reject('--delete-source does not work with standard input or output. Remove it.');
}
