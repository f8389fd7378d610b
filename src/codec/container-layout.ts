import type { Effort } from '../engine/effort.js';
import type { Raster } from '../image/raster.js';
import type { ModelReference } from '../model/registry.js';
import { packedLength, type Channels, type Depth } from '../samples.js';

/* What a .prnn file is made of; docs/FORMAT.md is the specification. */

export const MAGIC = [0x8f, 0x70] as const;
/** How the files of pixrnn's development began, which nothing reads any more. */
export const DEVELOPMENT_MAGIC = [0x8f, 0x50] as const;
/** The version of the format. */
export const VERSION = 1;
/** The version byte: bits 0-4 are the version, 5 and 6 the effort (0 for the default one); bit 7: a format byte follows. */
export const VERSION_MASK = 0x1f;
export const EFFORT_SHIFT = 5;
export const EFFORT_MASK = 0x60;
export const HAS_FORMAT = 0x80;

/** The format byte: bits 0 and 1 channels - 1, 2 to 4 log2 of the depth, then three flags. */
export const DEPTH_SHIFT = 2;
export const DEPTH_MASK = 0x1c;
export const FORMAT_INDEXED = 0x20;
export const FORMAT_RGB_MODEL = 0x40;
export const FORMAT_GRAY_MODEL = 0x80;
/** What no format byte stands for: 8-bit RGB with a model for it. */
export const DEFAULT_FORMAT = 0x02 | (3 << DEPTH_SHIFT) | FORMAT_RGB_MODEL;

export const TYPE_METADATA = 0x4d; // 'M'
export const TYPE_VALUES = 0x56; // 'V'
export const TYPE_STREAM = 0x50; // 'P'
export const TYPE_SPLIT_TILE = 0x53; // 'S'
export const TYPE_SMALL = 0x4c; // 'L', low resolution
/** Chunks of small images in a file: one less than the scales of a model. */
export const MAX_SMALL = 4;

/** How samples are coded: with a model, with the colour coder, or as they are. */
export type Representation = 'model' | 'palette' | 'raw';
/** Their order is that of the numbers in split tiles. */
export const REPRESENTATIONS = ['model', 'palette', 'raw'] as const;
/** The types of tiles whose channels are coded together: 'T', 'I', 'R'. */
export const TILE_TYPES: Readonly<Record<Representation, number>> = { model: 0x54, palette: 0x49, raw: 0x52 };

/**
 * The first byte of a split tile: bits 0 and 1 how alpha is coded, or 3 where it is not there; 2 and 3 how the colours are; bit 4:
 * a hidden colour follows; bit 5: the colours are gray.
 */
export const NO_ALPHA = 3;
export const COLOURS_SHIFT = 2;
export const HAS_HIDDEN_COLOUR = 0x10;
export const IS_GRAY = 0x20;

/** The byte of a PNG stream's chunk before the stream. */
export const STREAM_INTERLACED = 0x01;

export const MODEL_ID_BYTES = 8;
export const SAMPLES_CRC_BYTES = 4;
/** Largest width and largest height, in pixels. */
export const MAX_SIDE = 2 ** 31 - 1;

/** What kind of samples an image has. */
export type SampleFormat = Pick<Raster, 'channels' | 'depth' | 'indexed'>;

/** What the first bytes of a file say of it. */
export interface ContainerHeader extends SampleFormat {
  readonly width: number;
  readonly height: number;
  /** What R, G and B are coded with; null where no tile needs a model for them. */
  readonly rgbModel: ModelReference | null;
  /** What gray, indices and alpha are coded with; null where no tile needs a model for them. */
  readonly grayModel: ModelReference | null;
  /** How samples are coded with models; the default one where none is. */
  readonly effort: Effort;
}

/** Channels of a tile that are coded together. */
export interface TilePart {
  readonly representation: Representation;
  readonly payload: Uint8Array;
  /** Where a multi-scale model codes the part: the payloads of the smaller images before it, from the smallest on. */
  readonly smaller?: readonly Uint8Array[];
}

