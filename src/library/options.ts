import type { Compressed } from '../codec/compress.js';
import type { RowRange } from '../codec/decode-rows.js';
import type { Effort } from '../engine/effort.js';
import type { OutputFormat } from '../image/formats.js';
import type { Raster, RasterShape } from '../image/raster.js';
import type { ReadOptions } from '../image/source.js';
import type { Model } from '../model/model.js';
import type { Size } from '../subsample.js';

/**
 * Told how far a call is: pixels done and pixels in all. `done` never falls, and the last call has `done === total`. Verification counts as much as
 * coding. Where it throws, the call stops and rejects with what it threw.
 */
export type ProgressCallback = (done: number, total: number) => void;

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call, also while it waits for its turn: it rejects with the signal's reason at once. */
  readonly signal?: AbortSignal | undefined;
  /** Longer inputs are refused (`limit`), a stream as soon as it is longer; in bytes, default 2^30 (1 GiB). No limit for a `Raster`. */
  readonly maxInputBytes?: number | undefined;
  /**
   * Images with more pixels are refused (`limit`) before memory is allocated for them; default 100 million. With `rows` it is what has to be
   * decoded that counts.
   */
  readonly maxPixels?: number | undefined;
}

/** What calls take that code. */
export interface CodingCallOptions extends CallOptions {
  /** Threads that this call uses at most; default all of the codec. */
  readonly threads?: number | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** A model out of `loadModel` or `modelFor`, the name of a shipped one (`shippedModels`), or the path of a model's file. */
export type ModelInput = Model | string;

/** How an image is compressed, and how its file is read. */
export interface CompressImageOptions extends CodingCallOptions, Omit<ReadOptions, 'maxPixels'> {
  /** 1 the model alone, 2 with a mixer, 3 with a model that learns (default): smaller for slower, see the README. */
  readonly effort?: Effort | undefined;
  /** What codes the colours; default the shipped model for gray or RGB images. */
  readonly model?: ModelInput | undefined;
  /** Decode the result again and compare it before it is returned; default true. */
  readonly verify?: boolean | undefined;
  /** For a `Raster`: the payloads that `readImage` or `decompress` gave with it. A file brings its own. */
  readonly metadata?: readonly Uint8Array[] | undefined;
}

/** A compressed image, what it was, and what it takes. */
export interface CompressedImage extends Compressed, RasterShape {
  /** What the file was, such as "PNG"; null for a `Raster`. */
  readonly sourceFormat: string | null;
  /** Frames or images in the source, of which one was read. */
  readonly pages: number;
  /** Whether the source was itself compressed with loss (`allowLossySource`). */
  readonly lossy: boolean;
  /** What of the source was left out, each as a sentence without its full stop. */
  readonly warnings: readonly string[];
}

/** What is wanted of a .prnn file. */
export interface DecompressImageOptions extends CodingCallOptions {
  /** How the image is returned: as a file (default `png`), or as samples with `raster`. */
  readonly format?: OutputFormat | 'raster' | undefined;
  /** Only these rows, `[first, end]`: from row `first`, counted from 0 at the top, to the one before `end`. */
  readonly rows?: RowRange | undefined;
  /** Only the small image that a multi-scale model has put in. The beginning of a file will do. */
  readonly preview?: boolean | undefined;
  /** Models beside the shipped ones, for files that were compressed with another. */
  readonly models?: readonly ModelInput[] | undefined;
}

/** What was decompressed. */
export interface Decompressed {
  /** Size of the image in the .prnn file, in pixels, however much of it was asked for. */
  readonly whole: Size;
  /** 1; of a preview, the factor by which it is smaller than the image in width and height. */
  readonly factor: number;
}

/** An image as a file; width, height and kind of samples are those of what it shows. */
export interface DecompressedFile extends Decompressed, RasterShape {
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  /** What this format could not keep, each as a sentence without its full stop; nothing for `png`. */
  readonly remarks: readonly string[];
}

/** An image as samples. */
export interface DecompressedRaster extends Decompressed {
  readonly raster: Raster;
  /** For `writeImage`, or for `compress` again. Of rows and previews only palette, transparent colours and colour space. */
  readonly metadata: readonly Uint8Array[];
}
