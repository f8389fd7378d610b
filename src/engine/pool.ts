import { PixrnnError } from '../errors.js';
import { type HostWorker, host } from '../host/host.js';
import type { Model } from '../model/model.js';
import { createCancelFlag, setCancelFlag } from './cancellation.js';
import { type CoderModules, compileCoders } from './coder-modules.js';
import type { RowsDone, SamplesDone } from './engine.js';
import {
  type PlainJob,
  type FromWorker,
  type Job,
  type JobResult,
  type ModelJob,
  type ToWorker,
  movedBuffers,
} from './protocol.js';
import { Semaphore } from '../semaphore.js';
import { SentModels } from './sent-models.js';

/** Progress callback and abort signal of a job. */
export interface JobOptions {
  readonly onRows?: RowsDone | undefined;
  /** For jobs that ask for the samples of each row. */
  readonly onSamples?: SamplesDone | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A thread, and the listener of its current job. */
interface Slot {
  readonly worker: HostWorker;
  readonly models: SentModels;
  job: { readonly onMessage: (message: FromWorker) => void; readonly onEnd: (reason: Error) => void } | null;
}

/** Codes tiles: a pool, or another implementation of its methods. */
export type Coders = Pick<EnginePool, 'run' | 'runPlain' | 'threads'>;

/**
 * Worker threads that code tiles, one tile per thread at a time. A thread starts when it is first needed. The samples
 * of a job are allocated only once a thread is free, so that a large image is not held twice.
 */
export class EnginePool {
  private readonly idle: Slot[] = [];
  private readonly all = new Set<Slot>();
  private readonly semaphore: Semaphore;
  private closed = false;

  private constructor(
    private readonly modules: CoderModules,
    readonly threads: number,
  ) {
    this.semaphore = Semaphore.of(threads);
  }

  /** Returns a pool of at most `threads` threads (default: number of cores). */
  static async create({ threads = host().parallelism }: { threads?: number | undefined } = {}): Promise<EnginePool> {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new PixrnnError(
        'usage',
        `the number of threads must be an integer >= 1, not ${threads}. Use another number.`,
      );
    }
    return new EnginePool(await compileCoders(), threads);
  }

  /**
   * Codes with a model: runs the job that `makeJob` returns once a thread is free, and transfers the buffer of its
   * samples or payload to that thread. Rejects with the signal's reason when it is aborted.
   */
  async run<K extends ModelJob['kind']>(
    model: Model,
    makeJob: () => ModelJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return (await this.runJob(model, makeJob, options)) as JobResult[K];
  }

  /** Runs a job that needs no model. */
  async runPlain<K extends PlainJob['kind']>(
    makeJob: () => PlainJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return (await this.runJob(null, makeJob, options)) as JobResult[K];
  }

  private async runJob(model: Model | null, makeJob: () => Job, options: JobOptions): Promise<JobResult[Job['kind']]> {
    const run = async (): Promise<JobResult[Job['kind']]> => {
      if (this.closed) throw new Error('the engine pool is closed');
      const slot = this.idle.pop() ?? this.startWorker();
      try {
        return await this.runOn(slot, model, makeJob(), options);
      } finally {
        if (this.all.has(slot)) this.idle.push(slot); // unless it has terminated
      }
    };
    return this.semaphore.run(undefined, run, options.signal);
  }

  /** Terminates all threads; running and waiting jobs are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map(({ worker }) => worker.terminate()));
  }

  private startWorker(): Slot {
    const onEnd = (reason: Error): void => {
      this.all.delete(slot);
      const at = this.idle.indexOf(slot);
      if (at >= 0) this.idle.splice(at, 1);
      slot.job?.onEnd(reason);
    };
    const worker = host().startWorker({ onMessage: (message) => slot.job?.onMessage(message as FromWorker), onEnd });
    const send = (message: ToWorker): void => worker.postMessage(message, []);
    const slot: Slot = { worker, models: new SentModels(send), job: null };
    send({ type: 'start', modules: this.modules });
    this.all.add(slot);
    return slot;
  }

  private runOn(
    slot: Slot,
    model: Model | null,
    job: Job,
    { onRows, onSamples, signal }: JobOptions,
  ): Promise<JobResult[Job['kind']]> {
    const cancelled = createCancelFlag();
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        if (cancelled) setCancelFlag(cancelled);
        else void slot.worker.terminate();
      };
      const thrown: Error[] = []; // by the caller's callback; rethrown to the caller when the job has stopped
      const report = (callback: () => void): void => {
        try {
          callback();
        } catch (error) {
          thrown.push(error instanceof Error ? error : new Error(String(error)));
          cancel();
        }
      };
      const finish = (settle: () => void): void => {
        slot.job = null;
        signal?.removeEventListener('abort', cancel);
        settle();
      };
      const fail = (error: Error): void => finish(() => reject(error));
      const onEnd = (cause: Error): void => {
        const ownReason = thrown[0] ?? (signal?.aborted ? (signal.reason as Error) : null);
        fail(ownReason ?? new Error(`an engine thread failed: ${cause.message}`, { cause }));
      };
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'rows') report(() => onRows?.(message.rows));
        else if (message.type === 'samples') report(() => onSamples?.(message.row, message.samples));
        else if (thrown[0]) fail(thrown[0]);
        else if (message.type === 'done') finish(() => resolve(message.result));
        else fail(failure(message, signal));
      };
      slot.job = { onMessage, onEnd };
      signal?.addEventListener('abort', cancel);
      const message: ToWorker = { type: 'job', key: model && slot.models.keyOf(model), job, cancelled };
      slot.worker.postMessage(message, movedBuffers(job));
    });
  }
}

function failure(
  { message, code }: { message: string; code: PixrnnError['code'] | null },
  signal?: AbortSignal,
): Error {
  if (signal?.aborted) return signal.reason as Error;
  return code ? new PixrnnError(code, message) : new Error(message);
}
