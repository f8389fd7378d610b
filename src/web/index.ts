/* The library for web pages, `pixrnn/web` (docs/WEB.md). */

export {
  compress,
  configure,
  decompress,
  estimateSeconds,
  inspect,
  measureBits,
  preview,
  readPicture,
  sample,
} from './functions.js';
export { type Assets, assetsIn, type AssetSource } from './assets.js';
export { Codec, type CodecOptions } from './codec.js';
export type {
  CodingOptions,
  CompressOptions,
  DecodedTile,
  DecompressedBitmap,
  DecompressOptions,
  DecompressResult,
  FileInput,
  ImageInput,
  MeasureOptions,
  ModelInput,
  ReadPicture,
  ResultFormat,
  SampleOptions,
} from './options.js';
export type { MeasuredBits } from './protocol.js';
export type {
  CallOptions,
  CompressedImage,
  Decompressed,
  DecompressedFile,
  DecompressedRaster,
  ProgressCallback,
} from '../service/options.js';
export type { PreviewPicture } from '../codec/embedded-preview.js';
export type { FileInfo, PreviewInfo } from '../codec/inspect.js';
export type { Raster, RasterInput } from '../image/raster.js';
export { type ErrorCode, PixrnnError } from '../errors.js';
