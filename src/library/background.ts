import { Worker } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
// A thread may load sharp only where the main thread has loaded it before, on Linux: https://sharp.pixelplumbing.com/install#worker-threads
import '../node/image/sharp.js';
import { SentModels } from '../engine/sent-models.js';
import { errorOf } from './failure.js';
import type { ModelInput, ProgressCallback } from './options.js';
import type { BackgroundData, FromBackground, Request, Results, SentModel, ToBackground } from './protocol.js';
import { sentModel } from './sent-model.js';

/** How a call is watched and stopped. */
export interface Watch {
  readonly onProgress?: ProgressCallback | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A call that has not ended. */
interface Call {
  readonly onMessage: (message: FromBackground) => void;
  readonly fail: (error: Error) => void;
}

/** A running thread and what it knows. */
interface Thread {
  readonly worker: Worker;
  readonly models: SentModels;
}

/**
 * The thread that does what is heavy, with the engine threads that it owns. It starts with the first call, keeps the process alive
 * only while there are calls, and ends when there have been none for some time; the next one starts another.
 */
export class Background {
  private thread: Thread | null = null;
  private readonly calls = new Map<number, Call>();
  private lastId = 0;
  private resting: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly data: BackgroundData,
    private readonly idleMilliseconds: number,
  ) {}

  /** Whether there is a thread. */
  get isRunning(): boolean {
    return this.thread !== null;
  }

  /**
   * Has a call done.
   * @param requestOf makes the request, with the models under their names in the thread
   * @param moved buffers that go there with it, and are gone here
   */
  run<K extends Request['kind']>(
    models: readonly ModelInput[],
    requestOf: (models: readonly SentModel[]) => Request & { readonly kind: K },
    moved: ArrayBuffer[],
    { onProgress, signal }: Watch,
  ): Promise<Results[K]> {
    if (this.closed) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { worker, models: sent } = this.start();
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.calls.delete(id);
        signal?.removeEventListener('abort', abort);
        if (this.calls.size === 0) this.rest();
        settle();
      };
      const fail = (error: Error): void => end(() => reject(error));
      const stop = (reason: unknown): void => {
        post(worker, { type: 'abort', id });
        fail(reason as Error);
      };
      const abort = (): void => stop(signal?.reason);
      let [done, total] = [0, 0];
      /** Whether the caller's callback has taken it. */
      const report = (nowDone: number, nowTotal: number): boolean => {
        if (nowDone <= done) return true;
        [done, total] = [nowDone, nowTotal];
        try {
          onProgress?.(done, total);
        } catch (error) {
          stop(error);
          return false;
        }
        return true;
      };
      const onMessage = (message: FromBackground): void => {
        if (message.type === 'progress') report(message.done, message.total);
        else if (message.type === 'failed') fail(errorOf(message.failure));
        else if (report(total, total)) end(() => resolve(message.result as Results[K]));
      };
      this.calls.set(id, { onMessage, fail });
      signal?.addEventListener('abort', abort, { once: true });
      try {
        post(worker, { type: 'call', id, request: requestOf(models.map((model) => sentModel(model, sent))) }, moved);
      } catch (error) {
        fail(error as Error); // something in the options that is no data
      }
    });
  }

  /** Ends the thread and those that it owns; calls that have not ended are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    await this.end(closedError());
  }

  private start(): Thread {
    clearTimeout(this.resting);
    this.thread ??= this.newThread();
    this.thread.worker.ref();
    return this.thread;
  }

  private newThread(): Thread {
    // Without the flags of the process: they are meant for its own program (--input-type, --import).
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: this.data, execArgv: [] });
    const onDeath = (cause: Error): void => {
      if (this.thread?.worker !== worker) return;
      void this.end(new Error(`the background thread failed: ${cause.message}`, { cause }));
    };
    worker
      .on('message', (message: FromBackground) => this.calls.get(message.id)?.onMessage(message))
      .on('error', onDeath)
      .on('exit', () => onDeath(new Error('it ended')));
    return { worker, models: new SentModels((message) => post(worker, message)) };
  }

  private rest(): void {
    this.thread?.worker.unref();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.end(closedError()), this.idleMilliseconds).unref();
  }

  private async end(error: Error): Promise<void> {
    clearTimeout(this.resting);
    const { thread } = this;
    this.thread = null;
    for (const { fail } of [...this.calls.values()]) fail(error);
    clearTimeout(this.resting); // the last of them has set it again
    await thread?.worker.terminate();
  }
}

function post(worker: Worker, message: ToBackground, moved: ArrayBuffer[] = []): void {
  worker.postMessage(message, moved);
}

function closedError(): PixrnnError {
  return new PixrnnError('usage', 'the codec is closed. Create another one.');
}