export interface TileChunk {
  /** Alpha, where it is coded apart, which a model asks for. */
  readonly alpha: TilePart | null;
  /** All other channels. */
  readonly colours: TilePart;
  /** Whether R, G and B are the same in every pixel and coded as one channel. */
  readonly isGray: boolean;
  /** The colour of every pixel with alpha 0, which is then not coded: a sample for each channel of `colours`, which a model codes. */
  readonly hiddenColour: readonly number[] | null;
  /** CRC-32 of the tile's decoded samples; null where the image is a single tile, which the digest covers alone. */
  readonly samplesCrc: number | null;
}

/** The IDAT data of the PNG file that the image came from: for images that nothing else makes smaller. */
export interface PngStream {
  readonly interlaced: boolean;
  readonly zlib: Uint8Array;
}

/** A .prnn file taken apart, its samples still coded. */
export interface Container {
  readonly header: ContainerHeader;
  readonly metadata: readonly Uint8Array[];
  /** Which values occur, as `readActiveAlphabet` takes it; null where any may. */
  readonly activeAlphabet: Uint8Array | null;
  /** One chunk for each tile of the grid, in its order; or the PNG's own stream. */
  readonly image: readonly TileChunk[] | PngStream;
  /** 16 bytes: see samplesDigest. Only whoever has the samples can compare it. */
  readonly digest: Uint8Array;
}

export function isPngStream(image: Container['image']): image is PngStream {
  return 'zlib' in image;
}

/** The parts of a tile in the order in which they are coded. */
export function partsOf({ alpha, colours }: TileChunk): TilePart[] {
  return alpha === null ? [colours] : [alpha, colours];
}

/** Channels of the colours of a tile, as they are coded. */
export function colourChannels(channels: Channels, { alpha, isGray }: Pick<TileChunk, 'alpha' | 'isGray'>): Channels {
  return isGray ? 1 : ((channels - (alpha === null ? 0 : 1)) as Channels);
}

/** Whether an image has alpha. */
export function hasAlpha(channels: Channels): boolean {
  return channels === 2 || channels === 4;
}

/** All payloads of a part. */
export function payloadsOf({ payload, smaller = [] }: TilePart): Uint8Array[] {
  return [...smaller, payload];
}

/** How many smaller images stand before the tiles: as many as each part has that the multi-scale model codes. */
export function smallCount(tiles: readonly TileChunk[]): number {
  return Math.max(0, ...new Set(tiles.map(({ colours }) => colours.smaller?.length ?? 0)));
}

/** Whether the colours of a tile are coded with the model that the image's kind asks for, which may be a multi-scale one. */
export function isByMainModel({ colours, isGray }: Pick<TileChunk, 'colours' | 'isGray'>): boolean {
  return colours.representation === 'model' && !isGray;
}

/** What is wrong with the length of a part's payload, or null. `samples` is how many samples the part has. */
export function payloadLengthFault(
  { representation, payload }: TilePart,
  samples: number,
  depth: Depth,
): string | null {
  const raw = packedLength(samples, depth);
  if (representation === 'raw') {
    return payload.length === raw ? null : `holds ${payload.length} bytes of raw samples instead of ${raw}`;
  }
  return payload.length <= raw ? null : `has ${payload.length} coded bytes, where ${raw} are the most`;
}

/** In how many ways a file's samples are stored: parts of tiles (one with alpha may have two), or a PNG's stream. */
export interface RepresentationCounts extends Readonly<Record<Representation, number>> {
  readonly png: number;
}

export function countRepresentations({ image }: Container): RepresentationCounts {
  const counts = { model: 0, palette: 0, raw: 0, png: 0 };
  if (isPngStream(image)) counts.png = 1;
  else for (const { representation } of image.flatMap(partsOf)) counts[representation]++;
  return counts;
}
