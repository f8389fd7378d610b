import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

/** Options for reading an image file. */
export interface ReadOptions {
  /** Reject images with more pixels before decoding them; default 100 million. */
  readonly maxPixels?: number | undefined;
  /** Also read JPEG and other lossy formats, whose decoded samples are larger than the file. */
  readonly allowLossySource?: boolean | undefined;
  /** Read only the first frame of an animation instead of rejecting it. */
  readonly firstFrame?: boolean | undefined;
  /** Number of the image to read, from 1; required for a file with several images. */
  readonly page?: number | undefined;
  /**
   * Keep only the image with its palette and transparent colours, and no other chunks. Of a JPEG file, keep only the image
   * with its colour profile and orientation: what is restored then differs from the file.
   */
  readonly stripMetadata?: boolean | undefined;
}

/** Options with defaults applied, for the readers of formats. */
export interface ReaderOptions {
  readonly maxPixels: number;
  readonly allowLossySource: boolean;
  readonly firstFrame: boolean;
  readonly page: number | null;
}

/** Information about the source file. */
export interface Source {
  /** "PNG", "TIFF", ... */
  readonly format: string;
  /** Number of frames of an animation or images in the file, of which one was read. */
  readonly pages: number;
  /** Whether the file is compressed with loss, so that its samples depend on the decoder. */
  readonly lossy: boolean;
  /** What was dropped or changed, as sentences in lower case without a full stop. */
  readonly warnings: readonly string[];
}

/** The result of a format's reader: the image, and everything else as the chunks of an equivalent PNG file. */
export interface Decoded {
  readonly raster: Raster;
  readonly metadata: PngMetadata;
  readonly source: Source;
}

/** Returns the source of an ordinary file: one image, nothing dropped. */
export function plainSource(format: string, rest: Partial<Source> = {}): Source {
  return { format, pages: 1, lossy: false, warnings: [], ...rest };
}
