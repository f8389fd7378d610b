import type { PngMetadata } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';

/*
 * What a recipe needs to know about a file format. A source file is its skeleton, which is everything but the image
 * data, and streams of image data, cut into parts that lie in the skeleton.
 */

/** How the bytes of a stream follow from packed samples, in the order of their numbers in recipes. */
export const METHODS = ['copy', 'zlib', 'tiff-lzw', 'gif-lzw', 'packbits'] as const;
export type Method = (typeof METHODS)[number];

/** A range of bytes of the source file. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

/** A stream of image data, whose bytes are those of its parts. */
export interface SourceStream {
  readonly method: Method;
  /** At least one; not empty, in the order of the file. */
  readonly parts: readonly Part[];
  /** Bytes of a row; PackBits ends its packets with rows. */
  readonly rowBytes?: number;
}

/** Where the image data lie in a source file, and what they are. */
export interface SourceLayout {
  /** How samples are packed, in a form that `packedBytes` of the format parses. */
  readonly parameters: Uint8Array;
  /** In the order of the file: no part of a stream lies before a part of an earlier one. */
  readonly streams: readonly SourceStream[];
}

/** What both sides know when the skeleton is coded. */
export interface Surroundings {
  readonly raster: Raster;
  /** As in the layout. */
  readonly parameters: Uint8Array;
  readonly metadata: PngMetadata;
  /** The parts of all streams, in the order of the file. */
  readonly parts: readonly (Part & { readonly bytes: Uint8Array })[];
  /** Size of the source file in bytes. */
  readonly sourceBytes: number;
}

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** A format of source files. */
export interface SourceFormat {
  /**
   * Returns where the image of `raster` lies in a source file that its reader accepted; null if files of this kind have
   * no recipe. A wrong layout makes a recipe that does not rebuild the source, which is noticed.
   */
  layoutOf(source: Uint8Array, raster: Raster): Awaitable<SourceLayout | null>;
  /**
   * Returns the bytes that stream number `index` packs.
   * @throws PixrnnError 'file-corrupt' for invalid parameters, or a stream that they do not have
   */
  packedBytes(raster: Raster, parameters: Uint8Array, index: number): Awaitable<Uint8Array>;
  /** Returns bytes that the skeleton is likely to repeat, the most likely first. */
  dictionary(surroundings: Surroundings): Awaitable<Uint8Array[]>;
}
