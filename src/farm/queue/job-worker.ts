import { setTimeout as delay } from 'node:timers/promises';
import type { IQueueBackend, Job, Queue, Worker } from 'bullmq';
import { type FileJob, type FileOutcome, type TileJob, tileJobId } from '../jobs.js';
import { connect, type Connection } from './connection.js';
import { failureText, isFinal } from './failures.js';
import { TILE, tileOptions } from './job-options.js';

/** Thrown by a handler for a job that another worker should do. It is queued again, and this worker rests. */
export class Refusal extends Error {}

export interface JobWorkerOptions {
  readonly url: URL;
  readonly name: string;
  /** The name of the worker, which `JobQueue.workerNames` lists. */
  readonly workerName: string;
  /** Number of jobs at a time. */
  readonly concurrency: number;
  /** Seconds after which the jobs of a worker that is cut off are queued again. */
  readonly lockSeconds: number;
  /** Does a job, or returns the jobs that it waits for. The signal is aborted when the worker has to stop. */
  readonly handle: (
    name: string,
    data: unknown,
    signal: AbortSignal,
  ) => Promise<FileOutcome | { tiles: readonly TileJob[] }>;
  readonly onError: (error: Error) => void;
  /** Called when a job is queued again because its worker died or was cut off. */
  readonly onStalled: (id: string) => void;
}

type AnyJob = FileJob | TileJob;
type Jobs = Job<AnyJob, FileOutcome>;
type JobsQueue = Queue<AnyJob, FileOutcome, string, AnyJob, FileOutcome, string, IQueueBackend>;

/** How often a job is started again after its worker died; the next time it fails. */
const MAX_STALLS = 2;
/** Milliseconds until a refused job is queued again. */
const REFUSAL_DELAY = 500;
/** Milliseconds for which a worker takes no jobs after a refusal, doubled with each one until it does a job. */
const FIRST_REST = 1000;
const LONGEST_REST = 16_000;
/** Seconds to wait for a server that is away, after the grace time. */
const PATIENCE = 5;
/** Milliseconds until a command is sent again that failed because the server was away. */
const RETRY_DELAY = 2000;

/** Takes jobs from a queue and does them. */
export class JobWorker {
  private readonly stopped = new AbortController();
  private rest = FIRST_REST;
  private resting: NodeJS.Timeout | null = null;

  private constructor(
    private readonly connection: Connection,
    private readonly options: JobWorkerOptions,
    private readonly queue: JobsQueue,
    private worker: Worker<AnyJob, FileOutcome, string, IQueueBackend> | null = null,
  ) {}

  /** @throws PixrnnError 'usage' if a package is missing or the server does not answer */
  static async start(options: JobWorkerOptions): Promise<JobWorker> {
    const connection = await connect(options.url);
    const { bullmq, options: base, backend } = connection;
    const queue: JobsQueue = new bullmq.Queue(options.name, base, backend);
    queue.on('error', options.onError);
    const jobs = new JobWorker(connection, options, queue);
    const milliseconds = 1000 * options.lockSeconds;
    const worker = new bullmq.Worker<AnyJob, FileOutcome, string, IQueueBackend>(
      options.name,
      (job, token) => jobs.process(job, token ?? ''),
      {
        ...base,
        name: options.workerName,
        concurrency: options.concurrency,
        lockDuration: milliseconds,
        stalledInterval: milliseconds,
        maxStalledCount: MAX_STALLS,
        runRetryDelay: RETRY_DELAY,
      },
      backend,
    );
    worker.on('error', options.onError).on('stalled', options.onStalled);
    jobs.worker = worker;
    await worker.waitUntilReady();
    return jobs;
  }

  /**
   * Starts no further jobs, waits for the active ones, and returns to the queue those that are not finished in time.
   * @param graceSeconds how long to wait
   */
  async stop(graceSeconds: number): Promise<void> {
    if (this.resting) clearTimeout(this.resting);
    const timer = setTimeout(() => this.stopped.abort(new Error('the worker stops')), 1000 * graceSeconds);
    // Without a server, nothing can be returned to it: other workers take the jobs when the locks have expired.
    const patience = delay(1000 * (graceSeconds + PATIENCE), undefined, { ref: false });
    await Promise.race([this.worker?.close(), patience]);
    await Promise.race([this.queue.close(), patience]);
    clearTimeout(timer);
    this.connection.close();
  }

  private async process(job: Jobs, token: string): Promise<FileOutcome> {
    const { DelayedError, UnrecoverableError, WaitingChildrenError, WaitingError } = this.connection.bullmq;
    try {
      for (;;) {
        const outcome = await this.options.handle(job.name, job.data, this.stopped.signal);
        this.rest = FIRST_REST;
        if (!('tiles' in outcome)) return outcome;
        await this.addTiles(job, outcome.tiles);
        // False if none of them is left to do.
        if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
      }
    } catch (error) {
      if (error instanceof WaitingChildrenError) throw error;
      if (this.stopped.signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (error instanceof Refusal) {
        await job.moveToDelayed(Date.now() + REFUSAL_DELAY, token);
        await this.takeRest();
        throw new DelayedError();
      }
      const text = failureText(error);
      throw isFinal(error) ? new UnrecoverableError(text) : new Error(text, { cause: error });
    }
  }

  /** Leaves jobs to other workers for a while; those that were begun are finished. */
  private async takeRest(): Promise<void> {
    if (this.resting) return;
    this.resting = setTimeout(() => {
      this.resting = null;
      void this.worker?.resume();
    }, this.rest);
    this.rest = Math.min(2 * this.rest, LONGEST_REST);
    await this.worker?.pause(true);
  }

  /** Queues tiles ahead of files: an image that was begun is finished first. */
  private async addTiles(job: Jobs, tiles: readonly TileJob[]): Promise<void> {
    const parent = { id: job.id ?? '', queue: job.queueQualifiedName };
    await this.queue.addBulk(
      tiles.map((data) => ({ name: TILE, data, opts: { ...tileOptions(), jobId: tileJobId(data), parent } })),
    );
  }
}
