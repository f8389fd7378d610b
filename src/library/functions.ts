import type { FileInfo } from '../codec/inspect.js';
import type { OutputFormat } from '../image/formats.js';
import { Codec } from './codec.js';
import type { FileInput, ImageInput } from './input.js';
import type {
  CallOptions,
  CompressedImage,
  CompressImageOptions,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
} from './options.js';

/** What the functions of this file share; no thread starts before one of them is called. */
const shared = new Codec();

/**
 * Compresses an image without loss. The result is decoded again and compared before it is returned, unless `verify` is false. It depends on
 * image, model, effort and metadata only, never on threads. On one core a megapixel needs about 30
 * seconds at effort 3 and 12 at effort 1 (Kodak photographs, AMD EPYC); verification, on by default, takes as long again.
 *
 * @example
 * const { bytes, warnings } = await compress('photo.png', { effort: 1 });
 * await writeFile('photo.prnn', bytes);
 *
 * @throws PixrnnError `input-unreadable` for damaged files and paths that cannot be read, `input-unsupported` for what is taken by no format, such
 * as JPEG without `allowLossySource`, `limit`, `unknown-model`, `model-invalid`, `usage` for options and rasters that cannot be
 * @throws the signal's reason when it is aborted, and what `onProgress` or the stream throws
 */
export function compress(input: ImageInput, options: CompressImageOptions = {}): Promise<CompressedImage> {
  return shared.compress(input, options);
}

/**
 * The image of a .prnn file, bit for bit, every hash checked: as a PNG file or one of another `format`, or as samples with `format: 'raster'`.
 *
 * With `rows: [first, end]` it gives these rows alone, decodes only the tiles that they touch, and checks the hash of each. A tile has up to a
 * megapixel; images of at most one tile, and those that are stored as a PNG stream, are decoded as a whole. With `preview: true` it gives the
 * small image that a multi-scale model has put in.
 *
 * @example
 * const { bytes } = await decompress('photo.prnn'); // a PNG file
 * const { raster } = await decompress('photo.prnn', { format: 'raster', rows: [1000, 1100] });
 *
 * @throws PixrnnError `file-corrupt`, `file-truncated`, `trailing-bytes`, `hash-mismatch` for damaged files, `unknown-revision` for those of a newer
 * pixrnn, `unknown-model` where a model is missing, `input-unsupported` for what is no .prnn file or has no preview, `input-unreadable` for paths that
 * cannot be read, `limit`, `usage` for rows that the image has not, and for options or formats that do not go together
 * @throws the signal's reason when it is aborted, and what `onProgress` or the stream throws
 */
export function decompress(
  input: FileInput,
  options: DecompressImageOptions & { readonly format: 'raster' },
): Promise<DecompressedRaster>;
export function decompress(
  input: FileInput,
  options?: DecompressImageOptions & { readonly format?: OutputFormat | undefined },
): Promise<DecompressedFile>;
export function decompress(
  input: FileInput,
  options: DecompressImageOptions,
): Promise<DecompressedFile | DecompressedRaster>;
export function decompress(
  input: FileInput,
  options: DecompressImageOptions = {},
): Promise<DecompressedFile | DecompressedRaster> {
  return shared.decompress(input, options);
}

/**
 * What a .prnn file says of itself: size, kind of samples, models, tiles, bytes by purpose, metadata. Its structure and the check of every
 * chunk are verified, its samples are not decoded. It takes milliseconds.
 *
 * @example
 * const { width, height, bitsPerDim } = await inspect('photo.prnn');
 *
 * @throws PixrnnError as `decompress` does for damaged files
 */
export function inspect(input: FileInput, options: CallOptions = {}): Promise<FileInfo> {
  return shared.inspect(input, options);
}
