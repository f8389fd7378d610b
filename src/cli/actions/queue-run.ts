import { escapeControls, shellWord } from '../../node/path-text.js';
import { bucketOf } from '../../farm/locations.js';
import type { FailedFiles } from '../../farm/failed-files.js';
import { follow } from '../../farm/follow.js';
import { openStorage } from '../../farm/open-storage.js';
import { failureError } from '../../farm/queue/failures.js';
import type { JobQueue } from '../../farm/queue/job-queue.js';
import { type Run, type RunCommand, runId, type RunOptions, runOf } from '../../farm/run.js';
import { StorageError } from '../../farm/storage.js';
import type { RunStorages } from '../../farm/storage.js';
import { survey } from '../../farm/survey.js';
import { statsOf } from '../../batch/stats.js';
import { PixrnnError } from '../../errors.js';
import { ReportedFailure } from '../batch.js';
import type { BatchingArguments } from '../batch-options.js';
import { exitCodeOf } from '../exit-codes.js';
import { FarmReport } from '../farm-report.js';
import type { SubmittingArguments } from '../queue-options.js';
import { stopGracefully } from '../signals.js';
import { type NamedQueue, withQueue } from './queue-connection.js';

interface FarmArguments extends SubmittingArguments, Pick<BatchingArguments, 'recursive'> {
  'out-dir'?: string | undefined;
  quiet: boolean;
  json: boolean;
}

/** Options that only one process can do. */
const LOCAL_OPTIONS = ['output', 'delete-source', 'dry-run', 'shard', 'jobs', 'memory'] as const;

/**
 * Rejects options that do not work on a queue.
 * @throws PixrnnError 'usage'
 */
export function rejectLocalOptions(args: object, more: readonly string[]): void {
  const given = args as Readonly<Record<string, unknown>>;
  const option = [...LOCAL_OPTIONS, ...more].find((name) => given[name] !== undefined && given[name] !== false);
  if (option === undefined) return;
  throw new PixrnnError('usage', `--${option} does not work on a queue. Remove it, or the options of the queue.`);
}

/**
 * Submits a run, or finds the one to follow, and follows it.
 * @throws ReportedFailure with the exit code of the first file that failed, or of a signal
 */
export async function runOnFarm(
  command: RunCommand,
  files: readonly string[],
  args: FarmArguments,
  options: RunOptions,
): Promise<void> {
  const given = args.follow === undefined ? givenRun(command, files, args, options) : null;
  await withQueue(args, async (queue, named) => {
    const run = given ?? (await runToFollow(queue, command, args.follow ?? ''));
    const storages: RunStorages = {
      source: await openStorage(run.source),
      target: run.target === null ? null : await openStorage(run.target),
    };
    try {
      await submitAndFollow(queue, run, storages, named, args);
    } finally {
      storages.source.close();
      storages.target?.close();
    }
  });
}

async function submitAndFollow(
  queue: JobQueue,
  run: Run,
  storages: RunStorages,
  { url, name }: NamedQueue,
  args: FarmArguments,
): Promise<void> {
  const report = new FarmReport(run, args);
  const stop = new AbortController();
  const removeHandler = stopGracefully((code) => stop.abort(new ReportedFailure(code)));
  try {
    const first = await survey(queue, run, storages, {
      onProgress: (files) => {
        stop.signal.throwIfAborted();
        report.submitting(files);
      },
    });
    if (first.files === 0) throw noFiles(run);
    report.submitted(first);
    if (args.detach) return;
    const onProgress = report.progress.bind(report);
    const options = { url, queueName: name, first, onProgress, signal: stop.signal };
    const { progress, failures } = await follow(queue, run, storages, options);
    report.finished(progress, failures);
    requireNoFailures(failures);
  } catch (error) {
    if (error instanceof StorageError) {
      const what = `${shellWord(run.source)} or its results cannot be read (${error.message})`;
      throw new PixrnnError('input-unreadable', `${what}. Try again.`, { cause: error });
    }
    if (!stop.signal.aborted) throw error;
    report.left();
    throw stop.signal.reason;
  } finally {
    removeHandler();
  }
}

function noFiles({ source }: Run): PixrnnError {
  return new PixrnnError('usage', `no supported files found in ${shellWord(source)}. Check its name.`);
}

function requireNoFailures({ first: [first] }: FailedFiles): void {
  if (first) throw new ReportedFailure(exitCodeOf(failureError(first.failure)));
}

/** @throws PixrnnError 'usage' */
function givenRun(command: RunCommand, files: readonly string[], args: FarmArguments, options: RunOptions): Run {
  const [source] = files;
  const target = args['out-dir'];
  if (files.length !== 1 || source === undefined) {
    throw new PixrnnError(
      'usage',
      'a run on a queue needs one directory or S3 URL. Submit others as runs of their own.',
    );
  }
  if (bucketOf(source) === null && !statsOf(source)?.isDirectory()) {
    const what = `${shellWord(source)} is no directory, and a run on a queue needs one`;
    throw new PixrnnError('usage', `${what}. Name a directory or an S3 URL, or remove the options of the queue.`);
  }
  if (!args.recursive) throw new PixrnnError('usage', 'a run on a queue recurses into its directory. Add --recursive.');
  if (command !== 'verify' && target === undefined) {
    throw new PixrnnError('usage', 'a run on a queue writes to its own directory. Name it with --out-dir.');
  }
  return runOf(command, source, target ?? null, options);
}

/** @throws PixrnnError 'usage' */
async function runToFollow(queue: JobQueue, command: RunCommand, id: string): Promise<Run> {
  const run = await queue.run(id);
  if (run === null) {
    throw new PixrnnError('usage', `the queue has no run ${escapeControls(id)}. "pixrnn queue status" lists its runs.`);
  }
  if (run.command === command && runId(run) === id) return run;
  throw new PixrnnError('usage', `${id} is a run of ${run.command}. Use "pixrnn ${run.command} --follow ${id}".`);
}
