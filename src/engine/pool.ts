import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { compileColourCoder } from './colour-coder.js';
import { type RowsDone, compileEngine } from './engine.js';
import {
  type ColourJob,
  type FromWorker,
  type Job,
  type JobResult,
  type ModelJob,
  type ToWorker,
  type CoderModules,
  movedBuffer,
} from './protocol.js';
import { SentModels } from './sent-models.js';

/** How a job is watched and stopped. */
export interface JobOptions {
  readonly onRows?: RowsDone | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Slot {
  readonly worker: Worker;
  readonly models: SentModels;
}

/** What codes tiles: a pool, or something that does the same in its own way. */
export type Coders = Pick<EnginePool, 'run' | 'runColours' | 'threads'>;

/**
 * Worker threads that code tiles, one tile a thread at a time. Threads start when they are first needed; a job's samples are
 * made only when a thread is free, so that a large image is not held twice.
 */
export class EnginePool {
  private readonly idle: Slot[] = [];
  private readonly all = new Set<Slot>();
  private readonly waiting: ((slot: Slot | null) => void)[] = [];
  private closed = false;

  private constructor(
    private readonly modules: CoderModules,
    readonly threads: number,
  ) {}

  /** A pool of at most `threads` threads (default: all cores). */
  static async create({
    threads = availableParallelism(),
  }: { threads?: number | undefined } = {}): Promise<EnginePool> {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new PixrnnError(
        'usage',
        `the number of threads must be a whole number from 1 up, not ${threads}. Give another.`,
      );
    }
    const [engine, colourCoder] = await Promise.all([compileEngine(), compileColourCoder()]);
    return new EnginePool({ engine, colourCoder }, threads);
  }

  /**
   * Codes with a model: runs the job that `makeJob` gives once a thread is free; the buffer of its samples or payload is moved to that thread.
   * Rejects with the signal's reason when it is aborted.
   */
  async run<K extends ModelJob['kind']>(
    model: Model,
    makeJob: () => ModelJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return (await this.runJob(model, makeJob, options)) as JobResult[K];
  }

  /** The same without a model, by the colour coder; it does not report rows. */
  async runColours<K extends ColourJob['kind']>(
    makeJob: () => ColourJob & { readonly kind: K },
    signal?: AbortSignal,
  ): Promise<JobResult[K]> {
    return (await this.runJob(null, makeJob, { signal })) as JobResult[K];
  }

  private async runJob(
    model: Model | null,
    makeJob: () => Job,
    { onRows, signal }: JobOptions,
  ): Promise<JobResult[Job['kind']]> {
    const slot = await this.acquire(signal);
    try {
      signal?.throwIfAborted();
      return await this.runOn(slot, model, makeJob(), onRows, signal);
    } finally {
      this.release(slot);
    }
  }

  /** Ends all threads; jobs that still run or wait are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    for (const resume of this.waiting.splice(0)) resume(null);
    await Promise.all([...this.all].map(({ worker }) => worker.terminate()));
  }

  private async acquire(signal?: AbortSignal): Promise<Slot> {
    signal?.throwIfAborted();
    const free = this.idle.pop();
    if (free) return free;
    if (!this.closed && this.all.size < this.threads) return this.startWorker();
    const slot = this.closed ? null : await this.nextFree(signal);
    if (!slot) throw new Error('the engine pool is closed');
    return slot;
  }

  /** The next thread that nobody who waits longer takes; null when the pool is closed. Whoever is aborted waits no longer. */
  private nextFree(signal: AbortSignal | undefined): Promise<Slot | null> {
    return new Promise((resolve, reject) => {
      const resume = (slot: Slot | null): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      const giveUp = (): void => {
        const at = this.waiting.indexOf(resume);
        if (at < 0) return; // a thread is on its way here, and goes back from there
        this.waiting.splice(at, 1);
        reject(signal?.reason as Error);
      };
      this.waiting.push(resume);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  private startWorker(): Slot {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: this.modules });
    const models = new SentModels((message) => worker.postMessage(message));
    const slot: Slot = { worker, models };
    const forget = (): void => {
      this.all.delete(slot);
      const at = this.idle.indexOf(slot);
      if (at >= 0) this.idle.splice(at, 1);
    };
    worker.on('error', forget).on('exit', forget);
    this.all.add(slot);
    return slot;
  }

  private release(slot: Slot): void {
    if (!this.all.has(slot)) {
      // The thread died; whoever waits gets a new one.
      const next = this.waiting.shift();
      if (next) void this.acquire().then(next, () => next(null));
      return;
    }
    const next = this.waiting.shift();
    if (next) next(slot);
    else this.idle.push(slot);
  }

  private runOn(
    { worker, models }: Slot,
    model: Model | null,
    job: Job,
    onRows: RowsDone | undefined,
    signal: AbortSignal | undefined,
  ): Promise<JobResult[Job['kind']]> {
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    return new Promise((resolve, reject) => {
      const cancel = (): void => void Atomics.store(cancelled, 0, 1);
      const thrown: Error[] = []; // by the caller's callback: it gets it back when the job has stopped
      const report = (rows: number): void => {
        try {
          onRows?.(rows);
        } catch (error) {
          thrown.push(error instanceof Error ? error : new Error(String(error)));
          cancel();
        }
      };
      const finish = (settle: () => void): void => {
        worker.off('message', onMessage).off('error', onDeath).off('exit', onExit);
        signal?.removeEventListener('abort', cancel);
        settle();
      };
      const fail = (error: Error): void => finish(() => reject(error));
      const onDeath = (error: Error): void =>
        fail(new Error(`an engine thread failed: ${error.message}`, { cause: error }));
      const onExit = (): void => onDeath(new Error('it ended'));
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'rows') report(message.rows);
        else if (thrown[0]) fail(thrown[0]);
        else if (message.type === 'done') finish(() => resolve(message.result));
        else fail(failure(message, signal));
      };
      worker.on('message', onMessage).on('error', onDeath).on('exit', onExit);
      signal?.addEventListener('abort', cancel);
      const send = (m: ToWorker, transfer: ArrayBuffer[] = []): void => worker.postMessage(m, transfer);
      const key = model && models.keyOf(model);
      send({ type: 'job', key, job, cancelled }, [movedBuffer(job)]);
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
