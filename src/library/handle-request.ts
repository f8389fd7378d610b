import { compressRaster } from '../codec/compress.js';
import type { Container } from '../codec/container.js';
import { decompressRows } from '../codec/decode-rows.js';
import { type DecompressOptions, decompressToRaster } from '../codec/decompress.js';
import { inspectFile } from '../codec/inspect.js';
import { previewToRaster } from '../codec/preview.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { colourMetadata } from '../image/colour-metadata.js';
import type { Raster, RasterShape } from '../image/raster.js';
import { type ReadImage, readImage } from '../node/image/read-image.js';
import { writeImage, writingRemarks } from '../node/image/write-image.js';
import type { Model } from '../model/model.js';
import { namedModel } from '../node/model-file.js';
import { LimitedCoders } from './limited-coders.js';
import type {
  CompressedImage,
  Decompressed,
  DecompressedFile,
  DecompressedRaster,
  ProgressCallback,
} from './options.js';
import type { CompressRequest, DecompressRequest, InspectRequest, Request, Results } from './protocol.js';
import { bytesOf } from './sent-file.js';

/** What a request needs in the background thread. */
export interface RequestContext {
  readonly pool: Coders;
  /** Models of the call, or names or paths of models. */
  readonly models: readonly (Model | string)[];
  readonly onProgress: ProgressCallback;
  readonly signal: AbortSignal;
}

/** The result of a request, and its buffers to transfer to the caller. */
export interface Response {
  readonly result: Results[Request['kind']];
  readonly transfer: ArrayBuffer[];
}

/** Runs a request and returns its result. */
export async function handleRequest(request: Request, context: RequestContext): Promise<Response> {
  switch (request.kind) {
    case 'compress':
      return compressed(request, context);
    case 'decompress':
      return decompressed(request, context);
    case 'inspect':
      return { result: await inspected(request, context), transfer: [] };
  }
}

async function compressed(request: CompressRequest, context: RequestContext): Promise<Response> {
  const { options } = request;
  const { raster, metadata, source } = await imageOf(request, context);
  context.signal.throwIfAborted();
  const [model] = await namedModels(context);
  const { width, height, channels, depth, indexed } = raster;
  const { bytes, ...figures } = await compressRaster(raster, {
    ...codingOptions(options.threads, context),
    effort: options.effort,
    verify: options.verify,
    model,
    metadata,
    pngStream: source?.png ?? undefined,
  });
  const own = Uint8Array.from(bytes);
  const result: CompressedImage = {
    bytes: own,
    ...figures,
    ...{ width, height, channels, depth, indexed },
    sourceFormat: source?.format ?? null,
    pages: source?.pages ?? 1,
    lossy: source?.lossy ?? false,
    warnings: source?.warnings ?? [],
  };
  return { result, transfer: [own.buffer] };
}

/** Reads the image to compress; `source` is null for a raster. */
async function imageOf(
  { input, options }: CompressRequest,
  { signal }: RequestContext,
): Promise<Omit<ReadImage, 'source'> & { readonly source: ReadImage['source'] | null }> {
  if (input.type === 'raster') {
    return { raster: input.raster, metadata: [...(options.metadata ?? [])], source: null };
  }
  if (options.metadata) {
    throw new PixrnnError(
      'usage',
      'the metadata option applies to rasters only: a file has its own metadata. Remove the option, or pass a raster.',
    );
  }
  return readImage(await bytesOf(input, options.maxInputBytes, signal), options);
}

async function decompressed(request: DecompressRequest, context: RequestContext): Promise<Response> {
  const { format = 'png', maxInputBytes } = request.options;
  const bytes = await bytesOf(request.input, maxInputBytes, context.signal);
  const { raster, metadata, whole, factor } = await decoded(bytes, request, context);
  context.signal.throwIfAborted();
  const { width, height, channels, depth, indexed, samples } = raster;
  const common: Decompressed = { whole, factor };
  if (format === 'raster') {
    const payloads = metadata.map((payload) => Uint8Array.from(payload));
    const result: DecompressedRaster = { raster, metadata: payloads, ...common };
    return { result, transfer: [samples.buffer as ArrayBuffer] };
  }
  const file = Uint8Array.from(await writeImage(raster, metadata, format));
  const remarks = await writingRemarks(raster, metadata, format);
  const shape: RasterShape = { width, height, channels, depth, indexed };
  const result: DecompressedFile = { bytes: file, format, ...shape, remarks, ...common };
  return { result, transfer: [file.buffer] };
}

interface Decoded extends Decompressed {
  /** The samples fill their buffer, so that it can be transferred. */
  readonly raster: Raster;
  readonly metadata: readonly Uint8Array[];
}

async function decoded(bytes: Uint8Array, { options }: DecompressRequest, context: RequestContext): Promise<Decoded> {
  const { rows, preview, threads, maxPixels } = options;
  const coding: DecompressOptions = {
    ...codingOptions(threads, context),
    maxPixels,
    models: await namedModels(context),
  };
  if (preview) {
    const { raster, factor, shape, metadata } = await previewToRaster(bytes, coding);
    return { raster, metadata: await colourMetadata(shape, metadata), whole: sizeOf(shape), factor };
  }
  const wholeOf = ({ header }: Container) => ({ whole: sizeOf(header), factor: 1 });
  if (rows) {
    const { raster, container } = await decompressRows(bytes, rows, coding);
    return { raster, metadata: await colourMetadata(raster, container.metadata), ...wholeOf(container) };
  }
  const { raster, container } = await decompressToRaster(bytes, coding);
  return { raster, metadata: container.metadata, ...wholeOf(container) };
}

async function inspected({ input, options }: InspectRequest, { signal }: RequestContext): Promise<Results['inspect']> {
  return inspectFile(await bytesOf(input, options.maxInputBytes, signal), { maxPixels: options.maxPixels });
}

function codingOptions(threads: number | undefined, { pool, onProgress, signal }: RequestContext) {
  const isLimited = threads !== undefined && threads < pool.threads;
  return { pool: isLimited ? new LimitedCoders(pool, threads) : pool, onProgress, signal };
}

function namedModels({ models }: RequestContext): Promise<Model[]> {
  return Promise.all(models.map(async (model) => (typeof model === 'string' ? namedModel(model) : model)));
}

function sizeOf({ width, height }: RasterShape): Decompressed['whole'] {
  return { width, height };
}
