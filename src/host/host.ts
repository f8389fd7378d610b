import type { BrotliWasmType } from 'brotli-wasm';

/*
 * What the portable core needs of the machine it runs on. `src/node` implements it with worker_threads, node:zlib and
 * node:fs; a page in a browser implements it with Worker, fetch and the packages in `portable.ts`.
 */

/** The services of a host. */
export interface Host {
  /** Number of threads that can run at the same time. */
  readonly parallelism: number;
  /** Largest typed array, in bytes. */
  readonly maxArrayBytes: number;
  /** Starts a worker that calls `serveJobs` (src/engine/serve-jobs.ts). */
  startWorker(events: WorkerEvents): HostWorker;
  /**
   * Reads a file of the package.
   * @param name `engine.wasm`, `palette.wasm` or `models/<name>.safetensors`
   */
  readAsset(name: string): Promise<Uint8Array<ArrayBuffer>>;
  sha256(): Sha256;
  readonly zlib: Zlib;
  /** Loads brotli-wasm (1 MB), which every host uses, so that the same input gives the same bytes. */
  loadBrotli(): Promise<Pick<BrotliWasmType, 'compress' | 'DecompressStream'>>;
}

/** An incremental SHA-256. */
export interface Sha256 {
  update(bytes: Uint8Array): this;
  /** 32 bytes. */
  digest(): Uint8Array;
}

/** Parameters of zlib's deflate. */
export interface DeflateOptions {
  readonly level: number;
  readonly memLevel?: number;
  /** 0 default, 1 filtered. */
  readonly strategy?: 0 | 1;
}

/** zlib streams (RFC 1950). */
export interface Zlib {
  /**
   * Inflates a stream that starts at the first byte.
   * @throws InflateError for a stream that is damaged or incomplete, or holds more than `maxBytes`
   */
  inflate(stream: Uint8Array, maxBytes: number): Inflated;
  /** Deflates without blocking the thread, where the host can. */
  deflate(bytes: Uint8Array, options: DeflateOptions): Promise<Uint8Array>;
  /** The same stream at once: for small input. */
  deflateSync(bytes: Uint8Array, options: DeflateOptions): Uint8Array;
}

export interface Inflated {
  readonly bytes: Uint8Array;
  /** Length of the stream in the input, which may go on after it. */
  readonly consumed: number;
}

/** Why a stream does not inflate. */
export class InflateError extends Error {
  override readonly name = 'InflateError';

  constructor(
    readonly kind: 'damaged' | 'incomplete' | 'too-large',
    message: string = kind,
  ) {
    super(message);
  }
}

/** A thread of the host. */
export interface HostWorker {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Ends the thread at once; resolves when it has ended. */
  terminate(): Promise<void>;
}

/** What a thread's owner listens to. */
export interface WorkerEvents {
  readonly onMessage: (message: unknown) => void;
  /** Called once when the thread has failed or ended. */
  readonly onEnd: (reason: Error) => void;
}

let installed: Host | null = null;

/** Makes a host the one that the core uses. */
export function installHost(host: Host): void {
  installed = host;
}

/**
 * The installed host.
 * @throws Error where none is installed
 */
export function host(): Host {
  if (installed === null) throw new Error('no host is installed: import pixrnn/dist/node/install.js first');
  return installed;
}
