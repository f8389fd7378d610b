import { availableParallelism } from 'node:os';
import type { FileInfo } from '../codec/inspect.js';
import { PixrnnError } from '../errors.js';
import type { OutputFormat } from '../image/formats.js';
import { Background } from './background.js';
import { fileToSend, resolveInput, type ResolvedInput, toSend } from './resolve-input.js';
import type { FileInput, ImageInput } from './input.js';
import { MAX_INPUT_BYTES, requireCount, requireLimit } from './limits.js';
import type {
  CallOptions,
  CodingCallOptions,
  CompressedImage,
  CompressImageOptions,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
} from './options.js';
import { Semaphore } from '../semaphore.js';

/** How many threads a codec has, and for how long. */
export interface CodecOptions {
  /** Engine threads, each codes a tile (about a megapixel) at a time; default all cores. Each takes about 140 MB. */
  readonly threads?: number | undefined;
  /** Calls of `compress` and `decompress` at work at a time, default as many as threads; the others wait in their order. */
  readonly jobs?: number | undefined;
  /** Seconds without a call after which its threads end; default 5. The next call starts them again. */
  readonly idleSeconds?: number | undefined;
}

const FORMATS: readonly (OutputFormat | 'raster')[] = ['png', 'tiff', 'webp', 'pnm', 'raster'];

/**
 * Compresses and decompresses with threads of its own: one in the background, which reads, writes, cuts and compares, and the engine
 * threads, which code. The caller's event loop stays free. Threads start with the first call and end when there have been none for a while; they keep no
 * process alive that has nothing else to do. `compress`, `decompress` and `inspect` are those of a codec with default options, which all
 * of a process share: a program needs one of its own to have fewer threads, or to end them at once with `close`.
 *
 * @example
 * import { Codec } from 'pixrnn';
 *
 * const codec = new Codec({ threads: 2, jobs: 1 });
 * const { bytes } = await codec.compress('photo.png');
 * await codec.close(); // or `await using codec = ...` where the language has it
 */
export class Codec {
  /** Engine threads at most. */
  readonly threads: number;
  private readonly background: Background;
  private readonly semaphore: Semaphore;

  /** @throws PixrnnError `usage` for numbers that cannot be */
  constructor({ threads = availableParallelism(), jobs = threads, idleSeconds = 5 }: CodecOptions = {}) {
    requireCount('threads', threads);
    requireCount('jobs', jobs);
    if (!(idleSeconds >= 0 && idleSeconds <= 86_400)) {
      throw new PixrnnError('usage', `idleSeconds must be from 0 to 86400, not ${idleSeconds}. Give another.`);
    }
    this.threads = threads;
    this.background = new Background({ threads }, 1000 * idleSeconds);
    this.semaphore = Semaphore.of(jobs);
  }

  /** Whether its threads are there, at work or waiting for more. */
  get isRunning(): boolean {
    return this.background.isRunning;
  }

  /** As the function `compress`, with the threads of this codec. */
  async compress(input: ImageInput, options: CompressImageOptions = {}): Promise<CompressedImage> {
    const { signal, onProgress, model, ...rest } = options;
    const resolved = await resolveWithin(input, options);
    return this.semaphore.run(
      undefined,
      async () => {
        const { input: sent, moved } = await toSend(resolved);
        const models = model === undefined ? [] : [model];
        return this.background.run(
          models,
          (names) => ({ kind: 'compress', input: sent, models: names, options: rest }),
          moved,
          { onProgress, signal },
        );
      },
      signal,
    );
  }

  /** As the function `decompress`, with the threads of this codec. */
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
        const { input: sent, moved } = await fileToSend(resolved);
        return this.background.run(
          models,
          (names) => ({ kind: 'decompress', input: sent, models: names, options: rest }),
          moved,
          { onProgress, signal },
        );
      },
      signal,
    );
  }

  /** As the function `inspect`, in the background thread of this codec. It waits for no turn. */
  async inspect(input: FileInput, options: CallOptions = {}): Promise<FileInfo> {
    const { signal, ...rest } = options;
    const { input: sent, moved } = await fileToSend(await resolveWithin(input, options));
    return this.background.run([], () => ({ kind: 'inspect', input: sent, models: [], options: rest }), moved, {
      signal,
    });
  }

  /** Ends all threads at once; calls that have not ended, and later ones, are rejected (`usage`). */
  close(): Promise<void> {
    return this.background.close();
  }

  /** For `await using`: closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Looks at the options that all calls have, and reads a stream. */
async function resolveWithin(input: ImageInput, options: CodingCallOptions): Promise<ResolvedInput> {
  const { signal, maxInputBytes = MAX_INPUT_BYTES, maxPixels, threads } = options;
  signal?.throwIfAborted();
  requireCount('threads', threads);
  requireLimit('maxInputBytes', maxInputBytes);
  requireLimit('maxPixels', maxPixels);
  return resolveInput(input, maxInputBytes, signal);
}

function checkDecompressing({ format = 'png', rows, preview }: DecompressImageOptions): void {
  if (!FORMATS.includes(format)) {
    throw new PixrnnError('usage', `${String(format)} is not a format to decompress to. Use ${FORMATS.join(', ')}.`);
  }
  if (rows !== undefined && preview) {
    throw new PixrnnError('usage', 'rows and preview exclude each other. Leave out one of them.');
  }
  if (rows !== undefined && !(Array.isArray(rows) && rows.length === 2)) {
    throw new PixrnnError('usage', 'rows must be [first, end], two whole numbers. Give both.');
  }
}
