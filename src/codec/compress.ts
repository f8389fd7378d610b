import { equalBytes } from '../bytes.js';
import type { Effort } from '../effort.js';
import type { Coders } from '../engine/pool.js';
import { requirePercent } from '../parity/parity.js';
import { checkRaster, type Raster, type RasterInput, rasterOf } from '../image/raster.js';
import { idText } from '../model/model.js';
import { sameSamples, type Samples } from '../samples.js';
import { runConcurrently } from '../semaphore.js';
import { samplesDigest } from './check.js';
import { CheckingCoders } from './check-alongside.js';
import type { Exactness } from './choose-result.js';
import { type ModelOptions, progressOver, type TileProgress, withPool } from './coding-options.js';
import {
  type ByteCounts,
  countBytes,
  countRepresentations,
  encodeContainer,
  isStored,
  type RepresentationCounts,
} from './container.js';
import { decodeImage } from './decode-image.js';
import type { TileCoding } from './encode-part.js';
import { type CodedTile, encodeTile } from './encode-tile.js';
import { addLikelihoods, type ImageLikelihood, likelihoodOfBytes } from './likelihood.js';
import { withParity } from './file-parity.js';
import { imageCoding } from './image-coding.js';
import { previewOfRaster } from './make-preview.js';
import { modelsToDecode } from './models.js';
import { openContainer } from './open-container.js';
import { type OriginInfo, originOf } from './origin-info.js';
import { restorationOf } from './restoration.js';
import { chooseContainer, type Result } from './result.js';
import type { SourceFile } from './source-file.js';
import { type RestoredSource, sourceOf } from './source-of.js';
import { verificationFailed } from './verification-failed.js';
import { type Tile, extractTile, tileGrid } from './tile-grid.js';
import { tilesContainer } from './tiles-container.js';

/** Options for compressing samples. */
export interface CompressOptions extends ModelOptions {
  /** Opaque payloads to store with the image. */
  readonly metadata?: readonly Uint8Array[] | undefined;
  /** The file that the samples and the metadata were read from, for results that restore its bytes. */
  readonly source?: SourceFile | undefined;
  /**
   * Look for the luma and chroma from which the image was computed, and code these where they are smaller; default true.
   * Not for images with a given model.
   */
  readonly origin?: boolean | undefined;
  /** What the result has to restore of `source`; default `auto`. */
  readonly exactness?: Exactness | undefined;
  /**
   * Put a small lossy picture at the start of the file, of at most 3,000 bytes or 1 % of the file, for viewers; default
   * false. It is made by the host, so equal images may get different pictures.
   */
  readonly preview?: boolean | undefined;
  /**
   * Add parity of this size, an integer from 1 to 50 in percent of the file, from which `repair` and `decompress` restore
   * damaged blocks; default: none. Its checks add 0.5 to 5 percent, more to files below 100 kB.
   */
  readonly parity?: number | undefined;
  /** Decode the result in other engine instances and compare it with the image before returning it; default true. */
  readonly verify?: boolean | undefined;
}

/** A compressed image and its statistics. */
export interface Compressed extends ImageLikelihood, ByteCounts, RestoredSource {
  /** The .prnn file. */
  readonly bytes: Uint8Array;
  /**
   * Bytes that the file would have if it restored the bytes of its source; null if it does, or if nothing but a copy
   * of the source can restore them.
   */
  readonly exactBytes: number | null;
  /**
   * Id of the model that was tried for the colours, 16 hexadecimal digits. The file names a model only if it needs one.
   */
  readonly modelId: string;
  readonly modelName: string;
  /** Whether the file needs that model for decoding. */
  readonly modelUsed: boolean;
  readonly effort: Effort;
  readonly tiles: number;
  readonly representations: RepresentationCounts;
  /** Null if no tile is coded as luma and chroma. */
  readonly origin: OriginInfo | null;
}

/**
 * Compresses an image. The result depends only on the image, model, effort, metadata and source, never on the number of
 * threads; the picture of `preview` also depends on the host.
 * @throws PixrnnError `usage` for an invalid raster, model or number; `input-unsupported` if the bytes of the source
 * are demanded and cannot be restored; the signal's reason
 */
