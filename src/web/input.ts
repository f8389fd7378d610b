import { PixrnnError } from '../errors.js';
import { rasterOf } from '../image/raster.js';
import type { FileInput, ImageInput } from './options.js';
import type { SentFile, SentImage } from './protocol.js';

/** Default limit of an input, in bytes. */
const MAX_INPUT_BYTES = 2 ** 30;

/**
 * Returns a file as it is sent to the background thread. Bytes are copied.
 * @throws PixrnnError `usage` if it is not a file, `limit` if it is longer than `maxBytes`
 */
export function fileToSend(input: FileInput, name?: string, maxBytes = MAX_INPUT_BYTES): SentFile {
  const file = blobOf(input);
  if (file === null) {
    const what = 'the input is neither bytes nor a file';
    throw new PixrnnError('usage', `${what}. Pass a Uint8Array, an ArrayBuffer, a File or a Blob.`);
  }
  if (file.size > maxBytes) {
    const what = `the input is longer than the limit of ${maxBytes} bytes`;
    throw new PixrnnError('limit', `${what}. If you trust the input, raise maxInputBytes.`);
  }
  return { file, name: name ?? ('name' in file ? String(file.name) : null) };
}

/** Like `fileToSend`; a raster is copied. */
export function imageToSend(input: ImageInput, name?: string, maxBytes?: number): SentImage {
  if (!isRaster(input)) return fileToSend(input, name, maxBytes);
  const { width, height, channels, depth, indexed, samples } = rasterOf(input);
  return { raster: { width, height, channels, depth, indexed, samples: samples.slice() } };
}

function isRaster(input: ImageInput): input is Extract<ImageInput, { samples: unknown }> {
  return typeof input === 'object' && input !== null && 'samples' in input;
}

function blobOf(input: unknown): Blob | null {
  if (input instanceof Blob) return input;
  if (input instanceof ArrayBuffer) return new Blob([input]);
  return input instanceof Uint8Array ? new Blob([input as Uint8Array<ArrayBuffer>]) : null;
}
