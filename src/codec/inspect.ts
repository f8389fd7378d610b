import { hexText } from '../bytes.js';
import { type ChunkNote, chunkNotes } from '../image/chunk-notes.js';
import { channelsName, type RasterShape } from '../image/raster.js';
import { referenceName } from '../model/registry.js';
import type { Effort } from '../engine/effort.js';
import {
  type ByteCounts,
  countBytes,
  countRepresentations,
  type DecodeContainerOptions,
  DRAFT,
  isStored,
  type RepresentationCounts,
  type TileChunk,
} from './container.js';
import { payloadsOf } from './container-layout.js';
import { openContainer } from './open-container.js';
import { type RestoredSource, sourceOf } from './source-of.js';

/** Information about a .prnn file that needs no decoding. */
export interface FileInfo extends RasterShape, ByteCounts, RestoredSource {
  /** Draft of the format. */
  readonly draft: number;
  /** "gray", "gray + alpha", "RGB", "RGBA" or "palette". */
  readonly colourType: string;
  /** Names of shipped models, ids of others; empty if no tile needs a model. */
  readonly models: readonly string[];
  /** Null if no tile needs a model. */
  readonly effort: Effort | null;
  /** 0 if the file stores its source. */
  readonly tiles: number;
  /**
   * Bytes per scale of a multi-scale model, from the smallest; empty without one. A file with more than one scale has a
   * preview.
   */
  readonly scaleBytes: readonly number[];
  readonly representations: RepresentationCounts;
  /** Size of the whole file. */
  readonly bytes: number;
  /** The metadata, as chunks of a PNG file. */
  readonly chunks: readonly ChunkNote[];
  /** File size in bits per sample. */
  readonly bitsPerDim: number;
  /** The first 128 bits of the SHA-256 of the samples, as 32 hexadecimal digits. Equal images have equal digests. */
  readonly digest: string;
}

/**
 * Returns information about a .prnn file. Verifies its structure and the checksum of every chunk, without decoding the
 * samples.
 * @throws PixrnnError as `openContainer`
 */
export async function inspectFile(bytes: Uint8Array, options: DecodeContainerOptions = {}): Promise<FileInfo> {
  const container = await openContainer(bytes, options);
  const { header, image } = container;
  const { width, height, channels, depth, indexed } = header;
  const models = [header.rgbModel, header.grayModel].filter((model) => model !== null);
  return {
    draft: DRAFT,
    ...sourceOf(container),
    width,
    height,
    channels,
    depth,
    indexed,
    colourType: channelsName(channels, indexed),
    models: models.map(referenceName),
    effort: models.length === 0 ? null : header.effort,
    tiles: isStored(image) ? 0 : image.length,
    scaleBytes: isStored(image) ? [] : bytesByScale(image),
    representations: countRepresentations(container),
    bytes: bytes.length,
    ...countBytes(container, bytes.length),
    chunks: await chunkNotes(container.metadata),
    bitsPerDim: (8 * bytes.length) / (width * height * channels),
    digest: hexText(container.digest),
  };
}

/**
 * Returns the bytes of each scale of a multi-scale model, from the smallest, summed over all tiles; empty if no part is
 * coded with one.
 */
function bytesByScale(tiles: readonly TileChunk[]): number[] {
  const parts = tiles.flatMap(({ colours }) => (colours.smaller ? [payloadsOf(colours)] : []));
  const [first = []] = parts;
  return first.map((_, scale) => parts.reduce((sum, payloads) => sum + (payloads[scale]?.length ?? 0), 0));
}
