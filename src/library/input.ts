import type { RasterInput } from '../image/raster.js';

/** What is read piece by piece from a web stream, whatever library declares it: `response.body`, `blob.stream()`. */
export interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/**
 * A file, given as one of:
 * - its bytes: a `Uint8Array` (every `Buffer` is one) or an `ArrayBuffer`. They are copied; nobody may change them before the call has settled.
 * - where it is: a path, or a `URL` with `file:`.
 * - a stream of its bytes: a Node.js `Readable` or any other async iterable of `Uint8Array`, or a web `ReadableStream`. It is read to its end
 *   at once, and destroyed or cancelled where the call fails before.
 */
export type FileInput = Uint8Array | ArrayBuffer | string | URL | AsyncIterable<Uint8Array> | WebStream;

/** An image: a file of it in a format that pixrnn reads (PNG, TIFF, WebP, BMP, PNM, GIF), or its samples. */
export type ImageInput = FileInput | RasterInput;

/** Whether these are samples in place of a file. */
export function isRaster(input: ImageInput): input is RasterInput {
  return typeof input === 'object' && 'samples' in input;
}
