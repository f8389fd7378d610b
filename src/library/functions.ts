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
} from '../service/options.js';

/** The codec that the exported functions share; its threads start with the first call. */
const shared = new Codec();

/**
 * Compresses an image losslessly. Unless `verify` is false, the result is decoded and compared with the input before it is returned.
 * The bytes depend only on image, metadata, model and effort, never on the number of threads. On one core of an Intel Xeon, a megapixel
 * of a photograph needs about 25 s at effort 3 and 6 s at effort 1; verification doubles the CPU time.
 *
 * @example
 * const { bytes, warnings } = await compress('photo.png', { effort: 1 });
 * await writeFile('photo.prnn', bytes);
 *
 * @throws PixrnnError `input-unreadable` if the file is corrupt or the path cannot be read, `input-unsupported` if the format or its
 * features are not supported (JPEG without `allowLossySource`, CMYK, animation), `limit` if the input exceeds `maxInputBytes` or
 * `maxPixels`, `unknown-model` or `model-invalid` if the model cannot be loaded, `usage` if an option or a raster is invalid
 * @throws the signal's reason if it is aborted; any error thrown by `onProgress` or the stream
 */
export function compress(input: ImageInput, options: CompressImageOptions = {}): Promise<CompressedImage> {
  return shared.compress(input, options);
}

/**
 * Decompresses a .prnn file, bit for bit, to a PNG file, to a file of another `format`, or to samples with `format: 'raster'`. Every
 * hash is checked.
 *
 * With `rows: [first, end]` it returns only these rows, decodes only the tiles that they touch, and checks the hash of each. A tile has
 * up to a megapixel; images of one tile, and images stored as a PNG stream, are decoded whole. With `preview: true` it returns the
 * small image that files of multi-scale models start with.
 *
 * @example
 * const { bytes } = await decompress('photo.prnn'); // a PNG file
 * const { raster } = await decompress('photo.prnn', { format: 'raster', rows: [1000, 1100] });
 *
 * @throws PixrnnError `file-corrupt`, `file-truncated`, `trailing-bytes` or `hash-mismatch` if the file is damaged, `unknown-version`
 * if it is in a version of the format that this pixrnn does not read, `unknown-model` if a model is missing, `input-unsupported` if it is not a .prnn file or has no preview,
 * `input-unreadable` if the path cannot be read, `limit` if the input exceeds `maxInputBytes`, `maxPixels` or `maxSeconds`, `usage` if rows
 * are out of range or options contradict each other
 * @throws the signal's reason if it is aborted; any error thrown by `onProgress` or the stream
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
 * Returns what a .prnn file contains, without decoding samples: image size, sample format, models, tiles, byte counts, metadata. The
 * structure of the file and the checksum of every chunk are verified. Needs milliseconds.
 *
 * @example
 * const { width, height, bitsPerDim } = await inspect('photo.prnn');
 *
 * @throws PixrnnError for damaged files, as `decompress` does
 */
export function inspect(input: FileInput, options: CallOptions = {}): Promise<FileInfo> {
  return shared.inspect(input, options);
}
