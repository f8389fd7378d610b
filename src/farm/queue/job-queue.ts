import type { IQueueBackend, Job, JobType, Queue } from 'bullmq';
import { fileJobId, type FileJob, type FileOutcome } from '../jobs.js';
import { parseRun, type Run, runId } from '../run.js';
import { connect, type Connection, unreachable } from './connection.js';
import { type Failure, failureOf } from './failures.js';
import { jobOptions, TILE } from './job-options.js';
import { jobsOfRuns, PAGE, removeFinished, type RunJobs } from './run-jobs.js';

/** The state of a job, with its result. */
export type JobState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'completed'; readonly outcome: FileOutcome }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Numbers of jobs by state. */
export type JobCounts = Readonly<Record<'waiting' | 'active' | 'delayed' | 'completed' | 'failed', number>>;

/** A job that failed for good. */
export interface FailedJob extends Failure {
  readonly job: FileJob;
  readonly attempts: number;
}

/** A run as the queue stores it. */
export interface StoredRun extends Run {
  /** How often the queue was drained since it was submitted; absent for never. */
  readonly drains?: number;
}

/** A run in the queue. */
export interface QueuedRun {
  readonly id: string;
  /** When it was submitted first, in milliseconds since 1970. */
  readonly submitted: number;
  readonly run: StoredRun;
}

/** The state of waiting jobs of a paused queue in PostgreSQL, which the types of BullMQ lack. */
const PAUSED = 'paused' as string as JobType;

type Jobs<T, R> = Queue<T, R, string, T, R, string, IQueueBackend>;

/**
 * A queue of jobs, and its runs. These are jobs of a second queue without workers, so that one API stores both in Redis, Valkey and
 * PostgreSQL.
 */
export class JobQueue {
  private constructor(
    private readonly connection: Connection,
    private readonly files: Jobs<FileJob, FileOutcome>,
    private readonly runs: Jobs<StoredRun, never>,
  ) {}

  /** @throws PixrnnError 'usage' if a package is missing or the server does not answer */
  static async connect(url: URL, name: string, onError: (error: Error) => void = () => undefined): Promise<JobQueue> {
    const connection = await connect(url);
    const { bullmq, options, backend } = connection;
    const files = new bullmq.Queue(name, options, backend) as Jobs<FileJob, FileOutcome>;
    const runs = new bullmq.Queue(runsName(name), options, backend) as Jobs<StoredRun, never>;
    for (const queue of [files, runs]) queue.on('error', onError);
    const queue = new JobQueue(connection, files, runs);
    try {
      await Promise.all([files.waitUntilReady(), runs.waitUntilReady()]);
    } catch (cause) {
      await queue.close();
      throw unreachable(url, cause);
    }
    return queue;
  }

  /** Stores a run, if it is not there, and returns its id. */
  async putRun(run: Run): Promise<string> {
    const id = runId(run);
    await this.runs.add(run.command, run, { jobId: id });
    return id;
  }

  /**
   * Returns a run; null if there is none.
   * @throws PixrnnError 'usage' if it is malformed
   */
  async run(id: string): Promise<StoredRun | null> {
    const job = await this.runs.getJob(id);
    return job ? parseRun(job.data) : null;
  }

  /** Returns all runs, the oldest first. */
  async allRuns(): Promise<QueuedRun[]> {
    const jobs = await this.runs.getJobs(['waiting'], 0, -1, true);
    return jobs.map((job) => ({ id: job.id ?? '', submitted: job.timestamp, run: parseRun(job.data) }));
  }

  /** Returns the jobs of each run that has some which are not completed. */
  jobsOfRuns(): Promise<ReadonlyMap<string, RunJobs>> {
    return jobsOfRuns(this.files);
  }

