import { PixrnnError } from '../errors.js';
import type { HostWorker } from '../host/host.js';
import { Calls, type Watch } from '../service/calls.js';
import type { Assets } from './assets.js';
import { EngineThreads } from './engine-threads.js';
import { bufferOf } from './input.js';
import type { FromBackground, Kind, PixelsEvent, Request, RequestOf, Results, ToBackground } from './protocol.js';
import { startThread, type WorkerScript } from './start-thread.js';

/** What a background thread is started with. */
export interface BackgroundOptions {
  readonly worker: WorkerScript;
  readonly assets: Assets;
  readonly threads: number;
  readonly idleMilliseconds: number;
}

/** A background thread and its engine threads. */
interface Threads {
  readonly background: HostWorker;
  readonly engines: EngineThreads;
}

/**
 * Runs calls in a background thread, which codes with engine threads. The threads start with the first call and end after an
 * idle time, which returns their memory; the next call starts others.
 */
export class Background {
  private threads: Threads | null = null;
  private readonly calls = new Calls<Request, Results[Kind], PixelsEvent>(() => this.startIdleTimer());
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly options: BackgroundOptions) {}

  /** Runs a call. */
  run<K extends Kind>(request: RequestOf<K>, watch: Watch<PixelsEvent>): Promise<Results[K]> {
    if (this.closed) return Promise.reject(closedError());
    if (watch.signal?.aborted) return Promise.reject(watch.signal.reason as Error);
    clearTimeout(this.idleTimer);
    const { background } = (this.threads ??= this.start());
    const post = (message: ToBackground, transfer: ArrayBuffer[] = []): void =>
      background.postMessage(message, transfer);
    const transfer = 'input' in request ? [bufferOf(request.input)] : [];
    return this.calls.run(post, () => request as Request, transfer, watch) as Promise<Results[K]>;
  }

  /** Ends the threads; pending calls are rejected. */
  close(): void {
    this.closed = true;
    this.end(closedError());
  }

  private start(): Threads {
    const { worker: script, assets, threads } = this.options;
    const background = startThread(
      script,
      { role: 'background', assets, threads },
      {
        onMessage: (data) => {
          const message = data as FromBackground;
          if ('engine' in message) engines.receive(message);
          else this.calls.receive(message);
        },
        onEnd: ({ message }) => {
          if (this.threads?.background === background) this.end(new Error(`the background thread failed: ${message}`));
        },
      },
    );
    const engines = new EngineThreads(script, (message, transfer) => background.postMessage(message, transfer));
    return { background, engines };
  }

  private startIdleTimer(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.end(closedError()), this.options.idleMilliseconds);
  }

  private end(error: Error): void {
    const { threads } = this;
    this.threads = null;
    void threads?.background.terminate();
    threads?.engines.end();
    this.calls.failAll(error);
    clearTimeout(this.idleTimer);
  }
}

function closedError(): PixrnnError {
  return new PixrnnError('usage', 'the codec is closed. Create another one.');
}
