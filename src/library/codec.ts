import { availableParallelism } from 'node:os';
import type { FileInfo } from '../codec/inspect.js';
import { PixrnnError } from '../errors.js';
import type { OutputFormat } from '../image/formats.js';
import { Background } from './background.js';
import { fileToSend, resolveInput, type ResolvedInput, toSend } from './resolve-input.js';
import { assetUrl } from '../node/assets.js';
import type { FileInput, ImageInput } from './input.js';
import { MAX_INPUT_BYTES, requireCount, requireLimit } from './limits.js';
import type { BackgroundData, Request, Results } from './protocol.js';
import type {
  CallOptions,
  CodingCallOptions,
  CompressedImage,
  CompressImageOptions,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
} from '../service/options.js';
import { Semaphore } from '../semaphore.js';

/** Threads, concurrency and idle time of a `Codec`. */
export interface CodecOptions {
  /** Engine threads; default: one per core. Each codes one tile (about a megapixel) at a time and needs about 140 MB. */
  readonly threads?: number | undefined;
  /** Calls of `compress` and `decompress` that run at once; default: `threads`. Further calls queue in order. */
  readonly jobs?: number | undefined;
  /** Idle time in seconds after which the threads exit, 0 to 86400; default: 5. The next call starts them again. */
  readonly idleSeconds?: number | undefined;
}

const FORMATS: readonly (OutputFormat | 'raster')[] = ['png', 'tiff', 'webp', 'pnm', 'raster'];

/**
 * Compresses and decompresses images in its own threads, so the caller's event loop stays free: a background thread reads and writes
 * files, cuts them into tiles and compares results, and engine threads code the tiles. Threads start with the first call, exit after `idleSeconds`, and never keep an
 * otherwise finished process alive. The functions `compress`, `decompress` and `inspect` use one shared codec with default options;
 * create a `Codec` to limit the threads, or to stop them at once with `close`.
 *
 * @example
 * import { Codec } from 'pixrnn';
 *
 * const codec = new Codec({ threads: 2, jobs: 1 });
 * const { bytes } = await codec.compress('photo.png');
 * await codec.close(); // or declare it with `await using`
 */
export class Codec {
  /** Maximum number of engine threads. */
  readonly threads: number;
  private readonly background: Background<Request, Results>;
  private readonly semaphore: Semaphore;

  /** @throws PixrnnError `usage` if an option is out of range */
  constructor({ threads = availableParallelism(), jobs = threads, idleSeconds = 5 }: CodecOptions = {}) {
    requireCount('threads', threads);
    requireCount('jobs', jobs);
    if (!(idleSeconds >= 0 && idleSeconds <= 86_400)) {
      throw new PixrnnError('usage', `idleSeconds must be between 0 and 86400, not ${idleSeconds}. Change it.`);
    }
    this.threads = threads;
    this.background = new Background(
      assetUrl('library/worker.js'),
      { threads } satisfies BackgroundData,
      1000 * idleSeconds,
    );
    this.semaphore = Semaphore.of(jobs);
  }

  /** Whether the threads are running, busy or idle. */
  get isRunning(): boolean {
    return this.background.isRunning;
  }

  /** Like the function `compress`, in the threads of this codec. */
  async compress(input: ImageInput, options: CompressImageOptions = {}): Promise<CompressedImage> {
    const { signal, onProgress, model, ...rest } = options;
    const resolved = await resolveWithin(input, options);
    return this.semaphore.run(
      undefined,
      async () => {
        const { input: sent, transfer } = await toSend(resolved);
        const models = model === undefined ? [] : [model];
        return this.background.run(
          models,
          (names) => ({ kind: 'compress', input: sent, models: names, options: rest }),
          transfer,
          { onProgress, signal },
        );
      },
      signal,
    );
  }

  /** Like the function `decompress`, in the threads of this codec. */
  decompress(
    input: FileInput,
    options: DecompressImageOptions & { readonly format: 'raster' },
  ): Promise<DecompressedRaster>;
  decompress(
    input: FileInput,
    options?: DecompressImageOptions & { readonly format?: OutputFormat | undefined },
  ): Promise<DecompressedFile>;
  decompress(input: FileInput, options: DecompressImageOptions): Promise<DecompressedFile | DecompressedRaster>;
  async decompress(
    input: FileInput,
    options: DecompressImageOptions = {},
  ): Promise<DecompressedFile | DecompressedRaster> {
    const { signal, onProgress, models = [], ...rest } = options;
    checkDecompressing(options);
    const resolved = await resolveWithin(input, options);
    return this.semaphore.run(
      undefined,
      async () => {
        const { input: sent, transfer } = await fileToSend(resolved);
        return this.background.run(
          models,
          (names) => ({ kind: 'decompress', input: sent, models: names, options: rest }),
          transfer,
          { onProgress, signal },
        );
      },
      signal,
    );
  }

  /** Like the function `inspect`, in the background thread of this codec. It never queues. */
  async inspect(input: FileInput, options: CallOptions = {}): Promise<FileInfo> {
    const { signal, ...rest } = options;
    const { input: sent, transfer } = await fileToSend(await resolveWithin(input, options));
    return this.background.run([], () => ({ kind: 'inspect', input: sent, models: [], options: rest }), transfer, {
      signal,
    });
  }

  /** Stops all threads at once. Pending and later calls reject with a `PixrnnError` (`usage`). */
  close(): Promise<void> {
    return this.background.close();
  }

  /** Calls `close`; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Checks the options that all calls share, and resolves the input. */
async function resolveWithin(input: ImageInput, options: CodingCallOptions): Promise<ResolvedInput> {
  const { signal, maxInputBytes = MAX_INPUT_BYTES, maxPixels, threads } = options;
  signal?.throwIfAborted();
  requireCount('threads', threads);
  requireLimit('maxInputBytes', maxInputBytes);
  requireLimit('maxPixels', maxPixels);
  return resolveInput(input, maxInputBytes, signal);
}

function checkDecompressing({ format = 'png', rows, preview, maxSeconds }: DecompressImageOptions): void {
  requireLimit('maxSeconds', maxSeconds);
  if (!FORMATS.includes(format)) {
    throw new PixrnnError('usage', `${String(format)} is not an output format. Use one of ${FORMATS.join(', ')}.`);
  }
  if (rows !== undefined && preview) {
    throw new PixrnnError('usage', 'rows and preview exclude each other. Remove one of them.');
  }
  if (rows !== undefined && !(Array.isArray(rows) && rows.length === 2)) {
    throw new PixrnnError('usage', 'rows must be an array of two integers. Write rows: [first, end].');
  }
}
