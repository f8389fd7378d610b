import { PixrnnError } from '../errors.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { type CodingArguments, checkWriting, type ReadingArguments, type WritingArguments } from './options.js';

const recursive = {
  alias: 'r',
  group: 'Many files',
  describe: 'Take folders with all that is in them',
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
  describe: 'Leave out what is done: the result is there, whole, and of this source',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const deleteSource = {
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

/** Options of all commands that work on many files. */
export const batching = { recursive, jobs, memory, shard, 'dry-run': dryRun } as const;
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

/**
 * Refuses combinations of what writes that cannot mean anything, or that would be dangerous.
 * @throws PixrnnError 'usage'
 */
export function checkBatchWriting(files: readonly string[], args: Arguments, verifies: boolean): void {
  checkWriting(files, args);
  const refuse = (what: string): never => {
    throw new PixrnnError('usage', what);
  };
  if (args.output !== undefined && args['out-dir'] !== undefined) {
    refuse('--output and --out-dir both say where the result goes. Leave out one of them.');
  }
  if (args['skip-existing'] && args.force) {
    refuse('--skip-existing keeps what is done and --force replaces it. Leave out one of them.');
  }
  const isStream = files.includes(STANDARD_STREAM) || args.output === STANDARD_STREAM;
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
