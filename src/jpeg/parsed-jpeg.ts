import type { JpegImage } from './coefficients.js';

/** A JPEG file as its coefficients and the record of everything else. */
export interface ParsedJpeg {
  readonly image: JpegImage;
  /** The serialised parts of the file (docs/format/jpeg-record.md). */
  readonly structure: Uint8Array;
  /** The bytes that the structure refers to, in the order of the file, without those of nested streams. */
  readonly literals: Uint8Array;
  /** JPEG streams between the literals (thumbnails, previews, gain maps), in the order of the file. */
  readonly nested: readonly ParsedJpeg[];
}

/** Maximum length of a JPEG file in bytes: the position of a bit then fits in 31 bits. */
export const MAX_JPEG_BYTES = 2 ** 28 - 1;

/** How deep streams can be nested: the main image is level 0. */
export const MAX_NESTING = 3;

/** Maximum number of images in a file: the main one and the streams nested in it. */
export const MAX_IMAGES = 256;

/** Maximum number of parts of a structure. */
export const MAX_PARTS = 2 ** 16;
