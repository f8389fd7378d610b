import type { PreviewPicture } from '../codec/embedded-preview.js';
import type { FileInfo } from '../codec/inspect.js';
import type { Raster } from '../image/raster.js';
import type { CallOptions, CompressedImage, DecompressedFile, DecompressedRaster } from '../service/options.js';
import { Codec, type CodecOptions } from './codec.js';
import type {
  CompressOptions,
  DecompressedBitmap,
  DecompressOptions,
  DecompressResult,
  FileInput,
  ImageInput,
  MeasureOptions,
  ModelInput,
  ReadPicture,
  SampleOptions,
} from './options.js';
import type { MeasuredBits } from './protocol.js';

/** The codec that the functions share. */
let shared: Codec | null = null;

function codec(): Codec {
  return (shared ??= new Codec());
}

/** Sets the options of the codec that the functions share, and ends the workers of the one before. */
export function configure(options: CodecOptions): void {
  shared?.close();
  shared = new Codec(options);
}

/**
 * Compresses an image losslessly; a JPEG file is restored byte for byte. Unless `verify` is false, the result is decoded and
 * compared with the input before it is returned. The bytes are those that `pixrnn compress` writes.
 *
 * @throws PixrnnError `input-unreadable` if the file is damaged, `input-unsupported` if its format or its features are not
 * supported, `limit` if it exceeds `maxInputBytes` or `maxPixels`, `usage` if an option or a raster is invalid
 * @throws the signal's reason if it is aborted; any error thrown by `onProgress`
 */
export function compress(image: ImageInput, options: CompressOptions = {}): Promise<CompressedImage> {
  return codec().compress(image, options);
}

/**
 * Decompresses a .prnn file, bit for bit: to the source file if it restores one, else to a PNG file; to samples or to an
 * `ImageBitmap` with `format`. Every hash is checked.
 *
 * @throws PixrnnError `file-corrupt`, `file-truncated`, `trailing-bytes` or `hash-mismatch` if the file is damaged,
 * `unknown-version` if it is in a version of the format that this pixrnn does not read, `unknown-model` if a model is missing, `input-unsupported` if it is not a
 * .prnn file, `limit` if it exceeds `maxInputBytes` or `maxPixels`
 * @throws the signal's reason if it is aborted; any error thrown by a callback
 */
export function decompress(
  file: FileInput,
  options: DecompressOptions & { readonly format: 'raster' },
): Promise<DecompressedRaster>;
export function decompress(
  file: FileInput,
  options: DecompressOptions & { readonly format: 'bitmap' },
): Promise<DecompressedBitmap>;
export function decompress(
  file: FileInput,
  options?: DecompressOptions & { readonly format?: 'png' | undefined },
): Promise<DecompressedFile>;
export function decompress(file: FileInput, options: DecompressOptions = {}): Promise<DecompressResult> {
  return codec().decompress(file, options);
}

/** Returns what a .prnn file contains, without decoding samples. Throws for damaged files, as `decompress` does. */
export function inspect(file: FileInput, options: CallOptions = {}): Promise<FileInfo> {
  return codec().inspect(file, options);
}

/**
 * Returns the small picture that a .prnn file contains for viewers, from its first bytes; null if it has none. Show it before
 * the image is decoded: `createImageBitmap(new Blob([bytes], { type }))`.
 * @throws PixrnnError `file-corrupt` if the header or the picture is damaged, `input-unsupported` if it is not a .prnn
 * file, `unknown-version`, `usage`
 */
export function preview(file: FileInput, options: CallOptions = {}): Promise<PreviewPicture | null> {
  return codec().preview(file, options);
}

/**
 * Returns the exact samples of an image file. The browser's own decoders take no part: they convert colours and
 * premultiply alpha.
 * @throws PixrnnError `input-unreadable`, `input-unsupported` (JPEG, WebP, AVIF, TIFF), `limit`
 */
export function readPicture(file: FileInput, options: CompressOptions = {}): Promise<ReadPicture> {
  return codec().readPicture(file, options);
}

/** Returns the seconds that `compress` needs on this machine under its current load, after timing parts of the image. */
export function estimateSeconds(image: ImageInput, options: MeasureOptions = {}): Promise<number> {
  return codec().estimateSeconds(image, options);
}

/** Returns where the bits of an image go, as `pixrnn report --heatmap` does. Throws as `compress`. */
export function measureBits(image: ImageInput, options: MeasureOptions = {}): Promise<MeasuredBits> {
  return codec().measureBits(image, options);
}

/**
 * Draws an image from a model, row by row.
 * @throws PixrnnError `unknown-model`, `usage`, `limit`
 */
export function sample(model: ModelInput, options: SampleOptions): Promise<Raster> {
  return codec().sample(model, options);
}
