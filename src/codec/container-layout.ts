import type { ByteRange } from '../bytes.js';
import type { Effort, JpegEffort } from '../effort.js';
import type { Raster } from '../image/raster.js';
import type { ModelReference } from '../model/registry.js';
import { packedLength, type Channels, type Depth, type Samples } from '../samples.js';

/* Structure of a .prnn file, as specified in docs/FORMAT.md. */

export const MAGIC = [0x8f, 0x70] as const;
/** Magic number of the first files from before version 1, which are no longer supported. */
export const DEVELOPMENT_MAGIC = [0x8f, 0x50] as const;
/** Version of the format, whose layout and arithmetic are fixed: docs/FORMAT.md, "Versions". */
export const FORMAT_VERSION = 1;
/** The highest number of a draft in a header. Version v has the number `LAST_DRAFT` + v. */
export const LAST_DRAFT = 15;
/** Number of the version in a header. */
export const VERSION_NUMBER = LAST_DRAFT + FORMAT_VERSION;

export const TYPE_METADATA = 0x4d; // 'M'
export const TYPE_RECIPE = 0x58; // 'X'
export const TYPE_VALUES = 0x56; // 'V'
export const TYPE_JPEG_RECORD = 0x4a; // 'J'
export const TYPE_COEFFICIENTS = 0x43; // 'C'
export const TYPE_SPLIT_TILE = 0x53; // 'S'
export const TYPE_SMALL = 0x4c; // 'L', low resolution
/** Maximum number of chunks of small images: one less than the maximum number of scales. */
export const MAX_SMALL = 4;

/** How the samples of channels or of a plane are coded: with a model, with the palette coder, or raw. */
export type PlainRepresentation = (typeof PLAIN_REPRESENTATIONS)[number];
/** In the order of their numbers in split tiles and in payloads of planes. */
export const PLAIN_REPRESENTATIONS = ['model', 'palette', 'raw'] as const;
/** How samples are coded: plainly, or R, G and B as the luma and chroma from which they were computed. */
export type Representation = (typeof REPRESENTATIONS)[number];
/** In the order of their numbers in split tiles. */
export const REPRESENTATIONS = [...PLAIN_REPRESENTATIONS, 'planes'] as const;
/** Types of tiles whose channels are coded together: 'T', 'I', 'R', 'P'. */
export const TILE_TYPES: Readonly<Record<Representation, number>> = {
  model: 0x54,
  palette: 0x49,
  raw: 0x52,
  planes: 0x50,
};

/**
 * The first byte of a split tile: bits 0-1 are the representation of alpha, or 3 without alpha; bits 2-3 that of the
 * colours; bit 4 is set if a hidden colour follows, bit 5 if the colours are gray.
 */
export const NO_ALPHA = 3;
export const COLOURS_SHIFT = 2;
export const HAS_HIDDEN_COLOUR = 0x10;
export const IS_GRAY = 0x20;

export const MODEL_ID_BYTES = 8;
/** Maximum length of an embedded picture. */
export const MAX_PREVIEW_BYTES = 2 ** 16 - 1;
export const SAMPLES_CRC_BYTES = 4;
/** Maximum width and height in pixels. */
export const MAX_SIDE = 2 ** 31 - 1;

/** The sample format of an image. */
export type SampleFormat = Pick<Raster, 'channels' | 'depth' | 'indexed'>;

/** The header of a file. */
export interface ContainerHeader extends SampleFormat {
  readonly width: number;
  readonly height: number;
  /** The model for R, G and B; null if no tile needs one. */
  readonly rgbModel: ModelReference | null;
  /** The model for gray, indices and alpha; null if no tile needs one. */
  readonly grayModel: ModelReference | null;
  /** The effort of model-coded parts; the default if there are none. */
  readonly effort: Effort;
}

/** A small lossy picture of the image at the start of the file, for viewers that have not decoded the image yet. */
export interface EmbeddedPreview {
  /** A WebP or JPEG file, which parsers of .prnn files do not look into. */
  readonly picture: Uint8Array;
  /** Whether the picture does not match its check. The image does not depend on it. */
  readonly damaged: boolean;
}

/** The parity after a file, and what it restored. */
export interface FileParity {
  /** Size of the trailer. */
  readonly bytes: number;
  /** Size of a block. */
  readonly blockBytes: number;
  /** Number of blocks that the file without its trailer is cut into. */
  readonly blocks: number;
  /** Number of blocks of parity. */
  readonly parityBlocks: number;
  /** Number of damaged blocks that were restored. */
  readonly damagedBlocks: number;
  /** The bytes of these. */
  readonly damagedRanges: readonly ByteRange[];
  /** Number of damaged or missing blocks of parity. */
  readonly damagedParityBlocks: number;
  /** Whether all damage of the file without its trailer was restored; else its parity is not enough. */
  readonly isRestored: boolean;
  /** Whether the file, with its trailer, is as it was written. */
  readonly isSound: boolean;
}

/** How the source file is rebuilt from the image. */
export interface Restoration {
  /** Extension of the source file, with its dot, in lower or upper case. */
  readonly extension: string;
  /** What `rebuildSource` (src/recipe) needs in addition to samples and metadata. */
  readonly recipe: Uint8Array;
  /** SHA-256 of the source file. */
  readonly digest: Uint8Array;
}

/** Channels of a tile that are coded together. */
export interface TilePart {
  readonly representation: Representation;
  readonly payload: Uint8Array;
  /** For a multi-scale model: the payloads of the smaller images, from the smallest. */
  readonly smaller?: readonly Uint8Array[];
}

