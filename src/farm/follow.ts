import { setTimeout as delay } from 'node:timers/promises';
import { FailedFiles } from './failed-files.js';
import { type FileOutcome, isTileId, type PlannedFile, runOfId } from './jobs.js';
import type { Failure } from './queue/failures.js';
import { JobEvents } from './queue/job-events.js';
import type { JobQueue } from './queue/job-queue.js';
import { type Run, runId } from './run.js';
import { StorageError } from './storage.js';
import type { RunStorages } from './storage.js';
import { type Survey, survey } from './survey.js';

/** How far a run is. */
export interface RunProgress {
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  /** Bytes of all sources, and of those that are done. */
  readonly bytes: number;
  readonly doneBytes: number;
  /** Since this command follows the run. */
  readonly megapixels: number;
  readonly resultBytes: number;
  readonly codedBytes: number;
  readonly seconds: number;
  /** Null until something is done. */
  readonly secondsLeft: number | null;
}

export interface FollowOptions {
  readonly url: URL;
  readonly queueName: string;
  /** The survey that submitted the run. */
  readonly first: Survey;
  readonly onProgress: (progress: RunProgress) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds between reports. */
const REPORT = 1000;
/** A survey runs when this many milliseconds passed without an event: more if a survey needs long, unless the queue is empty. */
const QUIET = 5000;
const SURVEY_SHARE = 20;

/**
 * Follows a run until each of its files is done or failed. Events show the progress; only surveys, which compare the results with the list,
 * end a run.
 * @throws the signal's reason; PixrnnError 'output-failed' if the queue was drained
 */
export async function follow(
  queue: JobQueue,
  run: Run,
  storages: RunStorages,
  { url, queueName, first, onProgress, signal }: FollowOptions,
): Promise<{ readonly progress: RunProgress; readonly failures: FailedFiles }> {
  const counter = new Counter(first);
  const id = runId(run);
  const events = await JobEvents.listen(url, queueName, {
    onCompleted: (job, outcome) => {
      if (runOfId(job) !== id) return;
      if (isTileId(job)) counter.tile(outcome);
      else counter.completed(outcome);
    },
    onFailed: (job) => {
      if (runOfId(job) === id && !isTileId(job)) counter.failed();
    },
  });
  try {
    for (let quiet = 0; ;) {
      const since = performance.now() - counter.lastEvent;
      if (counter.isOver() || since > quiet || (since > QUIET && (await queue.isEmpty()))) {
        const began = performance.now();
        const failures = new FailedFiles();
        const onFailed = ({ name }: PlannedFile, failure: Failure): void => failures.add({ name, failure });
        const found = await survey(queue, run, storages, { drains: first.drains, onFailed }).catch(unlessStorage);
        quiet = Math.max(QUIET, SURVEY_SHARE * (performance.now() - began));
        if (found) counter.set(found);
        if (found?.added === 0 && found.done + found.failed === found.files) {
          await storages.target?.clean();
          return { progress: counter.progress(), failures };
        }
      }
      onProgress(counter.progress());
      await delay(REPORT, undefined, { signal });
    }
  } finally {
    await events.close();
  }
}

/** Returns null for an error of a disk or network: the next survey may succeed. */
function unlessStorage(error: unknown): null {
  if (error instanceof StorageError) return null;
  throw error;
}

/** Counts events since a survey. */
class Counter {
  lastEvent = performance.now();
  private readonly began = performance.now();
  private readonly startBytes: number;
  private eventsDone = 0;
  private eventsFailed = 0;
  private eventBytes = 0;
  private pixels = 0;
  private resultBytes = 0;
  private codedBytes = 0;

  constructor(private found: Survey) {
    this.startBytes = found.doneBytes;
  }

  completed({ status, sourceBytes, bytes, pixels }: FileOutcome): void {
    this.lastEvent = performance.now();
    if (status === 'changed') return;
    this.eventsDone++;
    this.eventBytes += sourceBytes;
    if (status !== 'done') return;
    this.pixels += pixels;
    this.resultBytes += bytes;
    this.codedBytes += sourceBytes;
  }

  tile({ pixels }: FileOutcome): void {
    this.lastEvent = performance.now();
    this.pixels += pixels;
  }

  failed(): void {
    this.lastEvent = performance.now();
    this.eventsFailed++;
  }

  set(found: Survey): void {
    this.found = found;
    [this.eventsDone, this.eventsFailed, this.eventBytes] = [0, 0, 0];
    this.lastEvent = performance.now();
  }

  /** Whether nothing seems to be left; a survey finds out. */
  isOver(): boolean {
    const { files, done, failed } = this.found;
    return done + failed + this.eventsDone + this.eventsFailed >= files;
  }

  progress(): RunProgress {
    const { files, bytes } = this.found;
    const doneBytes = Math.min(bytes, this.found.doneBytes + this.eventBytes);
    const seconds = (performance.now() - this.began) / 1000;
    const speed = (doneBytes - this.startBytes) / seconds;
    return {
      ...{ files, bytes, doneBytes, seconds },
      done: Math.min(files, this.found.done + this.eventsDone),
      failed: this.found.failed + this.eventsFailed,
      megapixels: this.pixels / 1e6,
      resultBytes: this.resultBytes,
      codedBytes: this.codedBytes,
      secondsLeft: speed > 0 ? (bytes - doneBytes) / speed : null,
    };
  }
}
