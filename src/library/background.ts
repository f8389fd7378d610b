import { Worker } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
import { loadSharp } from '../node/image/sharp.js';
import { SentModels } from '../engine/sent-models.js';
import { Calls, type Watch } from '../service/calls.js';
import type { ModelInput } from '../service/options.js';
import type { FromService, ToService } from '../service/messages.js';
import type { SentModel } from './protocol.js';
import { sentModel } from './sent-model.js';

/** A request to a background thread. */
export interface AnyRequest {
  readonly kind: string;
  readonly models: readonly SentModel[];
}

/** A running background thread and the models already sent to it. */
interface Thread {
  readonly worker: Worker;
  readonly models: SentModels;
}

/**
 * Runs calls in a background thread, which owns the engine threads. The thread starts with the first call, keeps the process alive
 * only while calls are pending, and exits after an idle time; the next call starts a new one.
 */
export class Background<Q extends AnyRequest, R extends Record<Q['kind'], unknown>> {
  private thread: Thread | null = null;
  private readonly calls = new Calls<Q, R[Q['kind']]>(() => this.startIdleTimer());
  private idleTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    /** The script of the thread, and its `workerData`. */
    private readonly script: URL,
    private readonly data: object,
    private readonly idleMilliseconds: number,
  ) {}

  /** Whether the thread is running. */
  get isRunning(): boolean {
    return this.thread !== null;
  }

  /**
   * Runs a call in the background thread.
   * @param requestOf builds the request from the models as the thread identifies them
   * @param transfer buffers to transfer with the request; they are detached here
   */
  run<K extends Q['kind']>(
    models: readonly ModelInput[],
    requestOf: (models: readonly SentModel[]) => Q & { readonly kind: K },
    transfer: ArrayBuffer[],
    watch: Watch,
  ): Promise<R[K]> {
    if (this.closed) return Promise.reject(closedError());
    const { signal } = watch;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { worker, models: sent } = this.start();
    const requestWithModels = (): Q => requestOf(models.map((model) => sentModel(model, sent)));
    const send = (message: ToService<Q>, moved?: ArrayBuffer[]): void => post(worker, message, moved);
    return this.calls.run(send, requestWithModels, transfer, watch) as Promise<R[K]>;
  }

  /** Terminates the thread and its engine threads; pending calls are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    await this.end(closedError());
  }

  private start(): Thread {
    clearTimeout(this.idleTimer);
    this.thread ??= this.newThread();
    this.thread.worker.ref();
    return this.thread;
  }

  private newThread(): Thread {
    // On Linux, a worker thread can load sharp only if the main thread has loaded it: https://sharp.pixelplumbing.com/install#worker-threads
    loadSharp();
    // Without the flags of the process: they are meant for its main program (--input-type, --import).
    const worker = new Worker(this.script, { workerData: this.data, execArgv: [] });
    const onDeath = (cause: Error): void => {
      if (this.thread?.worker !== worker) return;
      void this.end(new Error(`the background thread failed: ${cause.message}`, { cause }));
    };
    worker
      .on('message', (message: FromService<R[Q['kind']]>) => this.calls.receive(message))
      .on('error', onDeath)
      .on('exit', () => onDeath(new Error('it exited')));
    return { worker, models: new SentModels((message) => post(worker, message)) };
  }

  private startIdleTimer(): void {
    this.thread?.worker.unref();
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => void this.end(closedError()), this.idleMilliseconds).unref();
  }

  private async end(error: Error): Promise<void> {
    clearTimeout(this.idleTimer);
    const { thread } = this;
    this.thread = null;
    this.calls.failAll(error);
    clearTimeout(this.idleTimer); // failing the last call has restarted it
    await thread?.worker.terminate();
  }
}

function post(worker: Worker, message: ToService<AnyRequest>, transfer: ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer);
}

function closedError(): PixrnnError {
  return new PixrnnError('usage', 'the codec is closed. Create another one.');
}
