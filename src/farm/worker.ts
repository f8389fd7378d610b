import { Background } from '../library/background.js';
import { PixrnnError } from '../errors.js';
import { assetUrl } from '../node/assets.js';
import { workerName } from './capability.js';
import { type FileJob, type FileOutcome, parseFileJob, parseTileJob, type TileJob } from './jobs.js';
import type { Log } from './log.js';
import type { WorkerMetrics } from './metrics.js';
import { ConfinedStorages } from './open-storage.js';
import { failureText } from './queue/failures.js';
import { JobQueue } from './queue/job-queue.js';
import { TILE } from './queue/job-options.js';
import { JobWorker, Refusal } from './queue/job-worker.js';
import { Refusals } from './refusals.js';
import type { Run } from './run.js';
import type { FarmRequest, FarmResults, FarmThreadData } from './thread/protocol.js';

/** How a worker is started. */
export interface FarmWorkerOptions extends FarmThreadData {
  /** Version of the format whose runs it does. */
  readonly formatVersion: number;
  readonly url: URL;
  readonly queueName: string;
  /** Files at a time. */
  readonly jobs: number;
  readonly lockSeconds: number;
  readonly log: Log;
  readonly metrics: WorkerMetrics;
}

/** The models of the thread cost seconds to load, so it stays. */
const IDLE_MILLISECONDS = 24 * 3600 * 1000;

/** What a job comes to: its outcome, or the tiles that it waits for. */
type Handled = FileOutcome | { readonly tiles: readonly TileJob[] };

/** Does the jobs of a queue. Reading, coding and writing run in threads, so that the locks of jobs are renewed in time. */
export class FarmWorker {
  private readonly runs = new Map<string, Promise<Run | null>>();
  private readonly refusals: Refusals;

  private constructor(
    private readonly options: FarmWorkerOptions,
    private readonly queue: JobQueue,
    private readonly thread: Background<FarmRequest, FarmResults>,
    private worker: JobWorker | null = null,
  ) {
    this.refusals = new Refusals(options.formatVersion, () => queue.workerNames());
  }

  /** @throws PixrnnError 'usage' if a package is missing, the queue does not answer, or a root does not exist */
  static async start(options: FarmWorkerOptions): Promise<FarmWorker> {
    const { url, queueName, roots, threads, models, splitPixels, jobs, lockSeconds, log, metrics } = options;
    await ConfinedStorages.within(roots).catch((cause: unknown) => {
      const what = `a root cannot be opened (${(cause as Error).message})`;
      throw new PixrnnError('usage', `${what}. Create it, or start the worker with another --root.`, { cause });
    });
    const onError = (error: Error): void => log('error', { message: error.message });
    const queue = await JobQueue.connect(url, queueName, onError);
    const data: FarmThreadData = { threads, roots, models, splitPixels };
    const thread = new Background<FarmRequest, FarmResults>(
      assetUrl('program/farm-thread.js'),
      data,
      IDLE_MILLISECONDS,
    );
    const worker = new FarmWorker(options, queue, thread);
    const onStalled = (id: string): void => {
      metrics.stalled++;
      log('stalled', { job: id });
    };
    worker.worker = await JobWorker.start({
      ...{ url, name: queueName, workerName: workerName(options), concurrency: jobs, lockSeconds, onError, onStalled },
      handle: (name, job, signal) => worker.handle(name, job, signal),
    });
    return worker;
  }

  /** Finishes the active jobs, or returns them to the queue after the grace time. */
  async stop(graceSeconds: number): Promise<void> {
    await this.worker?.stop(graceSeconds);
    await this.thread.close();
    await this.queue.close();
  }

  private async handle(name: string, data: unknown, signal: AbortSignal): Promise<Handled> {
    const { log, metrics } = this.options;
    const end = metrics.begin();
    let about: object = {};
    try {
      const job = name === TILE ? parseTileJob(data) : parseFileJob(data);
      about = { run: job.run, file: job.file, ...('tile' in job && { tile: job.tile }) };
      const run = await this.runOf(job);
      const handled = await this.refusing(run, () =>
        'tile' in job ? this.tile(run, job, signal) : this.file(run, job, signal),
      );
      if ('tiles' in handled) {
        log('split', { ...about, tiles: handled.tiles.length });
      } else {
        metrics.done('tile' in job ? TILE : run.command, handled);
        log('done', { ...about, ...handled });
      }
      return handled;
    } catch (error) {
      const event = signal.aborted ? 'returned' : error instanceof Refusal ? 'refused' : 'failed';
      if (event === 'failed') metrics.failed(failureText(error));
      log(event, { ...about, message: failureText(error) });
      throw error;
    } finally {
      end();
    }
  }

  private tile(run: Run, job: TileJob, signal: AbortSignal): Promise<Handled> {
    return this.thread.run([], () => ({ kind: 'tile', run, job, models: [] }), [], { signal });
  }

  private async file(run: Run, job: FileJob, signal: AbortSignal): Promise<Handled> {
    const result = await this.thread.run([], () => ({ kind: 'file', run, job, models: [] }), [], { signal });
    if (result.kind === 'done') return result.outcome;
    if (result.kind === 'split') {
      const { run: id, file, version } = job;
      return { tiles: result.tiles.map((tile) => ({ run: id, file, version, tile })) };
    }
    await this.queue.add(run.command, [{ ...job, version: result.version }]);
    return { status: 'changed', output: null, sourceBytes: 0, bytes: 0, pixels: 0, samples: 0, seconds: 0 };
  }

  /** Leaves a job to other workers if this one has another version of the format or lacks its model. */
  private async refusing<T>(run: Run, action: () => Promise<T>): Promise<T> {
    const { formatVersion } = this.options;
    if (run.formatVersion !== formatVersion) {
      const what = `its version of the format is ${run.formatVersion}, that of this worker ${formatVersion}`;
      throw await this.refusals.refusal(
        run,
        new PixrnnError('unknown-version', `${what}. Start workers of a pixrnn that writes its version.`),
      );
    }
    try {
      return await action();
    } catch (error) {
      const lacksModel = error instanceof PixrnnError && error.code === 'unknown-model';
      throw lacksModel ? await this.refusals.refusal(run, error) : error;
    }
  }

  private async runOf({ run: id }: FileJob | TileJob): Promise<Run> {
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
