import { PixrnnError } from '../errors.js';
import { Calls, type Watch } from '../service/calls.js';
import type { Assets } from './assets.js';
import type { DecodedTile } from './options.js';
import type { FromBackground, Kind, Request, RequestOf, Results, ToBackground } from './protocol.js';
import type { BackgroundStart } from './worker-start.js';

/** What a background thread is started with. */
export interface BackgroundOptions {
  /** The script of the workers; null: the one of the package. */
  readonly worker: string | URL | Blob | null;
  readonly assets: Assets;
  readonly threads: number;
  readonly idleMilliseconds: number;
}

/**
 * Runs calls in a worker, which owns the engine threads. The worker starts with the first call and ends after an idle time,
 * which returns its memory; the next call starts another one.
 */
export class Background {
  private worker: Worker | null = null;
  private readonly calls = new Calls<Request, Results[Kind], DecodedTile>(() => this.startIdleTimer());
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly options: BackgroundOptions) {}

  /** Runs a call. */
  run<K extends Kind>(request: RequestOf<K>, watch: Watch<DecodedTile>): Promise<Results[K]> {
    if (this.closed) return Promise.reject(closedError());
    if (watch.signal?.aborted) return Promise.reject(watch.signal.reason as Error);
    clearTimeout(this.idleTimer);
    const worker = (this.worker ??= this.start());
    const post = (message: ToBackground): void => worker.postMessage(message);
    return this.calls.run(post, () => request as Request, [], watch) as Promise<Results[K]>;
  }

  /** Ends the worker and its engine threads; pending calls are rejected. */
  close(): void {
    this.closed = true;
    this.end(closedError());
  }

  private start(): Worker {
    const { worker: script, assets, threads } = this.options;
    // Bundlers look for this very expression.
    const worker = script === null ? new Worker(new URL('./worker.js', import.meta.url)) : new Worker(urlOf(script));
    worker.onmessage = ({ data }: MessageEvent<FromBackground>) => this.calls.receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(new Error(`the background thread failed: ${event.message || 'its script cannot be loaded'}`));
    };
    const start: BackgroundStart = {
      ...{ role: 'background', assets, threads },
      script: script instanceof Blob ? script : null,
    };
    worker.postMessage(start);
    return worker;
  }

  private startIdleTimer(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.end(closedError()), this.options.idleMilliseconds);
  }

  private end(error: Error): void {
    this.worker?.terminate(); // and its engine threads
    this.worker = null;
    this.calls.failAll(error);
    clearTimeout(this.idleTimer);
  }
}

function urlOf(script: string | URL | Blob): string | URL {
  return script instanceof Blob ? URL.createObjectURL(script) : script;
}

function closedError(): PixrnnError {
  return new PixrnnError('usage', 'the codec is closed. Create another one.');
}
