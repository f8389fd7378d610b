import type { Exactness } from '../codec/choose-result.js';
import type { Compressed } from '../codec/compress.js';
import type { RowRange } from '../codec/decode-rows.js';
import type { Effort } from '../effort.js';
import type { OutputFormat, SourceFormatName } from '../image/formats.js';
import type { Raster, RasterShape } from '../image/raster.js';
import type { ReadOptions } from '../image/source.js';
import type { Model } from '../model/model.js';
import type { Size } from '../subsample.js';

/**
 * Reports progress in pixels. `done` never decreases and reaches `total` at the end; verification counts as much as coding. If the
 * callback throws, the call stops and rejects with that error.
 */
export type ProgressCallback = (done: number, total: number) => void;

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call, running or queued: it rejects with the signal's reason at once. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Maximum input size in bytes; default: 2^30 (1 GiB). Longer inputs are rejected (`limit`), a stream as soon as it exceeds the limit.
   * Does not apply to a `Raster`.
   */
  readonly maxInputBytes?: number | undefined;
  /**
   * Maximum image size in pixels; default: 100 million. Larger images are rejected (`limit`) before memory is allocated. With `rows`, only
   * the pixels that are decoded count.
   */
  readonly maxPixels?: number | undefined;
}

/** Options of calls that code samples. */
export interface CodingCallOptions extends CallOptions {
  /** Maximum number of engine threads of this call; default: all threads of the codec. */
  readonly threads?: number | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** A model from `loadModel` or `modelFor`, the name of a shipped model (`shippedModels`), or the path of a model file. */
export type ModelInput = Model | string;

/** Options of `compress`. */
export interface CompressImageOptions extends CodingCallOptions, Omit<ReadOptions, 'maxPixels'> {
  /** 1: a small model as it is; 2: it learns while coding, and a mixer refines it; 3 (default): a larger model. Higher is smaller and slower. */
  readonly effort?: Effort | undefined;
  /** The model for the colour channels; default: the shipped model for gray or RGB images. */
  readonly model?: ModelInput | undefined;
  /**
   * Look for the luma and chroma from which an image was computed, and code these where they are smaller; default: true. Not with a
   * given model.
   */
  readonly origin?: boolean | undefined;
  /**
   * What the result has to restore of a file: `auto` (default), its bytes if that costs at most 200 bytes or 1 %, else its samples and
   * metadata; `exact`, its bytes; `pixels`, its samples and metadata.
   */
  readonly exactness?: Exactness | undefined;
  /**
   * Put a small lossy picture at the start of the file, of at most 3,000 bytes or 1 % of the file, for viewers; default:
   * false.
   */
  readonly preview?: boolean | undefined;
  /**
   * Add parity of this size, an integer from 1 to 50 in percent of the file, from which `repair` and `decompress` restore
   * damaged blocks; default: none. Its checks add 0.5 to 5 percent, more to files below 100 kB.
   */
  readonly parity?: number | undefined;
  /** Name of the file, whose extension is kept; default: the input if it is a path. */
  readonly name?: string | undefined;
  /** Decode the result and compare every sample before returning it; default: true. */
  readonly verify?: boolean | undefined;
  /** For a `Raster` only: metadata payloads from `readImage` or `decompress`. Files contain their own. */
  readonly metadata?: readonly Uint8Array[] | undefined;
}

/** Result of `compress`: the .prnn file, its size by part, and what the source was. */
export interface CompressedImage extends Compressed, RasterShape {
  /** Format of the source file, such as "PNG"; null for a `Raster`. */
  readonly sourceFormat: string | null;
  /** Number of frames or images in the source; one of them was read. */
  readonly pages: number;
  /** Whether the source was compressed lossily (`allowLossySource`). */
  readonly lossy: boolean;
  /** What of the source is not stored, each a sentence without a full stop. */
  readonly warnings: readonly string[];
}

/** Options of `decompress`. */
export interface DecompressImageOptions extends CodingCallOptions {
  /**
   * Output format: a file format, or `raster` for samples; default: the source file itself if the input restores it, else `png`. A
   * source file of the given format is also restored byte for byte.
   */
  readonly format?: OutputFormat | 'raster' | undefined;
  /** Return only the rows `first` <= y < `end`, as `[first, end]`; row 0 is the top. */
  readonly rows?: RowRange | undefined;
  /**
   * Return only the embedded picture or, without one, the small image of a multi-scale model. The beginning of the file
   * suffices. A picture is returned as it is if it has the given format.
   */
  readonly preview?: boolean | undefined;
  /**
   * Maximum CPU seconds of decoding; default: 600. Files that need more by an estimate are rejected (`limit`) before anything is decoded,
   * and decoding that needs more than this and ten times the estimate is stopped. `inspect` returns the estimate.
   */
  readonly maxSeconds?: number | undefined;
  /** Additional models, for files that were not compressed with a shipped one. */
  readonly models?: readonly ModelInput[] | undefined;
}

/** What all results of `decompress` have in common. */
export interface Decompressed {
  /** Size of the whole image in pixels, even if only rows or a preview are returned. */
  readonly whole: Size;
  /** The longer side of the image over that of the result: 1 unless that is a preview. */
  readonly factor: number;
  /** Number of damaged blocks that were restored from the file's parity; then write a sound copy with `repair`. */
  readonly repairedBlocks: number;
}

/**
 * A decompressed image as a file. Size and sample format are those of the returned part of the image; the sample format is absent if a
 * source file is returned whose samples were not decoded.
 */
export interface DecompressedFile extends Decompressed, Size, Partial<Omit<RasterShape, keyof Size>> {
  readonly bytes: Uint8Array;
  /** Suggested file name: that of the input with another extension, `image` if it has none. */
  readonly name: string;
  readonly format: SourceFormatName;
  /** Whether this is the source file itself, whose SHA-256 has been checked. */
  readonly isSource: boolean;
  /** What the output format cannot store, each a sentence without a full stop; empty for `png`. */
  readonly remarks: readonly string[];
}

/** A decompressed image as samples. */
export interface DecompressedRaster extends Decompressed {
  readonly raster: Raster;
  /** Metadata payloads for `writeImage` or `compress`. Rows and previews have only palette, transparency and colour space. */
  readonly metadata: readonly Uint8Array[];
}
