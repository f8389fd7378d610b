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
 * ECMAScript modules, Node.js 20.9 or newer, types included. Complete programs are in `examples/` of the repository: files, rows,
 * progress and abort, an HTTP server, maps of bits, sampling.
 *
 * **Two layers.** `compress`, `decompress` and `inspect` take and give files and do all their work in other threads. Below them are the parts that
 * they are made of: they take samples, and what is not coding itself runs in the thread that calls them.
 *
 * **The event loop stays free.** Reading, inflating, hashing and comparing are done in a background thread, coding in engine threads that it owns. The caller's
 * thread copies the input, 4 MiB at a time, and moves results: it is never busy for more than 50 ms at once (`npm run bench:event-loop`).
 * All calls of a process share these threads, as many as there are cores, and as many calls are at work at a time; the others wait in their order with nothing but
 * their input in memory. Threads start with the first call, end after five seconds without one, and never keep a process alive that has
 * nothing else to do. A `Codec` of one's own has other numbers.
 *
 * **Memory.** Roughly 160 MB, 140 for each engine thread, and for each call at work four times its samples and three times its file, as on the command line; the
 * input is copied once, so that what the caller keeps of it comes on top.
 *
 * **Streams** are taken as input and read to their end before anything is coded, up to `maxInputBytes`. There is no stream as output: models and tiles
 * need the whole image, and the file is there when all of it is coded.
 *
 * **Aborting.** With a `signal` a call rejects with the signal's reason as soon as it is aborted, whether it reads, waits or codes. Engine threads
 * stop within a tenth of a second, the colour coder at the end of its tile.
 *
 * **Errors.** Whatever a user can cause or mend is a `PixrnnError`: `code` says what it is, in a word that stays the same, `message` what is wrong and what to
 * do, `cause` what was behind it. There are no subclasses: test `error instanceof PixrnnError && error.code === 'hash-mismatch'`. Everything else
 * that is thrown is a fault of pixrnn, or comes from the caller: the signal's reason, what a callback or a stream throws.
 *
 * **Untrusted input.** Sizes are checked before memory is allocated: `maxInputBytes` and `maxPixels` bound what a call takes. A server sets both.
 */

import './node/install.js';

/* ## Files
 *
 * In other threads, for programs that have something else to do.
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
} from './library/options.js';
export type { ChunkNote } from './image/chunk-notes.js';
export type { FileInfo } from './codec/inspect.js';
export type { RowRange } from './codec/decode-rows.js';

/* ## Errors */
export { type AdmittingOption, type ErrorCode, PixrnnError } from './errors.js';

/* ## Images
 *
 * Image files to samples and back, in the thread of the caller.
 */
export { type ReadImage, readImage } from './node/image/read-image.js';
export type { ReadOptions, Source } from './image/source.js';
export type { Raster, RasterInput, RasterShape } from './image/raster.js';
export type { Channels, Depth, Samples } from './samples.js';
export type { Size } from './subsample.js';
export { writeImage, writingRemarks } from './node/image/write-image.js';
export { type OutputFormat, formatOfPath } from './image/formats.js';

/* ## Coding
 *
 * Samples to .prnn files and back. Models run in threads of a pool; hashing, cutting and comparing in the thread of the caller.
 */
export { type Compressed, type CompressOptions, compressRaster } from './codec/compress.js';
export { type DecompressOptions, decompressToRaster } from './codec/decompress.js';
export { decompressRows } from './codec/decode-rows.js';
export { type Preview, previewToRaster } from './codec/preview.js';
export { inspectFile } from './codec/inspect.js';
export { measureMap, measureRaster, type PixelMap } from './codec/measure.js';
export type { CodingOptions, ModelOptions } from './codec/coding-options.js';
export type { ImageLikelihood } from './codec/likelihood.js';
export type { TileLikelihood } from './engine/engine.js';
export {
  type ByteCounts,
  type Container,
  type ContainerHeader,
  decodeContainer,
  type PngStream,
  type RepresentationCounts,
} from './codec/container.js';
export type { Effort } from './engine/effort.js';
export { EnginePool } from './engine/pool.js';

/* ## Models */
export { type Model, idText } from './model/model.js';
export { loadModel, namedModel } from './node/model-file.js';
export { modelFor, type ShippedModel, shippedModels } from './model/registry.js';

/* ## Drawing
 *
 * Images that models make.
 */
export { completeImages } from './sampling/complete-image.js';
export { type DrawOptions, sampleImages } from './sampling/sample-images.js';
