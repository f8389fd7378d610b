import { counted } from '../counted.js';
import type { Limits, Cost } from '../batch/memory-budget.js';
import { type FileSize, fileSize, pixelsOf } from '../batch/header.js';
import { defaultMemory, fixedMemory, costOf } from '../batch/memory.js';
import { planOutputs, type Task } from '../batch/plan.js';
import { parseShard, takeShard } from '../batch/shard.js';
import { findSources, type Source } from '../batch/sources.js';
import { PixrnnError } from '../errors.js';
import type { BatchingArguments } from './batch-options.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';
import type { CodingArguments } from './options.js';
import { displayTarget } from './output.js';

/** A file to work on, with what is known of it before it is read. */
export interface SizedTask extends Task {
  readonly index: number;
  readonly size: FileSize;
  readonly load: Cost;
  /** Pixels, less where they take little time. */
  readonly work: number;
}

/** How arguments become tasks. */
export interface ListOptions {
  /** Endings of the files that count in folders. */
  readonly endings: RegExp;
  /** The name of a file's result; null where nothing is written. */
  readonly outputOf: ((path: string) => string) | null;
  /** The name of its result where another file has the same one; default the same. */
  readonly fullOutputOf?: ((path: string) => string) | undefined;
  readonly outDir?: string | undefined;
  /** Refuses a list before anything is done with it; gets all of it where a shard is asked for, too. */
  readonly check?: (paths: readonly string[], sources: readonly Source[]) => void;
}

/** A file that needs no model takes a tenth of the time at most. */
const QUICK = 0.1;

/** Headers that are read at a time. */
const READ_AT_ONCE = 32;

/**
 * What is to be done, in order, and whether it is a list: several files, or what a folder or a shard happens to hold.
 * @throws PixrnnError 'usage' where there is nothing
 */
export async function listTasks(
  names: readonly string[],
  args: BatchingArguments,
  { endings, outputOf, fullOutputOf, outDir, check }: ListOptions,
): Promise<{ tasks: SizedTask[]; isMany: boolean }> {
  const shard = args.shard === undefined ? null : parseShard(args.shard);
  const sources = findSources(names, { recursive: args.recursive, endings, stream: STANDARD_STREAM });
  if (sources.length === 0) {
    throw new PixrnnError('usage', 'the folders hold no file with an ending that counts. Name the files themselves.');
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
  const tasks = await withSizes(shard ? takeShard(all, shard) : all);
  return { tasks, isMany: all.length > 1 || args.recursive || shard !== null };
}

async function withSizes(tasks: readonly Task[]): Promise<SizedTask[]> {
  const sized: SizedTask[] = [];
  for (let at = 0; at < tasks.length; at += READ_AT_ONCE) {
    const some = tasks.slice(at, at + READ_AT_ONCE);
    const sizes = await Promise.all(
      some.map(({ path }) => (path === STANDARD_STREAM ? Promise.resolve(NO_FILE) : fileSize(path))),
    );
    for (const [i, task] of some.entries()) {
      const size = sizes[i] ?? NO_FILE;
      const work = pixelsOf(size) * (size.isQuick ? QUICK : 1);
      sized.push({ ...task, index: at + i, size, load: costOf(size), work });
    }
  }
  return sized;
}

const NO_FILE: FileSize = { bytes: 0, shape: null, isQuick: false };

/**
 * What the options allow.
 * @throws PixrnnError 'usage' where the memory is less than the threads take
 */
export function limitsOf({ threads, jobs, memory }: CodingArguments & BatchingArguments): Limits {
  const fixed = fixedMemory(threads);
  const bytes = memory === undefined ? Math.max(0, defaultMemory() - fixed) : memory * 2 ** 20 - fixed;
  if (bytes <= 0 && memory !== undefined) {
    const least = Math.ceil(fixed / 2 ** 20) + 1;
    throw new PixrnnError(
      'usage',
      `--memory ${memory} is less than ${counted(threads, 'thread')} need${threads === 1 ? 's' : ''}. Give ${least} at least, or fewer --threads.`,
    );
  }
  return { jobs: jobs ?? null, threads, memory: bytes };
}

/**
 * Refuses a file that takes more memory than --memory allows.
 * @throws PixrnnError 'limit'
 */
export function checkMemory(task: SizedTask, { threads, memory }: CodingArguments & BatchingArguments): void {
  if (memory === undefined) return;
  const needed = Math.ceil((fixedMemory(threads) + task.load.memory) / 2 ** 20);
  if (needed <= memory) return;
  const what = `it may take ${needed} MiB of memory, more than the limit of ${memory}`;
  throw new PixrnnError('limit', `${what}. Raise the limit with --memory.`);
}
