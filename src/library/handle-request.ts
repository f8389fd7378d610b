import { basename } from 'node:path';
import { compressRaster } from '../codec/compress.js';
import { type CompressedJpeg, compressJpeg } from '../codec/compress-jpeg.js';
import { type Container, parseFile } from '../codec/container.js';
import { NO_REPRESENTATIONS } from '../codec/container-layout.js';
import { decompressRows } from '../codec/decode-rows.js';
import { type DecompressOptions, decompressToRaster } from '../codec/decompress.js';
import { inspectFile } from '../codec/inspect.js';
import { isCodedAsJpeg, jpegSource } from '../codec/jpeg-source.js';
import { previewToRaster } from '../codec/preview.js';
import { restoreFile } from '../codec/restore-file.js';
import { type SourceFile, sourceFile } from '../codec/source-file.js';
import { extensionOf } from '../codec/source-of.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { sourceFormatOf, usualExtension } from '../image/formats.js';
import { colourMetadata } from '../image/colour-metadata.js';
import type { Raster, RasterShape } from '../image/raster.js';
import { type ReadImage, readImage } from '../image/read-image.js';
import { writeImage, writingRemarks } from '../node/image/write-image.js';
import type { Channels } from '../samples.js';
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
  const { input, options } = request;
  if (input.type === 'raster') return compressedSamples(request, context, rasterToCode(input.raster, options));
  if (options.metadata) {
    throw new PixrnnError(
      'usage',
      'the metadata option applies to rasters only: a file has its own metadata. Remove the option, or pass a raster.',
    );
  }
  const bytes = await bytesOf(input, options.maxInputBytes, context.signal);
  const name = options.name ?? (input.type === 'path' ? input.path : null);
  if (isCodedAsJpeg(bytes, options.exactness)) {
    return compressedJpeg(name, bytes, request, context);
  }
  const image = await readImage(bytes, options);
  return compressedSamples(request, context, { ...image, file: sourceFile(name, bytes, image, options) });
}

/** An image whose samples are coded; `source` and `file` are null and undefined for a raster. */
interface Given extends Omit<ReadImage, 'source'> {
  readonly source: ReadImage['source'] | null;
  readonly file: SourceFile | undefined;
}

function rasterToCode(raster: Raster, { metadata = [] }: CompressRequest['options']): Given {
  return { raster, metadata: [...metadata], source: null, file: undefined };
}

async function compressedSamples(
  { options }: CompressRequest,
  context: RequestContext,
  { raster, metadata, source, file }: Given,
): Promise<Response> {
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
    origin: options.origin,
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

async function compressedJpeg(
  name: string | null,
  given: Uint8Array,
  { options }: CompressRequest,
  context: RequestContext,
): Promise<Response> {
  const source = jpegSource(name, given, options);
  const { effort, verify, maxPixels } = options;
  const coding = codingOptions(options.threads, context);
  return jpegResponse(await compressJpeg(source, { ...coding, effort, verify, maxPixels }), source.warnings);
}

/** Returns the result for a JPEG file whose coefficients were coded, or that is stored. */
function jpegResponse(compressed: CompressedJpeg, warnings: readonly string[]): Response {
  const { width, height, shape, effort, sourceDigest, extension, storedBecause } = compressed;
  const { coefficientBytes: codedBytes, recordBytes: metadataBytes } = compressed;
  const bytes = Uint8Array.from(compressed.bytes);
  const result: CompressedImage = {
    ...{ bytes, restores: 'file', extension, sourceDigest, exactBytes: null },
    ...{ modelId: '', modelName: 'jpeg', modelUsed: storedBecause === null, effort, tiles: 0 },
    ...{ codeLengthBits: [], modelCodeLengthBits: [], otherBits: 8 * codedBytes, codedBytes, metadataBytes },
    ...{ recipeBytes: 0, overheadBytes: bytes.length - codedBytes - metadataBytes },
    representations: { ...NO_REPRESENTATIONS, stored: storedBecause === null ? 0 : 1 },
    origin: null,
    ...{ width, height, channels: (shape?.components.length ?? 3) as Channels, depth: 8, indexed: false },
    ...{ sourceFormat: 'JPEG', pages: 1, lossy: true, warnings },
  };
  return { result, transfer: [bytes.buffer] };
}

async function decompressed(request: DecompressRequest, context: RequestContext): Promise<Response> {
  const { format, maxInputBytes } = request.options;
  const bytes = await bytesOf(request.input, maxInputBytes, context.signal);
  const source = await restoredSource(bytes, request, context);
  if (source) return source;
  const { raster, metadata, whole, factor } = await decoded(bytes, request, context);
  context.signal.throwIfAborted();
  const { width, height, channels, depth, indexed, samples } = raster;
  const common: Decompressed = { whole, factor };
  if (format === 'raster') {
    const payloads = metadata.map((payload) => Uint8Array.from(payload));
    const result: DecompressedRaster = { raster, metadata: payloads, ...common };
    return { result, transfer: [samples.buffer as ArrayBuffer] };
  }
  const name = `${baseName(request.input)}${usualExtension(format ?? 'png')}`;
  const file = Uint8Array.from(await writeImage(raster, metadata, format ?? 'png'));
  const remarks = await writingRemarks(raster, metadata, format ?? 'png');
  const shape: RasterShape = { width, height, channels, depth, indexed };
  const kind = { name, format: format ?? 'png', isSource: false } as const;
  const result: DecompressedFile = { bytes: file, ...kind, ...shape, remarks, ...common };
  return { result, transfer: [file.buffer] };
}

/** Returns the source file; null if the file does not restore one, or something else is wanted. */
async function restoredSource(
  bytes: Uint8Array,
  { input, options }: DecompressRequest,
  context: RequestContext,
): Promise<Response | null> {
  const { format: wanted, rows, preview, threads, maxPixels } = options;
  if (rows || preview) return null;
  const file = parseFile(bytes, { maxPixels });
  const extension = extensionOf(file);
  const format = extension && sourceFormatOf(extension);
  if (!format || (wanted !== undefined && wanted !== format)) return null;
  const coding = { ...codingOptions(threads, context), maxPixels, models: await namedModels(context) };
  const source = await restoreFile(file, coding);
  if (source === null) return null;
  const own = Uint8Array.from(source);
  const { width, height } = 'header' in file ? file.header : file;
  const result: DecompressedFile = {
    ...{ bytes: own, name: `${baseName(input)}${extension}`, format, isSource: true, remarks: [] },
    ...('header' in file ? shapeOf(file.header) : { width, height }),
    ...{ whole: { width, height }, factor: 1 },
  };
  return { result, transfer: [own.buffer] };
}

function shapeOf({ width, height, channels, depth, indexed }: RasterShape): RasterShape {
  return { width, height, channels, depth, indexed };
}

/** Returns the name of a .prnn file without directories and extension. */
function baseName(input: DecompressRequest['input']): string {
  return input.type === 'path' ? basename(input.path).replace(/\.prnn$/i, '') : 'image';
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
    const kept = await colourMetadata(raster, container.metadata);
    return { raster, metadata: kept, ...wholeOf(container) };
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