  /** Removes finished runs and their jobs; the runs last, so that an interrupted removal is continued. */
  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await removeFinished(this.files, new Set(ids));
    for (const id of ids) await this.runs.remove(id);
  }

  /** Adds jobs; those that the queue has, in any state, are left as they are. */
  async add(command: string, jobs: readonly FileJob[]): Promise<void> {
    await this.files.addBulk(
      jobs.map((data) => ({ name: command, data, opts: { ...jobOptions(), jobId: fileJobId(data) } })),
    );
  }

  /**
   * Returns the state of a job; null if the queue does not have it. It is read from the job: `Job.getState` of BullMQ looks for it in the list of
   * waiting jobs, so that the states of all jobs would need the square of their number.
   */
  async state(id: string): Promise<JobState | null> {
    const job = (await this.files.getJob(id)) as Job<FileJob, FileOutcome | null> | undefined;
    if (!job) return null;
    if (job.returnvalue) return { kind: 'completed', outcome: job.returnvalue };
    // The reason alone is also that of an attempt that failed.
    return job.finishedOn ? { kind: 'failed', failure: failureOf(job.failedReason) } : { kind: 'pending' };
  }

  async remove(id: string): Promise<void> {
    await this.files.remove(id);
  }

  /** Returns the jobs that failed for good, the oldest first. */
  async *failed(): AsyncIterable<FailedJob> {
    for (let at = 0; ; at += PAGE) {
      const jobs = await this.failedPage(at);
      for (const job of jobs) yield failedJob(job);
      if (jobs.length < PAGE) return;
    }
  }

  /**
   * Queues failed jobs again and returns their number. They are new jobs: BullMQ's own retry keeps the count of dead workers, and a job that was
   * set aside would fail at once.
   */
  async retry(accepts: (failed: FailedJob) => boolean): Promise<number> {
    let retried = 0;
    // Jobs that fail meanwhile follow those that are there now.
    let left = await this.files.getFailedCount();
    for (let kept = 0; left > 0;) {
      const jobs = (await this.failedPage(kept)).slice(0, left);
      if (jobs.length === 0) break;
      left -= jobs.length;
      // The job of a file that failed for its tile queues the tile again.
      const chosen = jobs.filter((job) => job.name !== TILE && accepts(failedJob(job)));
      for (const { id = '', name, data } of chosen) {
        await this.remove(id);
        await this.add(name, [data]);
      }
      for (const job of jobs) {
        // A file's job is removed with those of its tiles.
        const isKept = job.name === TILE ? (await this.state(job.id ?? ''))?.kind === 'failed' : !chosen.includes(job);
        if (isKept) kept++;
      }
      retried += chosen.length;
    }
    return retried;
  }

  async counts(): Promise<JobCounts> {
    const states: JobType[] = [
      'waiting',
      'prioritized',
      'active',
      'waiting-children',
      'delayed',
      'completed',
      'failed',
    ];
    const found = await this.files.getJobCounts(...states, PAUSED);
    const count = (name: string): number => found[name] ?? 0;
    return {
      waiting: count('waiting') + count(PAUSED) + count('prioritized'),
      active: count('active') + count('waiting-children'),
      delayed: count('delayed'),
      completed: count('completed'),
      failed: count('failed'),
    };
  }

  /** Whether no job is left to do. */
  async isEmpty(): Promise<boolean> {
    const { waiting, active, delayed } = await this.counts();
    return waiting + active + delayed === 0;
  }

  workers(): Promise<number> {
    return this.files.getWorkersCount();
  }

  /** Returns the names of the workers that are connected. */
  async workerNames(): Promise<string[]> {
    const workers = await this.files.getWorkers();
    return workers.map(({ rawname = '' }) => rawname.split(':w:')[1] ?? '');
  }

  isPaused(): Promise<boolean> {
    return this.files.isPaused();
  }

  /** Stops workers from starting jobs; active ones are finished. */
  async pause(): Promise<void> {
    await this.files.pause();
  }

  async resume(): Promise<void> {
    await this.files.resume();
  }

  /** Removes the jobs that have not started. The count in the runs keeps commands that follow them from queueing these jobs again. */
  async drain(): Promise<void> {
    for (const run of await this.runs.getJobs(['waiting'])) {
      await run.updateData({ ...run.data, drains: (run.data.drains ?? 0) + 1 });
    }
    await this.files.drain(true);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.files.close(), this.runs.close()]);
    this.connection.close();
  }

  private failedPage(at: number): Promise<Job<FileJob, FileOutcome>[]> {
    return this.files.getJobs(['failed'], at, at + PAGE - 1, true);
  }
}

function failedJob({ data, attemptsMade, failedReason }: Job<FileJob, FileOutcome>): FailedJob {
  return { job: data, attempts: attemptsMade, ...failureOf(failedReason) };
}

function runsName(name: string): string {
  return `${name}-runs`;
}
