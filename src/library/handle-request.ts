import { basename } from 'node:path';
import { compressRaster } from '../codec/compress.js';
import type { Container } from '../codec/container.js';
import { decompressRows } from '../codec/decode-rows.js';
import { type DecompressOptions, decompressToRaster } from '../codec/decompress.js';
import { inspectFile } from '../codec/inspect.js';
import { previewToRaster } from '../codec/preview.js';
import { restoreSource } from '../codec/restore-source.js';
import { type SourceFile, sourceFile } from '../codec/source-file.js';
import { sourceOf } from '../codec/source-of.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { type OutputFormat, sourceFormatOf, usualExtension } from '../image/formats.js';
import { colourMetadata } from '../image/colour-metadata.js';
import type { Raster, RasterShape } from '../image/raster.js';
import { type ReadImage, readImage } from '../image/read-image.js';
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
  const { raster, metadata, source, file } = await imageOf(request, context);
  context.signal.throwIfAborted();
  const [model] = await namedModels(context);
  const { width, height, channels, depth, indexed } = raster;
  const { bytes, ...figures } = await compressRaster(raster, {
    ...codingOptions(options.threads, context),
    effort: options.effort,
    verify: options.verify,
    model,
    metadata,
    source: file,
    exactness: options.exactness,
  });
  const own = Uint8Array.from(bytes);
  const result: CompressedImage = {
    bytes: own,
    ...figures,
    ...{ width, height, channels, depth, indexed },
    sourceFormat: source?.format ?? null,
    pages: source?.pages ?? 1,
    lossy: source?.lossy ?? false,
    warnings: figures.restores === 'file' ? [] : (source?.warnings ?? []),
  };
  return { result, transfer: [own.buffer] };
}

/** An image to compress; `source` and `file` are null and undefined for a raster. */
interface Given extends Omit<ReadImage, 'source'> {
  readonly source: ReadImage['source'] | null;
  readonly file: SourceFile | undefined;
}

async function imageOf({ input, options }: CompressRequest, { signal }: RequestContext): Promise<Given> {
  if (input.type === 'raster') {
    return { raster: input.raster, metadata: [...(options.metadata ?? [])], source: null, file: undefined };
  }
  if (options.metadata) {
    throw new PixrnnError(
      'usage',
      'the metadata option applies to rasters only: a file has its own metadata. Remove the option, or pass a raster.',
    );
  }
  const bytes = await bytesOf(input, options.maxInputBytes, signal);
  const image = await readImage(bytes, options);
  const name = options.name ?? (input.type === 'path' ? input.path : null);
  return { ...image, file: sourceFile(name, bytes, image, options) };
}

async function decompressed(request: DecompressRequest, context: RequestContext): Promise<Response> {
  const { format, maxInputBytes } = request.options;
  const bytes = await bytesOf(request.input, maxInputBytes, context.signal);
  const image = await decoded(bytes, request, context);
  context.signal.throwIfAborted();
  const { raster, metadata, whole, factor } = image;
  const { width, height, channels, depth, indexed, samples } = raster;
  const common: Decompressed = { whole, factor };
  if (format === 'raster') {
    const payloads = metadata.map((payload) => Uint8Array.from(payload));
    const result: DecompressedRaster = { raster, metadata: payloads, ...common };
    return { result, transfer: [samples.buffer as ArrayBuffer] };
  }
  const written = (await sourceOfImage(image, format)) ?? (await convertedImage(image, format ?? 'png'));
  const { extension, ...file } = written;
  const shape: RasterShape = { width, height, channels, depth, indexed };
  const name = `${baseName(request.input)}${extension}`;
  const result: DecompressedFile = { ...file, name, ...shape, ...common };
  return { result, transfer: [file.bytes.buffer] };
}

/** A file to return; its bytes fill their buffer, so that it can be transferred. */
interface WrittenFile extends Pick<DecompressedFile, 'format' | 'isSource' | 'remarks'> {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly extension: string;
}

/** Returns the source file; null if the image does not restore one, or another format is wanted. */
async function sourceOfImage(
  { raster, container }: Decoded,
  wanted: OutputFormat | undefined,
): Promise<WrittenFile | null> {
  const extension = container && sourceOf(container).extension;
  const format = extension && sourceFormatOf(extension);
  if (!container || !format || (wanted !== undefined && wanted !== format)) return null;
  const source = await restoreSource(container, raster);
  return source && { bytes: Uint8Array.from(source), extension, format, isSource: true, remarks: [] };
}

async function convertedImage({ raster, metadata }: Decoded, format: OutputFormat): Promise<WrittenFile> {
  const bytes = Uint8Array.from(await writeImage(raster, metadata, format));
  const remarks = await writingRemarks(raster, metadata, format);
  return { bytes, extension: usualExtension(format), format, isSource: false, remarks };
}

/** Returns the name of a .prnn file without directories and extension. */
function baseName(input: DecompressRequest['input']): string {
  return input.type === 'path' ? basename(input.path).replace(/\.prnn$/i, '') : 'image';
}

interface Decoded extends Decompressed {
  /** The samples fill their buffer, so that it can be transferred. */
  readonly raster: Raster;
  readonly metadata: readonly Uint8Array[];
  /** The parsed file if the raster is the whole image, else null. */
  readonly container: Container | null;
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
    return { raster, metadata: await colourMetadata(shape, metadata), container: null, whole: sizeOf(shape), factor };
  }
  const wholeOf = ({ header }: Container) => ({ whole: sizeOf(header), factor: 1 });
  if (rows) {
    const { raster, container } = await decompressRows(bytes, rows, coding);
    const kept = await colourMetadata(raster, container.metadata);
    return { raster, metadata: kept, container: null, ...wholeOf(container) };
  }
  const { raster, container } = await decompressToRaster(bytes, coding);
  return { raster, metadata: container.metadata, container, ...wholeOf(container) };
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
