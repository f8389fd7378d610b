import { hexText } from '../bytes.js';
import { type ChunkNote, chunkNotes } from '../image/chunk-notes.js';
import { channelsName, type RasterShape } from '../image/raster.js';
import { referenceName } from '../model/registry.js';
import type { Effort } from '../engine/effort.js';
import {
  type ByteCounts,
  countBytes,
  countRepresentations,
  decodeContainer,
  type DecodeContainerOptions,
  isPngStream,
  type RepresentationCounts,
  type TileChunk,
  VERSION,
} from './container.js';
import { payloadsOf } from './container-layout.js';

/** Information about a .prnn file that needs no decoding. */
export interface FileInfo extends RasterShape, ByteCounts {
  /** Format version. */
  readonly version: number;
  /** "gray", "gray + alpha", "RGB", "RGBA" or "palette". */
  readonly colourType: string;
  /** Names of shipped models, ids of others; empty if no tile needs a model. */
  readonly models: readonly string[];
  /** Null if no tile needs a model. */
  readonly effort: Effort | null;
  /** 0 if the file stores a PNG stream. */
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
 * @throws PixrnnError as `decodeContainer`
 */
export async function inspectFile(bytes: Uint8Array, options: DecodeContainerOptions = {}): Promise<FileInfo> {
  const container = decodeContainer(bytes, options);
  const { header, image } = container;
  const { width, height, channels, depth, indexed } = header;
  const models = [header.rgbModel, header.grayModel].filter((model) => model !== null);
  return {
    version: VERSION,
    width,
    height,
    channels,
    depth,
    indexed,
    colourType: channelsName(channels, indexed),
    models: models.map(referenceName),
    effort: models.length === 0 ? null : header.effort,
    tiles: isPngStream(image) ? 0 : image.length,
    scaleBytes: isPngStream(image) ? [] : bytesByScale(image),
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
