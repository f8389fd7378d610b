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

/** What a .prnn file says of itself without being decoded. */
export interface FileInfo extends RasterShape, ByteCounts {
  /** Of the format. */
  readonly version: number;
  /** "gray", "gray + alpha", "RGB", "RGBA" or "palette". */
  readonly colourType: string;
  /** Names of shipped models, ids of others; none where no tile needs one. */
  readonly models: readonly string[];
  /** Null where no tile needs a model. */
  readonly effort: Effort | null;
  /** 0 where the file holds a PNG's own stream. */
  readonly tiles: number;
  /** Bytes of each scale of a multi-scale model, from the smallest image on; empty without one. A file with more than one has a preview. */
  readonly scaleBytes: readonly number[];
  readonly representations: RepresentationCounts;
  /** Of the whole file. */
  readonly bytes: number;
  /** The metadata chunks, as a PNG file would have them. */
  readonly chunks: readonly ChunkNote[];
  /** Bits of the file for each sample of the image. */
  readonly bitsPerDim: number;
  /** The first 128 bits of SHA-256 over the samples, 32 hexadecimal digits: the same for the same image. */
  readonly digest: string;
}

/**
 * What a .prnn file says of itself. Its structure and the check of every chunk are verified, its samples are not decoded.
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

/** Bytes of each scale of a multi-scale model, from the smallest on, all tiles together; none where no such model codes any. */
function bytesByScale(tiles: readonly TileChunk[]): number[] {
  const parts = tiles.flatMap(({ colours }) => (colours.smaller ? [payloadsOf(colours)] : []));
  const [first = []] = parts;
  return first.map((_, scale) => parts.reduce((sum, payloads) => sum + (payloads[scale]?.length ?? 0), 0));
}
