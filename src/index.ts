/**
 * # The library
 *
 * ```ts
 * import { compress, decompress } from 'pixrnn';
 *
 * const { bytes } = await compress('photo.png');
 * const { bytes: png } = await decompress(bytes);
 * ```
 *
 * The package is an ECMAScript module with type declarations, for Node.js 20.9 or newer. `examples/` in the repository has complete
 * programs: files, rows, progress and cancellation, an HTTP server, bit maps, sampling.
 *
 * **Two layers.** `compress`, `decompress` and `inspect` read and write image files and run entirely in background threads. The
 * functions below them work on samples; they run the models in threads and everything else in the calling thread.
 *
 * **The event loop stays free.** A background thread reads, inflates, hashes and compares; its engine threads run the models. The
 * calling thread only copies the input, 4 MiB at a time, and receives the results; it never blocks for more than 50 ms
 * (`npm run bench:event-loop`). All calls in a process share one engine thread per core, and at most that many calls run at once;
 * the rest queue in order and hold only their input in memory. Threads start with the first call, exit after five idle seconds, and
 * never keep an otherwise finished process alive. Create a `Codec` to change these limits.
 *
 * **Memory.** About 160 MB, plus 140 MB per engine thread, plus six times the samples and three times the file size of each running
 * call, as on the command line; for a JPEG file, four bytes per coefficient instead of the samples. The input is copied once; the
 * caller's own copy is not included.
 *
 * **Streams** are accepted as input and read to the end before coding starts, up to `maxInputBytes`. There is no streaming output:
 * models and tiles need the whole image, and a file is complete only when all of it is coded.
 *
 * **Cancellation.** When `signal` is aborted, the call rejects at once with the signal's reason, whether it is reading, queued or coding.
 * Engine threads stop within a tenth of a second, the palette coder at the end of its tile.
 *
 * **Errors.** Every error that a user can cause or fix is a `PixrnnError`: `code` is a stable identifier, `message` says what failed, why
 * and what to do, and `cause` is the underlying error. There are no subclasses: test
 * `error instanceof PixrnnError && error.code === 'hash-mismatch'`. Any other error is a bug in pixrnn or comes from the caller: the
 * signal's reason, or an error thrown by a callback or a stream.
 *
 * **Untrusted input.** Sizes are checked before memory is allocated. A file of a kilobyte may claim 100 megapixels: `maxPixels`
 * limits the memory, `maxSeconds` the CPU time of decoding; neither is unlimited by default. Servers should set both, and `maxInputBytes`.
 * `inspect` returns the estimated time.
 */

import './node/install.js';

/* ## Files
 *
 * Compress, decompress and inspect image files in background threads.
 */
export { compress, decompress, inspect } from './library/functions.js';
export { Codec, type CodecOptions } from './library/codec.js';
export type { FileInput, ImageInput, WebStream } from './library/input.js';
export type {
  CallOptions,
  CodingCallOptions,
  CompressedImage,
  CompressImageOptions,
  Decompressed,
  DecompressedFile,
  DecompressedRaster,
  DecompressImageOptions,
  ModelInput,
  ProgressCallback,
} from './service/options.js';
export type { ChunkNote } from './image/chunk-notes.js';
export type { FileInfo, PreviewInfo } from './codec/inspect.js';
export type { RowRange } from './codec/decode-rows.js';

/* ## Errors */
export { type AdmittingOption, type ErrorCode, PixrnnError } from './errors.js';

/* ## Images
 *
 * Convert between image files and samples, in the calling thread.
 */
export { type ReadImage, readImage } from './image/read-image.js';
export type { ReadOptions, Source } from './image/source.js';
export type { Raster, RasterInput, RasterShape } from './image/raster.js';
export type { Channels, Depth, Samples } from './samples.js';
export type { Size } from './subsample.js';
export { writeImage, writingRemarks } from './node/image/write-image.js';
export { type OutputFormat, formatOfPath } from './image/formats.js';

/* ## Coding
 *
 * Convert between samples and .prnn files. Models run in pool threads; tiling, hashing and comparing run in the calling thread.
 */
export { type Compressed, type CompressOptions, compressRaster } from './codec/compress.js';
export { type DecompressOptions, decompressToRaster } from './codec/decompress.js';
export { decompressRows } from './codec/decode-rows.js';
export { salvage, type Salvage, type Salvaged, type SalvagedImage, type SalvagedSource } from './codec/salvage.js';
export { repair, type Repaired } from './codec/repair.js';
export type { LostPart } from './codec/damage.js';
export type { ByteRange } from './bytes.js';
export { type Preview, previewToRaster } from './codec/preview.js';
export { embeddedPreview, type PreviewPicture } from './codec/embedded-preview.js';
export { inspectFile } from './codec/inspect.js';
export { measureMap, measureRaster, type PixelMap } from './codec/measure.js';
export type { CodingOptions, ModelOptions } from './codec/coding-options.js';
export type { ImageLikelihood } from './codec/likelihood.js';
export type { TileLikelihood } from './engine/tile-coding.js';
export {
  type ByteCounts,
  type Container,
  type ContainerHeader,
  type EmbeddedPreview,
  type FileParity,
  type JpegFile,
  type PrnnFile,
  type RepresentationCounts,
  type Restoration,
  type StoredFile,
  type StoredImage,
  type TileChunk,
  type TilePart,
} from './codec/container.js';
export { openContainer } from './codec/open-container.js';
export { restoreSource } from './codec/restore-source.js';
export type { Exactness } from './codec/choose-result.js';
export { type SourceFile, sourceFile } from './codec/source-file.js';
export type { RestoredSource } from './codec/source-of.js';
export type { Effort } from './effort.js';
export { EnginePool } from './engine/pool.js';

/* ## Models */
export { type Model, idText } from './model/model.js';
export { loadModel, namedModel } from './node/model-file.js';
export { type DefaultUse, modelFor, type ShippedModel, shippedModels } from './model/registry.js';

/* ## Sampling
 *
 * Draw images from a model.
 */
export { completeImages } from './sampling/complete-image.js';
export { type DrawOptions, sampleImages } from './sampling/sample-images.js';