/** Samples that are coded plainly. */
export interface PlainPart extends TilePart {
  readonly representation: PlainRepresentation;
}

export function isPlain(part: TilePart): part is PlainPart {
  return part.representation !== 'planes';
}

/** A tile whose samples are coded. */
export interface TileChunk {
  /** Alpha, if it is coded separately, as models require. */
  readonly alpha: TilePart | null;
  /** All channels except separately coded alpha. */
  readonly colours: TilePart;
  /** Whether R, G and B are equal in every pixel and coded as one channel. */
  readonly isGray: boolean;
  /**
   * The colour of every pixel with alpha 0, which is then not coded: one sample per channel of `colours`. Only for
   * model-coded colours.
   */
  readonly hiddenColour: readonly number[] | null;
  /** CRC-32 of the tile's decoded samples; null for an image of a single tile, which the digest covers. */
  readonly samplesCrc: number | null;
}

/** A source file that is stored as it is, because nothing makes it smaller. */
export interface StoredFile {
  readonly width: number;
  readonly height: number;
  /** Extension of the source file, with its dot, in lower or upper case. */
  readonly extension: string;
  readonly source: Uint8Array;
  readonly preview?: EmbeddedPreview | undefined;
  readonly parity?: FileParity | undefined;
}

/** A parsed file of kind `jpeg`, whose coefficients are still coded. */
export interface JpegFile {
  readonly width: number;
  readonly height: number;
  /** Extension of the source file, with its dot, in lower or upper case. */
  readonly extension: string;
  readonly effort: JpegEffort;
  /** Everything but the coefficients, see `unpackJpegRecord`. */
  readonly record: Uint8Array;
  /** The coded coefficients of the image and of those nested in it, in the order of the record. */
  readonly coefficients: readonly Uint8Array[];
  /** SHA-256 of the source file. */
  readonly digest: Uint8Array;
  readonly preview?: EmbeddedPreview | undefined;
  readonly parity?: FileParity | undefined;
}

/** The image of a stored source, read. */
export interface StoredImage extends Pick<StoredFile, 'extension' | 'source'> {
  readonly samples: Samples;
}

/** A parsed .prnn file of any kind. */
export type PrnnFile = Container | JpegFile | StoredFile;

/** A parsed .prnn file whose samples are still coded. */
export interface Container {
  readonly header: ContainerHeader;
  readonly metadata: readonly Uint8Array[];
  /** Null if the file restores the samples and metadata of its source, but not its bytes. */
  readonly restoration: Restoration | null;
  /** The payload that `readActiveAlphabet` parses; null if any value may occur. */
  readonly activeAlphabet: Uint8Array | null;
  /** One chunk per tile, in grid order, or the stored source. */
  readonly image: readonly TileChunk[] | StoredImage;
  /** 16 bytes, see `samplesDigest`. Verified once the samples are decoded. */
  readonly digest: Uint8Array;
  readonly preview?: EmbeddedPreview | undefined;
  readonly parity?: FileParity | undefined;
}

export function isStored(image: Container['image']): image is StoredImage {
  return 'source' in image;
}

/** Returns the parts of a tile in coding order. */
export function partsOf({ alpha, colours }: TileChunk): TilePart[] {
  return alpha === null ? [colours] : [alpha, colours];
}

/** Returns the number of coded colour channels of a tile. */
export function colourChannels(channels: Channels, { alpha, isGray }: Pick<TileChunk, 'alpha' | 'isGray'>): Channels {
  return isGray ? 1 : ((channels - (alpha === null ? 0 : 1)) as Channels);
}

/** Returns whether an image has alpha. */
export function hasAlpha(channels: Channels): boolean {
  return channels === 2 || channels === 4;
}

/** Returns all payloads of a part, from the smallest scale. */
export function payloadsOf({ payload, smaller = [] }: TilePart): Uint8Array[] {
  return [...smaller, payload];
}

/**
 * Returns the number of chunks of small images: the number of small images of each part coded with the multi-scale
 * model.
 */
export function smallCount(tiles: readonly TileChunk[]): number {
  return Math.max(0, ...new Set(tiles.map(({ colours }) => colours.smaller?.length ?? 0)));
}

/**
 * Returns whether the colours of a tile are coded with the image's main model (RGB or gray), which may be a multi-scale
 * model.
 */
export function isByMainModel({ colours, isGray }: Pick<TileChunk, 'colours' | 'isGray'>): boolean {
  return colours.representation === 'model' && !isGray;
}

/**
 * Returns what is wrong with the length of a part's payload, or null. `samples` is the number of samples in the part.
 */
export function payloadLengthFault(
  { representation, payload }: TilePart,
  samples: number,
  depth: Depth,
): string | null {
  const raw = packedLength(samples, depth);
  if (representation === 'raw') {
    return payload.length === raw ? null : `holds ${payload.length} bytes of raw samples instead of ${raw}`;
  }
  return payload.length <= raw ? null : `has ${payload.length} coded bytes, more than the maximum of ${raw}`;
}

/** The number of parts of tiles by representation (a tile with alpha may have two parts), and of stored sources. */
export interface RepresentationCounts extends Readonly<Record<Representation, number>> {
  readonly stored: number;
}

export const NO_REPRESENTATIONS: RepresentationCounts = { model: 0, palette: 0, raw: 0, planes: 0, stored: 0 };

export function countRepresentations({ image }: Pick<Container, 'image'>): RepresentationCounts {
  const counts = { ...NO_REPRESENTATIONS };
  if (isStored(image)) counts.stored = 1;
  else for (const { representation } of image.flatMap(partsOf)) counts[representation]++;
  return counts;
}
