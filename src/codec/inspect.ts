import { hexText } from '../bytes.js';
import { type ChunkNote, chunkNotes } from '../image/chunk-notes.js';
import { formatOf } from '../image/formats.js';
import { channelsName, type RasterShape } from '../image/raster.js';
import { describeJpeg, type JpegDescription } from '../jpeg/describe.js';
import type { Channels } from '../samples.js';
import { referenceName } from '../model/registry.js';
import type { Effort } from '../effort.js';
import { recordOf } from './code-jpeg.js';
import {
  type ByteCounts,
  countBytes,
  countJpegBytes,
  countStoredBytes,
  countRepresentations,
  type DecodeContainerOptions,
  type FileParity,
  FORMAT_VERSION,
  isStored,
  type JpegFile,
  parseFile,
  type PrnnFile,
  type RepresentationCounts,
  type StoredFile,
  type TileChunk,
} from './container.js';
import { decodingSeconds } from './decoding-time.js';
import { NO_REPRESENTATIONS, payloadsOf } from './container-layout.js';
import { pictureOf, type PreviewPicture } from './embedded-preview.js';
import { inOrder } from './jpeg-record.js';
import { type OriginInfo, originOf } from './origin-info.js';
import { openSource } from './open-container.js';
import { type RestoredSource, sourceOf } from './source-of.js';

/** Information about a .prnn file that needs no decoding. */
export interface FileInfo extends RasterShape, ByteCounts, RestoredSource {
  /** Version of the format. */
  readonly version: number;
  /** "gray", "gray + alpha", "RGB", "RGBA" or "palette"; "JPEG" if the file restores a JPEG file. */
  readonly colourType: string;
  /** Names of shipped models, ids of others; empty if no tile needs a model. */
  readonly models: readonly string[];
  /** Null if nothing is coded with a model. */
  readonly effort: Effort | null;
  /** 0 if the file does not code samples. */
  readonly tiles: number;
  /**
   * Bytes per scale of a multi-scale model, from the smallest; empty without one. A file with more than one scale has a
   * preview.
   */
  readonly scaleBytes: readonly number[];
  /** The parity after the file, and the damage that it restored in memory; null without parity. */
  readonly parity: FileParity | null;
  /** The picture for viewers at the start of the file; null without one. */
  readonly preview: PreviewInfo | null;
  readonly representations: RepresentationCounts;
  /** Null if no tile is coded as luma and chroma. */
  readonly origin: OriginInfo | null;
  /** Size of the whole file. */
  readonly bytes: number;
  /** The metadata, as chunks of a PNG file. */
  readonly chunks: readonly ChunkNote[];
  /**
   * CPU seconds that decoding needs, over all threads, estimated; null if it needs a model that is not shipped. Palettes,
   * raw samples and stored files need nearly none.
   */
  readonly decodingSeconds: number | null;
  /** File size in bits per sample. */
  readonly bitsPerDim: number;
  /**
   * The first 128 bits of the SHA-256 of the samples, as 32 hexadecimal digits; null for JPEG files, whose samples depend
   * on the decoder. Equal images have equal digests.
   */
  readonly digest: string | null;
  /** What a JPEG file is; null for other files, and if the file is stored as it is. */
  readonly jpeg: JpegInfo | null;
}

/** Facts about an embedded picture. */
export interface PreviewInfo {
  readonly bytes: number;
  /** Null if it is damaged; the image does not depend on it. */
  readonly picture: Pick<PreviewPicture, 'type' | 'width' | 'height'> | null;
}

/** Facts about a JPEG file whose coefficients are coded. */
export interface JpegInfo extends Omit<JpegDescription, 'shape'> {
  /** Bits of a sample. */
  readonly precision: 8 | 12;
  /** JPEG images nested in the file: thumbnails, previews, gain maps. */
  readonly nested: number;
}

/**
 * Returns information about a .prnn file. Verifies its structure and the checksum of every chunk, without decoding the
 * samples.
 * @throws PixrnnError as `openContainer`
 */
export async function inspectFile(bytes: Uint8Array, options: DecodeContainerOptions = {}): Promise<FileInfo> {
  const file = parseFile(bytes, options);
  if ('record' in file) return inspectJpeg(file, bytes.length);
  if ('source' in file && formatOf(file.source) === 'JPEG') return inspectStoredJpeg(file, bytes.length);
  const container = 'source' in file ? await openSource(file, options) : file;
  const { header, image } = container;
  const { width, height, channels, depth, indexed } = header;
  const models = [header.rgbModel, header.grayModel].filter((model) => model !== null);
  return {
    version: FORMAT_VERSION,
    ...sourceOf(file),
    ...{ width, height, channels, depth, indexed },
    colourType: channelsName(channels, indexed),
    models: models.map(referenceName),
    effort: models.length === 0 ? null : header.effort,
    tiles: isStored(image) ? 0 : image.length,
    scaleBytes: isStored(image) ? [] : bytesByScale(image),
    preview: previewOf(container),
    parity: file.parity ?? null,
    representations: countRepresentations(container),
    origin: isStored(image) ? null : originOf(image),
    bytes: bytes.length,
    decodingSeconds: decodingSeconds(container),
    ...countBytes(container, bytes.length),
    chunks: await chunkNotes(container.metadata),
    bitsPerDim: (8 * bytes.length) / (width * height * channels),
    digest: hexText(container.digest),
    jpeg: null,
  };
}

async function inspectJpeg(file: JpegFile, bytes: number): Promise<FileInfo> {
  const unpacked = await recordOf(file);
  const { shape, ...description } = describeJpeg(unpacked);
  return {
    ...infoOfJpeg(file, bytes, shape.components.length as Channels),
    ...countJpegBytes(file, bytes),
    depth: shape.precision === 8 ? 8 : 16,
    effort: file.effort,
    jpeg: { ...description, precision: shape.precision, nested: inOrder(unpacked).length - 1 },
  };
}

/** A JPEG file that is stored may be damaged: only its size is read. */
function inspectStoredJpeg(file: StoredFile, bytes: number): FileInfo {
  return {
    ...infoOfJpeg(file, bytes, 3),
    ...countStoredBytes(file, bytes),
    ...{ depth: 8, effort: null, representations: { ...NO_REPRESENTATIONS, stored: 1 }, jpeg: null },
  };
}

/** What `inspectFile` says about every file that restores a JPEG file. */
function infoOfJpeg(file: JpegFile | StoredFile, bytes: number, channels: Channels) {
  const { width, height } = file;
  return {
    ...{ version: FORMAT_VERSION, ...sourceOf(file), width, height, channels, indexed: false, colourType: 'JPEG' },
    decodingSeconds: decodingSeconds(file),
    ...{ models: [], tiles: 0, scaleBytes: [], chunks: [], digest: null },
    ...{
      representations: NO_REPRESENTATIONS,
      origin: null,
      bytes,
      preview: previewOf(file),
      parity: file.parity ?? null,
    },
    bitsPerDim: (8 * bytes) / (width * height * channels),
  };
}

function previewOf({ preview }: Pick<PrnnFile, 'preview'>): PreviewInfo | null {
  if (!preview) return null;
  const bytes = preview.picture.length;
  try {
    const { type, width, height } = pictureOf(preview);
    return { bytes, picture: { type, width, height } };
  } catch {
    return { bytes, picture: null };
  }
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
