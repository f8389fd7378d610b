import { embeddedPreview } from '../codec/embedded-preview.js';
import { inspectFile } from '../codec/inspect.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { type Model, decodeModel } from '../model/model.js';
import { loadShipped, shippedModels } from '../model/registry.js';
import { compressImage } from '../service/compress-image.js';
import type { CallContext, Response } from '../service/serve-calls.js';
import { decompress } from './decompress.js';
import { estimate, measure } from './measure.js';
import type { DecodedTile, ModelInput } from './options.js';
import type { Kind, PixelsEvent, Request, Results } from './protocol.js';
import { readPicture } from './read-picture.js';
import { sample } from './sample.js';

/** What a request needs in the background thread. */
export interface RequestContext extends CallContext<PixelsEvent> {
  readonly pool: Coders;
}

/** Runs a request and returns its result. */
export async function handleRequest(request: Request, context: RequestContext): Promise<Response<Results[Kind]>> {
  const { pool, signal, onProgress } = context;
  const coding = { pool, signal, onProgress };
  const models = await Promise.all(request.given.map(modelOf));
  const [model] = models;
  switch (request.kind) {
    case 'compress': {
      const result = await compressImage(request.input, { ...request.options, model }, coding);
      return { result, transfer: [result.bytes.buffer as ArrayBuffer] };
    }
    case 'decompress': {
      const { input, wants, options } = request;
      const paint = {
        onTile: wants.tiles ? (tile: DecodedTile): void => context.onEvent({ tile }, [tile.pixels.buffer]) : undefined,
        onRows: wants.rows ? (rows: DecodedTile): void => context.onEvent({ rows }, [rows.pixels.buffer]) : undefined,
      };
      return decompress(input.bytes, input.name, { ...options, ...coding, models }, paint);
    }
    case 'inspect':
      return { result: await inspectFile(request.input.bytes, request.options), transfer: [] };
    case 'preview':
      return { result: embeddedPreview(request.input.bytes), transfer: [] };
    case 'read': {
      const result = await readPicture(request.input.bytes, request.options);
      return { result, transfer: [result.raster.samples.buffer as ArrayBuffer] };
    }
    case 'estimate': {
      const result = await estimate(request.input, { ...request.options, model, pool, signal });
      return { result, transfer: [] };
    }
    case 'measure': {
      const result = await measure(request.input, { ...request.options, ...coding, model });
      return { result, transfer: [result.bits.buffer as ArrayBuffer] };
    }
    case 'sample': {
      const onRow = (rows: DecodedTile): void => context.onEvent({ rows }, [rows.pixels.buffer]);
      const result = await sample(model, { ...request.options, pool, signal, onRow });
      return { result, transfer: [result.samples.buffer as ArrayBuffer] };
    }
  }
}

async function modelOf(given: ModelInput): Promise<Model> {
  if (typeof given !== 'string') return decodeModel(given, 'given model');
  const found = shippedModels().find(({ name }) => name === given);
  if (found) return loadShipped(found);
  const names = shippedModels().map(({ name }) => name);
  throw new PixrnnError('unknown-model', `no shipped model is named ${given}. Use one of ${names.join(', ')}.`);
}
