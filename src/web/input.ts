import { PixrnnError } from '../errors.js';
import { rasterOf } from '../image/raster.js';
import type { FileInput, ImageInput } from './options.js';
import type { SentFile, SentImage } from './protocol.js';

/*
 * Inputs as they are sent to the background thread: bytes of their own, whose buffer is transferred. The page reads Blobs,
 * since WebKit's workers cannot if the page was opened from disk.
 */

/** Default limit of an input, in bytes. */
const MAX_INPUT_BYTES = 2 ** 30;

export interface SendOptions {
  /** Default: the name of a `File`. */
  readonly name?: string | undefined;
  readonly maxBytes?: number | undefined;
  /** Number of bytes to send; default: all. */
  readonly end?: number;
}

/**
 * Returns a file as it is sent to the background thread. Bytes are copied at once, a Blob is read.
 * @throws PixrnnError `usage` if it is not a file, `limit` if it is longer than `maxBytes`, `input-unreadable`
 */
export async function fileToSend(
  input: FileInput,
  { name, maxBytes = MAX_INPUT_BYTES, end }: SendOptions = {},
): Promise<SentFile> {
  const size = sizeOf(input);
  if (size === null) {
    const what = 'the input is neither bytes nor a file';
    throw new PixrnnError('usage', `${what}. Pass a Uint8Array, an ArrayBuffer, a File or a Blob.`);
  }
  if (size > maxBytes) {
    const what = `the input is longer than the limit of ${maxBytes} bytes`;
    throw new PixrnnError('limit', `${what}. If you trust the input, raise maxInputBytes.`);
  }
  const bytes = input instanceof Blob ? await read(input.slice(0, end)) : copyOf(input, end);
  return { bytes, name: name ?? (input instanceof File ? input.name : null) };
}

/** Like `fileToSend`; a raster is copied. */
export async function imageToSend(input: ImageInput, options?: SendOptions): Promise<SentImage> {
  if (!isRaster(input)) return fileToSend(input, options);
  const { width, height, channels, depth, indexed, samples } = rasterOf(input);
  return { raster: { width, height, channels, depth, indexed, samples: samples.slice() } };
}

/** Returns the buffer of an input, to transfer it. */
export function bufferOf(input: SentImage): ArrayBuffer {
  return ('raster' in input ? input.raster.samples : input.bytes).buffer as ArrayBuffer;
}

function isRaster(input: ImageInput): input is Extract<ImageInput, { samples: unknown }> {
  return typeof input === 'object' && input !== null && 'samples' in input;
}

function sizeOf(input: unknown): number | null {
  if (input instanceof Blob) return input.size;
  return input instanceof ArrayBuffer || input instanceof Uint8Array ? input.byteLength : null;
}

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new PixrnnError('input-unreadable', 'the file cannot be read. Choose it again.', { cause });
  }
}

function copyOf(bytes: Uint8Array | ArrayBuffer, end: number | undefined): Uint8Array<ArrayBuffer> {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return new Uint8Array(view.subarray(0, end));
}
