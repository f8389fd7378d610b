import type { RasterInput } from '../image/raster.js';

/** A web `ReadableStream` of bytes, such as `response.body` or `blob.stream()`, reduced to the methods that pixrnn calls. */
export interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/**
 * A file, as one of:
 * - its bytes: a `Uint8Array` (a `Buffer` is one) or an `ArrayBuffer`. They are copied; do not change them until the call settles.
 * - its location: a path or a `file:` URL.
 * - a stream: a Node.js `Readable`, any other async iterable of `Uint8Array`, or a web `ReadableStream`. It is read to the end
 *   immediately, and destroyed or cancelled if the call fails first.
 */
export type FileInput = Uint8Array | ArrayBuffer | string | URL | AsyncIterable<Uint8Array> | WebStream;

/** An image: a file in a format that pixrnn reads (PNG, TIFF, WebP, BMP, PNM, GIF), or samples. */
export type ImageInput = FileInput | RasterInput;

/** Whether the input is samples, not a file. */
export function isRaster(input: ImageInput): input is RasterInput {
  return typeof input === 'object' && 'samples' in input;
}