export async function compressRaster(input: RasterInput, options: CompressOptions = {}): Promise<Compressed> {
  const raster = rasterOf(input);
  const { width, height, channels } = raster;
  const { source, exactness = 'auto', signal, parity } = options;
  checkRaster(raster);
  if (parity !== undefined) requirePercent(parity);
  const common = await imageCoding(raster, options);
  const { models, effort } = common;
  const verify = options.verify ?? true;
  return withPool(options, async (given) => {
    const checking = verify ? CheckingCoders.for(width * height, tileGrid(width, height).length, given) : null;
    const pool = checking ?? given;
    const onRows = progressOver(width * height * (verify && !checking ? 2 : 1), options.onProgress);
    const coding: TileCoding = { ...common, pool };
    const coded = await encodeTiles(raster, coding, onRows, signal);
    const metadata = options.metadata ?? [];
    const content = { shape: raster, metadata, digest: samplesDigest(raster.samples) };
    const chunks = coded.map(({ chunk }) => chunk);
    const pixels = tilesContainer(content, chunks, coding);
    const restoration = await restorationOf(raster, options, pool);
    const chosen = chooseContainer(pixels, raster, { source, restoration, exactness });
    const { bytes: plain, container, exactBytes } = options.preview ? await withPreview(chosen, raster) : chosen;
    const bytes = withParity(plain, parity);
    const parityBytes = bytes.length - plain.length;
    if (verify) await verifyBytes({ bytes, plain }, raster, options, pool, checking ? () => () => {} : onRows);
    const likelihoods = isStored(container.image)
      ? [likelihoodOfBytes(container.image.source.length, channels)]
      : [
          ...coded.map(({ likelihood }) => likelihood),
          likelihoodOfBytes(container.activeAlphabet?.length ?? 0, channels),
        ];
    const { header, image } = container;
    const originInfo = isStored(image) ? null : originOf(image);
    const isMain = originInfo === null || header.rgbModel !== null;
    const tried = isMain ? models.main : models.gray;
    return {
      bytes,
      exactBytes: exactBytes && exactBytes + parityBytes,
      ...sourceOf(container),
      modelId: idText(tried.id),
      modelName: tried.name,
      modelUsed: header[isMain && channels >= 3 ? 'rgbModel' : 'grayModel'] !== null,
      effort,
      tiles: coded.length,
      ...addLikelihoods(likelihoods, channels),
      ...countBytes(container, plain.length),
      parityBytes,
      representations: countRepresentations(container),
      origin: originInfo,
    };
  });
}

/** Codes the tiles in parallel and returns them in grid order. */
async function encodeTiles(
  raster: Raster,
  coding: TileCoding,
  onRows: TileProgress,
  signal: AbortSignal | undefined,
): Promise<CodedTile[]> {
  const grid = tileGrid(raster.width, raster.height);
  const tasks = grid.map(
    (tile) => (stop: AbortSignal) =>
      encodeTile(raster, tile, grid.length > 1, coding, { onRows: onRows(tile.width), signal: stop }),
  );
  return runConcurrently(tasks, coding.pool.threads, signal);
}

async function withPreview({ container, bytes: plain, exactBytes }: Result, raster: Raster): Promise<Result> {
  const preview = await previewOfRaster(raster, container.metadata, plain.length);
  const previewed = { ...container, preview };
  const bytes = encodeContainer(previewed);
  return { container: previewed, bytes, exactBytes: exactBytes && exactBytes + bytes.length - plain.length };
}

/** Parses and decodes a file; compares its re-encoded container with the one without parity, and every tile with the image. */
async function verifyBytes(
  { bytes, plain }: { readonly bytes: Uint8Array; readonly plain: Uint8Array },
  raster: Raster,
  { model, signal }: CompressOptions,
  pool: Coders,
  onRows: TileProgress,
): Promise<void> {
  const container = await openContainer(bytes, { maxPixels: Infinity });
  if (!equalBytes(encodeContainer(container), plain)) throw verificationFailed();
  const models = await modelsToDecode(container.header, model ? [model] : []);
  const compare = (tile: Tile, samples: Samples): void => {
    if (!sameSamples(samples, extractTile(raster, tile))) throw verificationFailed();
  };
  await decodeImage(container, models, pool, compare, { onRows, signal });
}
