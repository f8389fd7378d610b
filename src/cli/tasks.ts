import { shellWord } from '../node/path-text.js';
import { counted } from '../counted.js';
import type { Work } from '../batch/estimate.js';
import type { Limits, Cost } from '../batch/memory-budget.js';
import { type FileSize, fileSize, pixelsOf, UNKNOWN_SIZE } from '../batch/header.js';
import { defaultMemory, fixedMemory, costOf } from '../batch/memory.js';
import { type NameOf, planOutputs, type Task } from '../batch/plan.js';
import { parseShard, takeShard } from '../batch/shard.js';
import { findSources, type Source } from '../batch/sources.js';
import { PixrnnError } from '../errors.js';
import type { BatchingArguments } from './batch-options.js';
import { STANDARD_STREAM } from './input.js';
import { listText } from './messages.js';
import { isNullDevice } from './null-device.js';
import type { CodingArguments } from './options.js';
import { displayTarget } from './output.js';

/** A file to process, with its size and cost, known from its header. */
export interface SizedTask extends Task {
  readonly index: number;
  readonly size: FileSize;
  readonly cost: Cost;
  /** What its time is in proportion to. */
  readonly work: Work;
}

/** How the files of the command line become tasks. */
export interface ListOptions {
  /** Extensions of the files to process in directories. */
  readonly extensions: RegExp;
  /** Returns the name of a file's output; null if the command writes no files. */
  readonly outputOf: NameOf | null;
  /** Returns the name to use if two files would have the same output; default `outputOf`. */
  readonly fullOutputOf?: NameOf | undefined;
  readonly outDir?: string | undefined;
  /** Whether the samples of JPEG files are coded, not their coefficients. */
  readonly codesJpegSamples?: boolean;
  /** Rejects invalid lists of files. Gets the whole list, even with --shard. */
  readonly check?: (paths: readonly string[], sources: readonly Source[]) => void;
}

/** Weight of the pixels of files that need no model: these need at most a tenth of the time. */
const QUICK_WEIGHT = 0.1;

/** Number of headers to read at a time. */
const READ_AT_ONCE = 32;

/**
 * Returns the tasks in order, and whether the run is a batch: several files, --recursive or --shard.
 * @throws PixrnnError 'usage' if there are no files
 */
export async function listTasks(
  names: readonly string[],
  args: BatchingArguments,
  { extensions, outputOf, fullOutputOf, outDir, codesJpegSamples = false, check }: ListOptions,
): Promise<{ tasks: SizedTask[]; isMany: boolean }> {
  const shard = args.shard === undefined ? null : parseShard(args.shard);
  const sources = findSources(names, { recursive: args.recursive, extensions, stream: STANDARD_STREAM });
  if (sources.length === 0) {
    const where = listText(
      names.map((name) => shellWord(name)),
      'and',
    );
    throw new PixrnnError('usage', `no supported files found in ${where}. Name the files themselves.`);
  }
  check?.(
    sources.map(({ path }) => path),
    sources,
  );
  const outputNames = outputOf && {
    nameOf: outputOf,
    fullNameOf: fullOutputOf ?? outputOf,
    folder: outDir,
    discards: isNullDevice,
  };
  const all = outputNames
    ? planOutputs(sources, outputNames, displayTarget)
    : sources.map((source) => ({ ...source, output: source.path })); // nothing is written
  const tasks = await withSizes(shard ? takeShard(all, shard) : all, codesJpegSamples);
  return { tasks, isMany: all.length > 1 || args.recursive || shard !== null };
}

async function withSizes(tasks: readonly Task[], codesJpegSamples: boolean): Promise<SizedTask[]> {
  const sized: SizedTask[] = [];
  for (let at = 0; at < tasks.length; at += READ_AT_ONCE) {
    const some = tasks.slice(at, at + READ_AT_ONCE);
    const sizes = await Promise.all(
      some.map(({ path }) => (path === STANDARD_STREAM ? Promise.resolve(UNKNOWN_SIZE) : fileSize(path))),
    );
    for (const [i, task] of some.entries()) {
      const found = sizes[i] ?? UNKNOWN_SIZE;
      const size = codesJpegSamples ? { ...found, coefficients: null } : found;
      sized.push({ ...task, index: at + i, size, cost: costOf(size), work: workOf(size) });
    }
  }
  return sized;
}

function workOf(size: FileSize): Work {
  if (size.coefficients !== null) return { measure: 'jpeg-bytes', amount: size.bytes };
  return { measure: 'pixels', amount: pixelsOf(size) * (size.isQuick ? QUICK_WEIGHT : 1) };
}

/**
 * Returns the limits of a run.
 * @throws PixrnnError 'usage' if --memory is less than the threads need
 */
export function limitsOf({ threads, jobs, memory }: CodingArguments & BatchingArguments): Limits {
  const fixed = fixedMemory(threads);
  const bytes = memory === undefined ? Math.max(0, defaultMemory() - fixed) : memory * 2 ** 20 - fixed;
  if (bytes <= 0 && memory !== undefined) {
    const min = Math.ceil(fixed / 2 ** 20) + 1;
    throw new PixrnnError(
      'usage',
      `--memory ${memory} is less than ${counted(threads, 'thread')} need${threads === 1 ? 's' : ''}. Use at least ${min}, or fewer --threads.`,
    );
  }
  return { jobs: jobs ?? null, threads, memory: bytes };
}

/**
 * Rejects a file that exceeds --memory alone.
 * @throws PixrnnError 'limit'
 */
export function checkMemory(task: SizedTask, { threads, memory }: CodingArguments & BatchingArguments): void {
  if (memory === undefined) return;
  const needed = Math.ceil((fixedMemory(threads) + task.cost.memory) / 2 ** 20);
  if (needed <= memory) return;
  const what = `it may need ${needed} MiB of memory, more than the limit of ${memory}`;
  throw new PixrnnError('limit', `${what}. Raise the limit with --memory.`);
}
