import { basename } from 'node:path';
import type { Container } from '../codec/container.js';
import { decompressRows } from '../codec/decode-rows.js';
import { type DecompressOptions, decompressToRaster } from '../codec/decompress.js';
import { inspectFile } from '../codec/inspect.js';
import type { PreviewPicture } from '../codec/embedded-preview.js';
import { previewToRaster } from '../codec/preview.js';
import type { Coders } from '../engine/pool.js';
import { usualExtension } from '../image/formats.js';
import { colourMetadata } from '../image/colour-metadata.js';
import type { Raster, RasterShape } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { pictureAs } from '../node/image/picture-as.js';
import { writeImage, writingRemarks } from '../node/image/write-image.js';
import { namedModel } from '../node/model-file.js';
import { compressImage, type GivenImage } from '../service/compress-image.js';
import type { Decompressed, DecompressedFile, DecompressedRaster } from '../service/options.js';
import { restoreImage } from '../service/restore-image.js';
import type { CallContext, Response as ServiceResponse } from '../service/serve-calls.js';
import { LimitedCoders } from './limited-coders.js';
import type { CompressRequest, DecompressRequest, InspectRequest, Request, Results } from './protocol.js';
import { bytesOf } from './sent-file.js';

/** What a request needs in the background thread. */
export interface RequestContext extends CallContext {
  readonly pool: Coders;
}

export type Response = ServiceResponse<Results[Request['kind']]>;

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

async function compressed({ input, options, ...request }: CompressRequest, context: RequestContext): Promise<Response> {
  const given = await givenImage({ input, options, ...request }, context);
  const [model] = await namedModels(context);
  const result = await compressImage(given, { ...options, model }, codingOptions(options.threads, context));
  return { result, transfer: [result.bytes.buffer as ArrayBuffer] };
}

async function givenImage({ input, options }: CompressRequest, { signal }: RequestContext): Promise<GivenImage> {
  if (input.type === 'raster') return input;
  const name = options.name ?? (input.type === 'path' ? input.path : null);
  return { bytes: await bytesOf(input, options.maxInputBytes, signal), name };
}

async function decompressed(request: DecompressRequest, context: RequestContext): Promise<Response> {
  const { format, maxInputBytes } = request.options;
  const bytes = await bytesOf(request.input, maxInputBytes, context.signal);
  const source = await restored(bytes, request, context);
  if (source) return { result: source, transfer: [source.bytes.buffer as ArrayBuffer] };
  const { raster, metadata, picture, whole, factor, repairedBlocks } = await decoded(bytes, request, context);
  context.signal.throwIfAborted();
  const { width, height, channels, depth, indexed, samples } = raster;
  const common: Decompressed = { whole, factor, repairedBlocks };
  if (format === 'raster') {
    const payloads = metadata.map((payload) => Uint8Array.from(payload));
    const result: DecompressedRaster = { raster, metadata: payloads, ...common };
    return { result, transfer: [samples.buffer as ArrayBuffer] };
  }
  const name = `${baseName(request.input)}${usualExtension(format ?? 'png')}`;
  const file = Uint8Array.from(pictureAs(picture, format) ?? (await writeImage(raster, metadata, format ?? 'png')));
  const remarks = await writingRemarks(raster, metadata, format ?? 'png');
  const shape: RasterShape = { width, height, channels, depth, indexed };
  const kind = { name, format: format ?? 'png', isSource: false } as const;
  const result: DecompressedFile = { bytes: file, ...kind, ...shape, remarks, ...common };
  return { result, transfer: [file.buffer] };
}

/** Returns the source file; null if the file does not restore one, or something else is wanted. */
async function restored(
  bytes: Uint8Array,
  { input, options }: DecompressRequest,
  context: RequestContext,
): Promise<DecompressedFile | null> {
  const { format: wanted, rows, preview, threads, maxPixels, maxSeconds } = options;
  if (rows || preview) return null;
  const coding = { ...codingOptions(threads, context), maxPixels, maxSeconds, models: await namedModels(context) };
  return restoreImage(bytes, { baseName: baseName(input), wanted }, coding);
}

/** Returns the name of a .prnn file without directories and extension. */
function baseName(input: DecompressRequest['input']): string {
  return input.type === 'path' ? basename(input.path).replace(/\.prnn$/i, '') : 'image';
}

interface Decoded extends Decompressed {
  /** The samples fill their buffer, so that it can be transferred. */
  readonly raster: Raster;
  readonly metadata: readonly Uint8Array[];
  /** As in `Preview`. */
  readonly picture: PreviewPicture | null;
}

async function decoded(bytes: Uint8Array, { options }: DecompressRequest, context: RequestContext): Promise<Decoded> {
  const { rows, preview, threads, maxPixels, maxSeconds } = options;
  const coding: DecompressOptions = {
    ...codingOptions(threads, context),
    maxPixels,
    maxSeconds,
    models: await namedModels(context),
  };
  if (preview) {
    const { raster, factor, shape, metadata, picture } = await previewToRaster(bytes, coding);
    const part = { whole: sizeOf(shape), factor, repairedBlocks: 0, picture };
    return { raster, metadata: await colourMetadata(shape, metadata), ...part };
  }
  const wholeOf = ({ header, parity }: Container) => ({
    ...{ whole: sizeOf(header), factor: 1, picture: null },
    repairedBlocks: parity?.damagedBlocks ?? 0,
  });
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
