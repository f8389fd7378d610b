import type { PreviewPicture } from '../codec/embedded-preview.js';
import type { FileInfo } from '../codec/inspect.js';
import type { Raster } from '../image/raster.js';
import type { CallOptions, CompressedImage, DecompressedFile, DecompressedRaster } from '../service/options.js';
import { type Assets, packageAssets } from './assets.js';
import { Background } from './background.js';
import { fileToSend, imageToSend } from './input.js';
import type {
  CompressOptions,
  DecompressedBitmap,
  DecompressOptions,
  DecompressResult,
  FileInput,
  ImageInput,
  MeasureOptions,
  ModelInput,
  ReadPicture,
  SampleOptions,
} from './options.js';
import type { MeasuredBits, PixelsEvent } from './protocol.js';
import { defaultThreads } from './threads.js';

/** The first bytes of a file contain its header and its preview. */
const PREVIEW_END = 66_000;

/** Threads, memory and files of a `Codec`. */
export interface CodecOptions {
  /** Engine threads; default: one per core, at most as many as `memoryBytes` allows. Each codes one tile at a time. */
  readonly threads?: number | undefined;
  /** Memory budget of the engine threads, 140 MiB each; default: half of the memory that the browser reports. */
  readonly memoryBytes?: number | undefined;
  /** Idle time in seconds after which the workers end; default: 30. The next call starts them again. */
  readonly idleSeconds?: number | undefined;
  /** URL or content of `worker.js`, for bundlers that do not find it by themselves (esbuild). */
  readonly worker?: string | URL | Blob | undefined;
  /** The wasm files and the weights, for bundlers that do not find them by themselves; see `assetsIn`. */
  readonly assets?: Assets | undefined;
}

/**
 * Compresses and decompresses images in its own workers, so the page stays responsive: a background worker reads files, cuts
 * them into tiles and compares results, and engine workers code the tiles. The functions `compress`, `decompress` and the others use one shared codec;
 * create a `Codec` to change its options.
 */
export class Codec {
  /** Maximum number of engine threads. */
  readonly threads: number;
  private readonly background: Background;

  constructor({ threads, memoryBytes, idleSeconds = 30, worker, assets }: CodecOptions = {}) {
    this.threads = threads ?? defaultThreads(memoryBytes);
    this.background = new Background({
      worker: worker ?? null,
      assets: assets ?? packageAssets(),
      threads: this.threads,
      idleMilliseconds: 1000 * idleSeconds,
    });
  }

  /** Like the function `compress`. */
  async compress(image: ImageInput, options: CompressOptions = {}): Promise<CompressedImage> {
    const { signal, onProgress, model, name, maxInputBytes, ...rest } = options;
    const input = await imageToSend(image, { name, maxBytes: maxInputBytes });
    return this.background.run(
      { kind: 'compress', models: [], given: listOf(model), input, options: rest },
      { signal, onProgress },
    );
  }

  /** Like the function `decompress`. */
  decompress(file: FileInput, options: DecompressOptions & { readonly format: 'raster' }): Promise<DecompressedRaster>;
  decompress(file: FileInput, options: DecompressOptions & { readonly format: 'bitmap' }): Promise<DecompressedBitmap>;
  decompress(
    file: FileInput,
    options?: DecompressOptions & { readonly format?: 'png' | undefined },
  ): Promise<DecompressedFile>;
  decompress(file: FileInput, options?: DecompressOptions): Promise<DecompressResult>;
  async decompress(file: FileInput, options: DecompressOptions = {}): Promise<DecompressResult> {
    const { signal, onProgress, onTile, onRows, models: given = [], maxInputBytes, ...rest } = options;
    const input = await fileToSend(file, { maxBytes: maxInputBytes });
    const wants = { tiles: onTile !== undefined, rows: onRows !== undefined };
    const onEvent = (event: PixelsEvent): void => ('tile' in event ? onTile?.(event.tile) : onRows?.(event.rows));
    return this.background.run(
      { kind: 'decompress', models: [], given, input, wants, options: rest },
      { signal, onProgress, onEvent },
    );
  }

  /** Like the function `inspect`. */
  async inspect(file: FileInput, { signal, maxInputBytes, maxPixels }: CallOptions = {}): Promise<FileInfo> {
    const input = await fileToSend(file, { maxBytes: maxInputBytes });
    return this.background.run({ kind: 'inspect', models: [], given: [], input, options: { maxPixels } }, { signal });
  }

  /** Like the function `preview`. */
  async preview(file: FileInput, { signal, maxInputBytes }: CallOptions = {}): Promise<PreviewPicture | null> {
    const input = await fileToSend(file, { maxBytes: maxInputBytes, end: PREVIEW_END });
    return this.background.run({ kind: 'preview', models: [], given: [], input }, { signal });
  }

  /** Like the function `readPicture`. */
  async readPicture(file: FileInput, options: CompressOptions = {}): Promise<ReadPicture> {
    const { maxInputBytes, maxPixels, firstFrame, page, signal } = options;
    const input = await fileToSend(file, { maxBytes: maxInputBytes });
    const request = { kind: 'read', models: [], given: [], input, options: { maxPixels, firstFrame, page } } as const;
    return this.background.run(request, { signal });
  }

  /** Like the function `estimateSeconds`. */
  async estimateSeconds(image: ImageInput, options: MeasureOptions = {}): Promise<number> {
    const { signal, model, maxInputBytes, effort, ...reading } = options;
    const input = await imageToSend(image, { maxBytes: maxInputBytes });
    const sent = { effort, ...withoutProgress(reading) };
    return this.background.run(
      { kind: 'estimate', models: [], given: listOf(model), input, options: sent },
      { signal },
    );
  }

  /** Like the function `measureBits`. */
  async measureBits(image: ImageInput, options: MeasureOptions = {}): Promise<MeasuredBits> {
    const { signal, onProgress, model, maxInputBytes, ...rest } = options;
    const input = await imageToSend(image, { maxBytes: maxInputBytes });
    return this.background.run(
      { kind: 'measure', models: [], given: listOf(model), input, options: rest },
      { signal, onProgress },
    );
  }

  /** Like the function `sample`. */
  async sample(model: ModelInput, { signal, onRow, ...options }: SampleOptions): Promise<Raster> {
    const onEvent = (event: PixelsEvent): void => void ('rows' in event && onRow?.(event.rows));
    return this.background.run({ kind: 'sample', models: [], given: [model], options }, { signal, onEvent });
  }

  /** Ends all workers at once. Pending and later calls reject with a `PixrnnError` (`usage`). */
  close(): void {
    this.background.close();
  }
}

function withoutProgress({ maxPixels, firstFrame, page }: MeasureOptions) {
  return { maxPixels, firstFrame, page };
}

function listOf(model: ModelInput | undefined): ModelInput[] {
  return model === undefined ? [] : [model];
}
