import type { Tile } from '../codec/tile-grid.js';
import type { RasterInput } from '../image/raster.js';
import type {
  CallOptions,
  CompressImageOptions,
  Decompressed,
  DecompressedFile,
  DecompressedRaster,
  ProgressCallback,
} from '../service/options.js';

/** A file: its bytes, or a `File` or `Blob`, which is read. Bytes are copied. */
export type FileInput = Uint8Array | ArrayBuffer | Blob;

/** An image: a file in a format that pixrnn reads (JPEG, PNG, BMP, PNM, GIF), or samples. */
export type ImageInput = FileInput | RasterInput;

/** The name of a shipped model, or the content of a model file. */
export type ModelInput = string | Uint8Array;

/** Options of calls that code samples. */
export interface CodingOptions extends CallOptions {
  readonly onProgress?: ProgressCallback | undefined;
}

/** Options of `compress`. */
export interface CompressOptions extends CodingOptions, Omit<CompressImageOptions, 'model' | 'threads' | 'metadata'> {
  /** The model for the colour channels; default: the shipped model for gray or RGB images. */
  readonly model?: ModelInput | undefined;
}

/** Options of `estimateSeconds` and `measureBits`. */
export type MeasureOptions = Pick<
  CompressOptions,
  'signal' | 'onProgress' | 'maxInputBytes' | 'maxPixels' | 'effort' | 'model' | 'firstFrame' | 'page'
>;

/** A tile of an image to paint, or rows of one. */
export interface DecodedTile extends Readonly<Tile> {
  /** R, G, B and alpha of each pixel, 8 bits, [height][width][4], for `ImageData`. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** What `decompress` returns: a file, samples, or a picture to draw. */
export type ResultFormat = 'png' | 'raster' | 'bitmap';

/** Options of `decompress`. */
export interface DecompressOptions extends CodingOptions {
  /** Maximum CPU seconds of decoding, estimated before it starts; default: 600. More is rejected (`limit`). */
  readonly maxSeconds?: number | undefined;
  /** Default: the source file if the input restores it, else a PNG file. */
  readonly format?: ResultFormat | undefined;
  /** Additional models, for files that were not compressed with a shipped one. */
  readonly models?: readonly ModelInput[] | undefined;
  /**
   * Called with each tile as soon as it is decoded, in no particular order; not for JPEG files, which have none. The
   * pixels of an image with a single tile are not verified yet.
   */
  readonly onTile?: ((tile: DecodedTile) => void) | undefined;
  /**
   * Called about three times a second with rows that were decoded meanwhile, of tiles that are not complete; not for JPEG
   * files. The pixels are not verified, and those of an image that is coded as luma and chroma are gray: a tile follows.
   */
  readonly onRows?: ((rows: DecodedTile) => void) | undefined;
}

/** A decompressed image to draw. 16-bit samples are reduced to 8; colour profiles are not applied. */
export interface DecompressedBitmap extends Decompressed {
  readonly bitmap: ImageBitmap;
}

export type DecompressResult = DecompressedFile | DecompressedRaster | DecompressedBitmap;

/** An image file that was read. */
export interface ReadPicture extends DecompressedRaster {
  /** "PNG", "BMP", ... */
  readonly format: string;
  /** What of the file is not kept, each a sentence without a full stop. */
  readonly warnings: readonly string[];
}

/** Options of `sample`. */
export interface SampleOptions {
  readonly signal?: AbortSignal | undefined;
  /** Random seed, an integer >= 0 and below 2^53. The same seed draws the same image on every machine. */
  readonly seed: number;
  /** 0.05 to 10; default: 1, the model's own distribution. Lower values sharpen it. */
  readonly temperature?: number | undefined;
  /** In pixels; default: the size of the images that the model was trained on. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Called with each row as soon as it is drawn. */
  readonly onRow?: ((row: DecodedTile) => void) | undefined;
}
