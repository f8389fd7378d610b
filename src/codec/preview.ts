import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Raster, RasterShape } from '../image/raster.js';
import { readImage } from '../image/read-image.js';
import type { Model } from '../model/model.js';
import { allocateSamples, type Samples } from '../samples.js';
import { runConcurrently } from '../semaphore.js';
import { splitAlpha } from './alpha.js';
import { requireScales, requireSmallLength } from './check-scales.js';
import { decodeScales } from './code-scales.js';
import { progressOver } from './coding-options.js';
import { type ContainerHeader, decodeContainer, decodeContainerStart, isStored, type TileChunk } from './container.js';
import { hasAlpha } from './container-layout.js';
import { decodeTile, type TileDecoding } from './decode-tile.js';
import type { DecompressOptions } from './decompress.js';
import { embeddedPreview, MAX_PREVIEW_SIDE, PREVIEW_DAMAGED, type PreviewPicture } from './embedded-preview.js';
import { modelsToDecode } from './models.js';
import { MAX_SECONDS, requireTime } from './decoding-time.js';
import { type Scale, scalesOf } from './scales.js';
import { subsample, subsampledSize } from '../subsample.js';
import { placeTile, smallGrid, type Tile, tileGrid } from './tile-grid.js';
import type { TileWatch } from './tile-watch.js';
import { withTimedPool } from './timed-coders.js';
import { activeAlphabetOf } from './active-alphabet.js';

/** A small version of an image, stored in the file. */
export interface Preview {
  /** The embedded picture; or, from a multi-scale model, every factor-th pixel of every factor-th row of each tile, without alpha. */
  readonly raster: Raster;
  /** The longer side of the image over that of the preview. */
  readonly factor: number;
  /** The shape of the whole image; with an embedded picture, with the sample format of that. */
  readonly shape: RasterShape;
  /** As in the container; none with an embedded picture, which is in sRGB. */
  readonly metadata: readonly Uint8Array[];
  /** The embedded picture as a file; null if the preview comes from a multi-scale model. */
  readonly picture: PreviewPicture | null;
}

/**
 * Decodes the picture that is embedded in a file or, without one, the small image that a multi-scale model stored. Reads
 * nothing after it, so the start of a file is enough unless some tiles are coded without the model. Checksums up to there
 * are verified; the digest cannot be. Only hosts that decode WebP and JPEG files decode a picture: Node.js does, for
 * browsers see `embeddedPreview`.
 * @throws PixrnnError as `decompressToRaster`, and `input-unsupported` for a file without a preview
 */
export async function previewToRaster(bytes: Uint8Array, options: DecompressOptions = {}): Promise<Preview> {
  const picture = embeddedPreview(bytes);
  if (picture) return decodedPicture(picture);
  const start = decodeContainerStart(bytes, { maxPixels: options.maxPixels });
  if (!start?.smallest) {
    const what = 'it has no preview: it was compressed without one, and not with a multi-scale model';
    throw new PixrnnError('input-unsupported', `${what}. Decompress the whole image.`);
  }
  const { header, metadata, smallest } = start;
  const { model, scale } = await smallestScale(header, options.models);
  const grid = tileGrid(header.width, header.height);
  const places = smallGrid(grid.map((tile) => ({ ...tile, ...subsampledSize(tile, scale.factor) })));
  const raster = emptyRaster(header, places);
  const { channels, depth } = raster;
  grid.forEach((tile, i) => requireSmallLength(smallest[i] as Uint8Array, scale, tile, model.spec.channels, depth));

  await withTimedPool(options, 0, async (pool) => {
    const hasAll = smallest.every(({ length }) => length > 0);
    const whole = hasAll ? null : await wholeTiles(bytes, options, pool);
    const onRows = progressOver(raster.width * raster.height, options.onProgress);
    const tasks = grid.map((tile, i) => async (signal: AbortSignal): Promise<void> => {
      const [payload, place] = [smallest[i] as Uint8Array, places[i] as Tile];
      const report = onRows(place.width);
      const part = { model, width: tile.width, height: tile.height, depth };
      const small =
        payload.length > 0
          ? await decodeScales([payload], part, header.effort, pool, { onRows: report, signal })
          : await whole?.(i, tile, signal).then((samples) => subsample(samples, tile, channels, scale.factor));
      if (!small) throw new Error('a tile has neither a small image nor a chunk');
      report(place.height);
      placeTile(raster, place, small);
    });
    await runConcurrently(tasks, pool.threads, options.signal);
  });
  return { raster, factor: scale.factor, shape: header, metadata, picture: null };
}

async function decodedPicture(picture: PreviewPicture): Promise<Preview> {
  const { whole } = picture;
  try {
    const { raster } = await readImage(picture.bytes, { allowLossySource: true, maxPixels: MAX_PREVIEW_SIDE ** 2 });
    const { width, height, channels, depth, indexed } = raster;
    const factor = Math.max(whole.width, whole.height) / Math.max(width, height);
    return { raster, factor, shape: { ...whole, channels, depth, indexed }, metadata: [], picture };
  } catch (cause) {
    if (!(cause instanceof PixrnnError)) throw cause;
    throw new PixrnnError('file-corrupt', PREVIEW_DAMAGED, { cause });
  }
}

/** Returns the multi-scale model of the file and its smallest scale. */
async function smallestScale(
  header: ContainerHeader,
  extra: readonly Model[] | undefined,
): Promise<{ model: Model; scale: Scale }> {
  const isRgb = header.channels >= 3;
  // The model of alpha and gray tiles may be unavailable: it is not needed here.
  const { rgb, gray } = await modelsToDecode(isRgb ? { ...header, grayModel: null } : header, extra);
  const model = isRgb ? rgb : gray;
  const [scale, ...others] = model ? scalesOf(model) : [];
  if (model && scale && others.length > 0) return { model, scale };
  throw new PixrnnError(
    'file-corrupt',
    'it contains small images, but its model has a single scale. Get the file again.',
  );
}

function emptyRaster({ channels: all, depth, indexed }: ContainerHeader, places: readonly Tile[]): Raster {
  const last = places.at(-1) as Tile;
  const [width, height] = [last.x + last.width, last.y + last.height];
  const channels = all >= 3 ? 3 : 1;
  return { width, height, channels, depth, indexed, samples: allocateSamples(width * height * channels, depth) };
}

/** Returns a decoder of whole tiles without alpha, for tiles that are not coded with the multi-scale model. */
async function wholeTiles(
  bytes: Uint8Array,
  { maxPixels, maxSeconds = MAX_SECONDS, models: extra }: DecompressOptions,
  pool: Coders,
): Promise<(index: number, tile: Tile, signal: AbortSignal) => Promise<Samples>> {
  const container = decodeContainer(bytes, { maxPixels });
  const { header, image } = container;
  if (isStored(image)) throw new Error('a stored source has no small image');
  requireTime(container, maxSeconds, { models: extra });
  const models = await modelsToDecode(header, extra);
  requireScales(container, models);
  const decoding: TileDecoding = { header, models, activeAlphabet: await activeAlphabetOf(container), pool };
  return async (index, tile, signal) => {
    const watch: TileWatch = { onRows: () => {}, signal };
    const samples = await decodeTile(image[index] as TileChunk, tile, decoding, watch);
    return hasAlpha(header.channels) ? splitAlpha(samples, header.channels, header.depth).colours : samples;
  };
}
