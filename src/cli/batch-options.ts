import { PixrnnError } from '../errors.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';
import { type CodingArguments, checkWriting, type ReadingArguments, type WritingArguments } from './options.js';

const recursive = {
  alias: 'r',
  group: 'Many files',
  describe: 'Recurse into directories',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const outDir = {
  group: 'Result',
  describe: 'Put results into this folder, in the folders that the sources are in',
  value: 'FOLDER',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

const skipExisting = {
  group: 'Result',
  describe: 'Skip files whose result exists and is intact; replace any other result',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const deleteSource = {
  alias: 'rm',
  group: 'Result',
  describe: 'Remove each source once its result was read back and decodes to it',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const dryRun = {
  group: 'Many files',
  describe: 'Say what would be done, and do nothing',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const jobs = {
  group: 'Many files',
  describe: 'How many files to work on at a time',
  value: 'N',
  type: 'number',
  requiresArg: true,
  defaultDescription: 'enough for all threads',
} as const satisfies Option;

const memory = {
  group: 'Many files',
  describe: 'Take no more memory than this, in MiB; a file that needs more is refused',
  value: 'N',
  type: 'number',
  requiresArg: true,
} as const satisfies Option;

const shard = {
  group: 'Many files',
  describe: 'Take part I of N of the files, as 2/3: for several machines',
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

/** The option of commands that read files and write none. */
export const recursing = { recursive } as const;
/** Options of all commands that work on many files. */
export const batching = { recursive, jobs, memory, shard, 'dry-run': dryRun, verbose } as const;
/** Those of the ones that write. */
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

/** What `checkBatchWriting` looks at. */
type Arguments = WritingArguments &
  BatchWritingArguments &
  CodingArguments &
  BatchingArguments &
  Partial<ReadingArguments>;

/** Options that leave a part of the source out of the result. */
const LEAVE_OUT = ['strip-metadata', 'allow-lossy-source', 'first-frame', 'page'] as const;

/** @throws PixrnnError 'usage' where a command is to print more and less */
export function checkVerbosity({ verbose, quiet }: { readonly verbose: boolean; readonly quiet: boolean }): void {
  if (!verbose || !quiet) return;
  throw new PixrnnError('usage', '--verbose and --quiet contradict each other. Leave out one of them.');
}

/**
 * Refuses combinations of what writes that cannot mean anything, or that would be dangerous.
 * @throws PixrnnError 'usage'
 */
export function checkBatchWriting(files: readonly string[], args: Arguments, verifies: boolean): void {
  checkWriting(files, args);
  const refuse = (what: string): never => {
    throw new PixrnnError('usage', what);
  };
  checkVerbosity(args);
  if (args.output !== undefined && args['out-dir'] !== undefined) {
    refuse('--output and --out-dir both say where the result goes. Leave out one of them.');
  }
  if (args['skip-existing'] && args.force) {
    refuse('--skip-existing keeps what is done and --force replaces it. Leave out one of them.');
  }
  const isStream = files.includes(STANDARD_STREAM) || args.output === STANDARD_STREAM;
  const isNull = args.output !== undefined && isNullDevice(args.output);
  const needsResult = (['skip-existing', 'delete-source'] as const).find((name) => args[name]);
  if (isNull && needsResult !== undefined) {
    refuse(`--${needsResult} needs a result, and ${args.output} keeps none. Leave out one of them.`);
  }
  if (isStream && args['skip-existing']) {
    refuse('--skip-existing is for files, not for standard input or output. Leave it out.');
  }
  if (isStream && args['out-dir'] !== undefined) {
    refuse('--out-dir is for files, not for standard input or output. Leave it out.');
  }
  if (!args['delete-source']) return;
  if (!verifies) refuse('--delete-source needs the verification that --no-verify leaves out. Leave out one of them.');
  const leavesOut = LEAVE_OUT.find((name) => args[name] !== undefined && args[name] !== false);
  if (leavesOut !== undefined) {
    refuse(`--delete-source would remove what --${leavesOut} leaves out of the result. Use one of them only.`);
  }
  if (args.shard !== undefined) {
    refuse('--delete-source would change the list that --shard splits for the others. Remove the sources afterwards.');
  }
  if (isStream) refuse('--delete-source is for files, not for standard input or output. Leave it out.');
}
