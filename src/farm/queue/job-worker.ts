import { setTimeout as delay } from 'node:timers/promises';
import type { IQueueBackend, Job, Worker } from 'bullmq';
import type { FileJob, FileOutcome } from '../jobs.js';
import { connect, type Connection } from './connection.js';
import { failureText, isFinal } from './failures.js';

/** Thrown by a handler for a job that another worker should do: it is queued again after a delay. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** The job with its refusal counted. */
    readonly job: FileJob,
  ) {
    super(message);
  }
}

export interface JobWorkerOptions {
  readonly url: URL;
  readonly name: string;
  /** Number of jobs at a time. */
  readonly concurrency: number;
  /** Seconds after which the jobs of a worker that is cut off are queued again. */
  readonly lockSeconds: number;
  /** Does a job. The signal is aborted when the worker has to stop. */
  readonly handle: (data: unknown, signal: AbortSignal) => Promise<FileOutcome>;
  readonly onError: (error: Error) => void;
  /** Called when a job is queued again because its worker died or was cut off. */
  readonly onStalled: (id: string) => void;
}

type Jobs = Job<FileJob, FileOutcome>;

/** How often a job is started again after its worker died; the next time it fails. */
const MAX_STALLS = 2;
/** Milliseconds until a refused job is queued again. */
const REFUSAL_DELAY = 5000;
/** Seconds to wait for a server that is away, after the grace time. */
const PATIENCE = 5;
/** Milliseconds until a command is sent again that failed because the server was away. */
const RETRY_DELAY = 2000;

/** Takes jobs from a queue and does them. */
export class JobWorker {
  private readonly stopped = new AbortController();

  private constructor(
    private readonly connection: Connection,
    private readonly options: JobWorkerOptions,
    private worker: Worker<FileJob, FileOutcome, string, IQueueBackend> | null = null,
  ) {}

  /** @throws PixrnnError 'usage' if a package is missing or the server does not answer */
  static async start(options: JobWorkerOptions): Promise<JobWorker> {
    const connection = await connect(options.url);
    const { bullmq, options: base, backend } = connection;
    const jobs = new JobWorker(connection, options);
    const milliseconds = 1000 * options.lockSeconds;
    const worker = new bullmq.Worker<FileJob, FileOutcome, string, IQueueBackend>(
      options.name,
      (job, token) => jobs.process(job, token ?? ''),
      {
        ...base,
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
    const timer = setTimeout(() => this.stopped.abort(new Error('the worker stops')), 1000 * graceSeconds);
    // Without a server, nothing can be returned to it: other workers take the jobs when the locks have expired.
    const patience = delay(1000 * (graceSeconds + PATIENCE), undefined, { ref: false });
    await Promise.race([this.worker?.close(), patience]);
    clearTimeout(timer);
    this.connection.close();
  }

  private async process(job: Jobs, token: string): Promise<FileOutcome> {
    const { DelayedError, UnrecoverableError, WaitingError } = this.connection.bullmq;
    try {
      return await this.options.handle(job.data, this.stopped.signal);
    } catch (error) {
      if (this.stopped.signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (error instanceof Refusal) {
        await job.updateData(error.job);
        await job.moveToDelayed(Date.now() + REFUSAL_DELAY, token);
        throw new DelayedError();
      }
      const text = failureText(error);
      throw isFinal(error) ? new UnrecoverableError(text) : new Error(text, { cause: error });
    }
  }
}
