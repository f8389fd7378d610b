import { PixrnnError } from '../errors.js';
import { type FileJob, fileJob, fileJobId, type PlannedFile } from './jobs.js';
import { plannedFiles } from './planned-files.js';
import type { Failure } from './queue/failures.js';
import type { JobQueue } from './queue/job-queue.js';
import { type Run, runId } from './run.js';
import type { RunStorages, Storage } from './storage.js';

/** The state of a run. */
export interface Survey {
  files: number;
  /** Bytes of all sources. */
  bytes: number;
  /** Files whose results exist, and the bytes of their sources. */
  done: number;
  doneBytes: number;
  failed: number;
  /** Files that the queue did not have, or whose results were missing. They are queued now. */
  added: number;
  /** How often the queue was drained before the survey. */
  drains: number;
}

/** What a survey reports while it runs. */
export interface SurveyListener {
  /** The `drains` of the survey that submitted the run: once there were more, nothing is queued any more. */
  readonly drains?: number;
  readonly onProgress?: (files: number) => void;
  readonly onFailed?: (file: PlannedFile, failure: Failure) => void;
}

/** `unknown`: the queue does not have the job; `lost`: it is completed, but its result is missing; else why it failed. */
type FileState = 'done' | 'pending' | 'unknown' | 'lost' | Failure;

/** Files to ask for at a time. */
const BATCH = 500;

/**
 * Compares the files of a run with the queue and the results, and queues what is missing. This submits a run, and again what a server forgot:
 * one that writes its log to disk every second loses the last second when it dies. Needs constant memory.
 * @throws PixrnnError 'output-failed' if the queue was drained
 */
export async function survey(
  queue: JobQueue,
  run: Run,
  storages: RunStorages,
  { drains, onProgress, onFailed }: SurveyListener = {},
): Promise<Survey> {
  const stored = await queue.run(runId(run));
  const isNew = stored === null;
  const id = await queue.putRun(run);
  const sum: Survey = { files: 0, bytes: 0, done: 0, doneBytes: 0, failed: 0, added: 0, drains: stored?.drains ?? 0 };
  const check = async (files: readonly PlannedFile[]): Promise<void> => {
    const jobs = files.map((file) => fileJob(id, file));
    // A run that the queue does not have has no jobs there; if it has, because it was submitted twice at once, adding them does nothing.
    const states = isNew
      ? jobs.map((): FileState => 'unknown')
      : await Promise.all(jobs.map((job) => stateOf(queue, job, storages.target)));
    const inState = (state: FileState): FileJob[] => jobs.filter((_, i) => states[i] === state);
    await Promise.all(inState('lost').map((job) => queue.remove(fileJobId(job))));
    const missing = [...inState('unknown'), ...inState('lost')];
    if (missing.length > 0) {
      if (drains !== undefined) await requireNoDrain(queue, id, drains);
      await queue.add(run.command, missing);
    }
    sum.added += missing.length;
    for (const [i, file] of files.entries()) {
      sum.files++;
      sum.bytes += file.bytes;
      const state = states[i];
      if (typeof state === 'object') {
        sum.failed++;
        onFailed?.(file, state);
      } else if (state === 'done') {
        sum.done++;
        sum.doneBytes += file.bytes;
      }
    }
    onProgress?.(sum.files);
  };
  let batch: PlannedFile[] = [];
  for await (const file of plannedFiles(run, storages)) {
    batch.push(file);
    if (batch.length < BATCH) continue;
    await check(batch);
    batch = [];
  }
  if (batch.length > 0) await check(batch);
  return sum;
}

/** @throws PixrnnError 'output-failed' */
async function requireNoDrain(queue: JobQueue, id: string, drains: number): Promise<void> {
  const run = await queue.run(id);
  if (run === null || (run.drains ?? 0) === drains) return;
  throw new PixrnnError('output-failed', 'files of the run were removed from the queue. Submit it again to go on.');
}

async function stateOf(queue: JobQueue, job: FileJob, target: Storage | null): Promise<FileState> {
  const state = await queue.state(fileJobId(job));
  if (state === null) return 'unknown';
  if (state.kind === 'failed') return state.failure;
  if (state.kind === 'pending') return 'pending';
  if (target === null) return 'done';
  const output = job.output ?? state.outcome.output;
  return output !== null && (await target.find(output)) ? 'done' : 'lost';
}
