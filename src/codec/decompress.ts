import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import type { Raster, RasterShape } from '../image/raster.js';
import type { Model } from '../model/model.js';
import { allocateSamples, type Samples } from '../samples.js';
import { samplesDigest } from './check.js';
import { type CodingOptions, progressOver } from './coding-options.js';
import type { Container } from './container.js';
import { decodeImage, type DecodeOptions } from './decode-image.js';
import { MAX_SECONDS, requireTime } from './decoding-time.js';
import { modelsToDecode } from './models.js';
import { openContainer } from './open-container.js';
import { placeTile, type Tile } from './tile-grid.js';
import { withTimedPool } from './timed-coders.js';

/** Options for decoding a .prnn file. */
export interface DecompressOptions extends CodingOptions {
  /** Models to use in addition to the shipped ones. */
  readonly models?: readonly Model[] | undefined;
  /** Reject larger images before memory is allocated; default 100 million. */
  readonly maxPixels?: number | undefined;
  /** Reject files whose decoding needs more CPU seconds, estimated before it starts; default 600. */
  readonly maxSeconds?: number | undefined;
  /**
   * Called with each tile and its samples, [tile.height][tile.width][channels], as soon as they are decoded, in no
   * particular order. The samples of an image with a single tile are not verified yet.
   */
  readonly onTile?: ((tile: Tile, samples: Samples) => void) | undefined;
  /**
   * Called with rows of a tile before the tile is complete, [rows][tile.width][channels], and the first of them. They are
   * not verified, and of images that are coded as luma and chroma they are gray: for display only.
   */
  readonly onTileRows?: DecodeOptions['onTileRows'];
}

/**
 * Decodes a .prnn file and returns the image, bit for bit, with the parsed container. Every hash is verified.
 * @throws PixrnnError `file-corrupt`, `file-truncated`, `trailing-bytes`, `input-unsupported`, `unknown-version`,
 * `unknown-model`, `hash-mismatch` or `limit`; the signal's reason
 */
export async function decompressToRaster(
  bytes: Uint8Array,
  options: DecompressOptions = {},
): Promise<{ raster: Raster; container: Container }> {
  const container = await openContainer(bytes, options);
  return { raster: await decodeRaster(container, options), container };
}

/** Decodes the image of an opened file and verifies every hash of its samples. Throws as `decompressToRaster`. */
export async function decodeRaster(container: Container, options: DecompressOptions = {}): Promise<Raster> {
  const { models: extra, signal, onProgress, onTile, onTileRows, maxSeconds = MAX_SECONDS } = options;
  requireMemory(container.header);
  const estimate = requireTime(container, maxSeconds, { models: extra });
  const models = await modelsToDecode(container.header, extra);
  const { width, height, channels, depth, indexed } = container.header;
  const samples = allocateSamples(width * height * channels, depth);
  const raster: Raster = { width, height, channels, depth, indexed, samples };
  const place = (tile: Tile, decoded: Samples): void => {
    placeTile(raster, tile, decoded);
    onTile?.(tile, decoded);
  };
  const onRows = progressOver(width * height, onProgress);
  await withTimedPool(options, estimate, (pool) =>
    decodeImage(container, models, pool, place, { onRows, onTileRows, signal }),
  );
  requireDigest(samples, container);
  return raster;
}

/** Throws `hash-mismatch` unless these are the samples of the whole image that was compressed. */
export function requireDigest(samples: Samples, { digest }: Container): void {
  if (equalBytes(samplesDigest(samples), digest)) return;
  throw new PixrnnError('hash-mismatch', 'it does not decode to the image that was compressed. Get the file again.');
}

/** Throws `limit` if no array can hold the samples, before the allocation fails with a less useful error. */
export function requireMemory({ width, height, channels, depth }: RasterShape): void {
  const bytes = width * height * channels * (depth === 16 ? 2 : 1);
  const { maxArrayBytes } = host();
  if (bytes <= maxArrayBytes) return;
  const what = `its samples need ${bytes} bytes, more than one array can hold on this machine (${maxArrayBytes})`;
  throw new PixrnnError('limit', `${what}. Use a newer JavaScript engine, or a machine with more memory.`);
}
