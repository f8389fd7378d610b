import type { BrotliWasmType } from 'brotli-wasm';
import { checkMachine } from './machine.js';

/*
 * The services that the portable core needs from its platform. `src/node` implements them with worker_threads,
 * node:zlib and node:fs; a browser page can implement them with Worker, fetch and the packages in `portable.ts`.
 */

/** The services of a host. */
export interface Host {
  /** Number of threads that can run concurrently. */
  readonly parallelism: number;
  /** Size of the largest typed array in bytes. */
  readonly maxArrayBytes: number;
  /** Starts a worker that calls `serveJobs` (src/engine/serve-jobs.ts). */
  startWorker(events: WorkerEvents): HostWorker;
  /**
   * Reads a file of the package.
   * @param name `engine.wasm`, `palette.wasm`, `packing.wasm`, `jpeg.wasm` or `models/<name>.safetensors`
   */
  readAsset(name: string): Promise<Uint8Array<ArrayBuffer>>;
  sha256(): Sha256;
  readonly zlib: Zlib;
  /**
   * Returns a small lossy picture of an image, upright and in sRGB, as a WebP file, or a JPEG file where the host cannot
   * write WebP. Hosts differ in its bytes, on which nothing else depends.
   * @param file a PNG or JPEG file
   * @param side maximum width and height in pixels; smaller images are not enlarged
   * @param quality 0 to 100
   */
  encodePicture(file: Uint8Array, side: number, quality: number): Promise<Uint8Array>;
  /** Loads brotli-wasm (1 MB). Every host uses it, so equal input gives equal bytes. */
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
   * @throws InflateError if the stream is damaged or incomplete, or holds more than `maxBytes`
   */
  inflate(stream: Uint8Array, maxBytes: number): Inflated;
  /** Deflates without blocking the thread, if the host can. */
  deflate(bytes: Uint8Array, options: DeflateOptions): Promise<Uint8Array>;
  /** Deflates synchronously, for small input; returns the same stream as `deflate`. */
  deflateSync(bytes: Uint8Array, options: DeflateOptions): Uint8Array;
}

export interface Inflated {
  readonly bytes: Uint8Array;
  /** Length of the stream, which other bytes of the input may follow. */
  readonly consumed: number;
}

/** An error that names why a stream does not inflate. */
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
  /** Terminates the thread; resolves when it has ended. */
  terminate(): Promise<void>;
}

/** Listeners of a thread's owner. */
export interface WorkerEvents {
  readonly onMessage: (message: unknown) => void;
  /** Called once, when the thread has failed or ended. */
  readonly onEnd: (reason: Error) => void;
}

let installed: Host | null = null;

/** Sets the host that the core uses. */
export function installHost(host: Host): void {
  installed = host;
}

/**
 * Returns the installed host.
 * @throws Error if none is installed
 * @throws PixrnnError 'machine-unsupported'
 */
export function host(): Host {
  if (installed === null) throw new Error('no host is installed. Import pixrnn/dist/node/install.js first');
  checkMachine();
  return installed;
}
