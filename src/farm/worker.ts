import { PixrnnError } from '../errors.js';
import { Codec } from '../library/codec.js';
import { ARITHMETIC_REVISION, type Model } from '../model/model.js';
import { ChangedFile, doFile } from './do-file.js';
import { type FileJob, type FileOutcome, parseFileJob } from './jobs.js';
import type { Log } from './log.js';
import type { WorkerMetrics } from './metrics.js';
import { ConfinedStorages } from './open-storage.js';
import { failureText } from './queue/failures.js';
import { JobQueue } from './queue/job-queue.js';
import { JobWorker, Refusal } from './queue/job-worker.js';
import type { Run, RunCommand } from './run.js';

/** How a worker is started. */
export interface FarmWorkerOptions {
  readonly url: URL;
  readonly queueName: string;
  /** Locations as `absoluteLocation` returns them. */
  readonly roots: readonly string[];
  /** Engine threads. */
  readonly threads: number;
  /** Files at a time. */
  readonly jobs: number;
  readonly lockSeconds: number;
  /** Models besides the shipped ones. */
  readonly models: readonly Model[];
  readonly log: Log;
  readonly metrics: WorkerMetrics;
}

/** How often a job is left to other workers before it fails. */
const MAX_REFUSALS = 24;

/** Does the jobs of a queue. Coding runs in threads, so that the locks of jobs are renewed in time. */
export class FarmWorker {
  private readonly runs = new Map<string, Promise<Run | null>>();

  private constructor(
    private readonly options: FarmWorkerOptions,
    private readonly queue: JobQueue,
    private readonly storages: ConfinedStorages,
    private readonly codec: Codec,
    private worker: JobWorker | null = null,
  ) {}

  /** @throws PixrnnError 'usage' if a package is missing, the queue does not answer, or a root does not exist */
  static async start(options: FarmWorkerOptions): Promise<FarmWorker> {
    const { url, queueName, roots, threads, jobs, lockSeconds, log, metrics } = options;
    const storages = await ConfinedStorages.within(roots).catch((cause: unknown) => {
      const what = `a root cannot be opened (${(cause as Error).message})`;
      throw new PixrnnError('usage', `${what}. Create it, or start the worker with another --root.`, { cause });
    });
    const onError = (error: Error): void => log('error', { message: error.message });
    const queue = await JobQueue.connect(url, queueName, onError);
    const worker = new FarmWorker(options, queue, storages, new Codec({ threads, jobs, idleSeconds: 60 }));
    const onStalled = (id: string): void => {
      metrics.stalled++;
      log('stalled', { job: id });
    };
    worker.worker = await JobWorker.start({
      ...{ url, name: queueName, concurrency: jobs, lockSeconds, onError, onStalled },
      handle: (data, signal) => worker.handle(data, signal),
    });
    return worker;
  }

  /** Finishes the active jobs, or returns them to the queue after the grace time. */
  async stop(graceSeconds: number): Promise<void> {
    await this.worker?.stop(graceSeconds);
    await this.codec.close();
    await this.storages.close();
    await this.queue.close();
  }

  private async handle(data: unknown, signal: AbortSignal): Promise<FileOutcome> {
    const { log, metrics } = this.options;
    const job = parseFileJob(data);
    const end = metrics.begin();
    try {
      const run = await this.runOf(job);
      const outcome = await this.outcomeOf(run, job, signal);
      metrics.done(run.command, outcome);
      log('done', { run: job.run, file: job.file, ...outcome });
      return outcome;
    } catch (error) {
      if (!signal.aborted && !(error instanceof Refusal)) metrics.failed(failureText(error));
      log(signal.aborted ? 'returned' : error instanceof Refusal ? 'refused' : 'failed', {
        ...{ run: job.run, file: job.file, message: failureText(error) },
      });
      throw error;
    } finally {
      end();
    }
  }

  private async outcomeOf(run: Run, job: FileJob, signal: AbortSignal): Promise<FileOutcome> {
    const { storages, codec } = this;
    if (run.revision !== ARITHMETIC_REVISION) {
      throw refusal(job, `its revision is ${run.revision}, that of this worker ${ARITHMETIC_REVISION}`);
    }
    const source = await storages.at(run.source);
    const target = run.target === null ? null : await storages.at(run.target);
    try {
      return await doFile(run, job, { source, target, codec, models: this.options.models, signal });
    } catch (error) {
      if (error instanceof ChangedFile) return this.submitAgain(run.command, job, error.version);
      if (error instanceof PixrnnError && error.code === 'unknown-model') throw refusal(job, error.message, error);
      throw error;
    }
  }

  /** Queues the new version of a source. */
  private async submitAgain(command: RunCommand, job: FileJob, version: string): Promise<FileOutcome> {
    await this.queue.add(command, [{ ...job, version }]);
    return { status: 'changed', output: null, sourceBytes: 0, bytes: 0, pixels: 0, samples: 0, seconds: 0 };
  }

  private async runOf({ run: id }: FileJob): Promise<Run> {
    const known = this.runs.get(id) ?? this.queue.run(id);
    this.runs.set(id, known);
    const run = await known.catch((error: unknown) => {
      this.runs.delete(id);
      throw error;
    });
    if (run !== null) return run;
    this.runs.delete(id);
    throw new PixrnnError('usage', 'the queue does not have its run. Submit it again.');
  }
}

/** Returns the error that leaves a job to other workers; after many refusals the job fails. */
function refusal(job: FileJob, message: string, cause?: PixrnnError): Error {
  const refusals = (job.refusals ?? 0) + 1;
  if (refusals < MAX_REFUSALS) return new Refusal(message, { ...job, refusals });
  return cause ?? new PixrnnError('unknown-revision', `${message}. Start workers of its version.`);
}
