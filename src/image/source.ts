import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

/** How a file is to be read. */
export interface ReadOptions {
  /** Images with more pixels are refused before they are decoded; 100 million if it is left out. */
  readonly maxPixels?: number | undefined;
  /** Read JPEG and the like too, whose decoded samples are larger than the file. */
  readonly allowLossySource?: boolean | undefined;
  /** Of an animation read the first frame alone, in place of refusing it. */
  readonly firstFrame?: boolean | undefined;
  /** Of a file with several images the one to read, from 1; a file with several is refused without it. */
  readonly page?: number | undefined;
  /** Keep nothing but the image: its palette and its transparent colours, no other chunk. */
  readonly stripMetadata?: boolean | undefined;
}

/** The same, complete: what the readers of formats take. */
export interface ReaderOptions {
  readonly maxPixels: number;
  readonly allowLossySource: boolean;
  readonly firstFrame: boolean;
  readonly page: number | null;
}

/** What a file was. */
export interface Source {
  /** "PNG", "TIFF", ... */
  readonly format: string;
  /** Of a PNG file, how its image is delivered: whether interlaced, and its IDAT chunks joined. */
  readonly png: { readonly interlaced: boolean; readonly zlib: Uint8Array } | null;
  /** Frames of an animation or images in the file, of which one was read. */
  readonly pages: number;
  /** Whether the file's own compression loses something: its samples are what a decoder made of it. */
  readonly lossy: boolean;
  /** What was left out, each as a sentence without its full stop, beginning in lower case. */
  readonly warnings: readonly string[];
}

/** What the reader of a format hands on: all but the image as the chunks that a PNG file would have. */
export interface Decoded {
  readonly raster: Raster;
  readonly metadata: PngMetadata;
  readonly source: Source;
}

/** The source of an ordinary file: one image, nothing left out. */
export function plainSource(format: string, rest: Partial<Source> = {}): Source {
  return { format, png: null, pages: 1, lossy: false, warnings: [], ...rest };
}
