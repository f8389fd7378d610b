import { PixrnnError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { findModel } from '../model/registry.js';
import { samplesDigest } from './check.js';
import { type CodingOptions, progressOver, withPool } from './coding-options.js';
import { type Container, decodeContainer } from './container.js';
import { decodeTiles } from './decode-tiles.js';
import { placeTile } from './tile-grid.js';

export interface DecompressOptions extends CodingOptions {
  /** Models beside the shipped ones. */
  readonly models?: readonly Model[] | undefined;
  /** Refuses larger images before memory is allocated; default 100 million. */
  readonly maxPixels?: number | undefined;
}

/**
 * The image of a .prnn file, bit for bit, and the parsed container. Every hash is checked.
 * Throws `file-corrupt`, `file-truncated`, `trailing-bytes`, `unknown-revision`, `unknown-model`, `hash-mismatch` or `limit`.
 */
export async function decompressToRaster(
  bytes: Uint8Array,
  options: DecompressOptions = {},
): Promise<{ raster: Raster; container: Container }> {
  const { maxPixels, models, signal, onProgress } = options;
  const container = decodeContainer(bytes, maxPixels === undefined ? {} : { maxPixels });
  const model = await modelOf(container, models);
  const { width, height, channels } = container.header;
  const raster: Raster = { width, height, channels, samples: new Uint8Array(width * height * channels) };
  await withPool(options, (pool) =>
    decodeTiles(container, model, pool, (tile, samples) => placeTile(raster, tile, samples), {
      onRows: progressOver(width * height, onProgress),
      signal,
    }),
  );
  if (Buffer.compare(samplesDigest(raster.samples), container.digest) !== 0) {
    throw new PixrnnError('hash-mismatch', 'it does not decode to the image that was compressed. Get the file again.');
  }
  return { raster, container };
}

/** The model of a container, or null where all its tiles are raw. */
async function modelOf({ header, tiles }: Container, models: readonly Model[] = []): Promise<Model | null> {
  if (header.modelId === null || tiles.every(({ representation }) => representation === 'raw')) return null;
  const model = await findModel(header.modelId, models);
  if (model.spec.channels !== header.channels) {
    throw new PixrnnError('file-corrupt', 'its model is for another number of channels. Get the file again.');
  }
  return model;
}
