/** The public library. */
export { type Compressed, type CompressOptions, compressRaster } from './codec/compress.js';
export { type DecompressOptions, decompressToRaster } from './codec/decompress.js';
export { type Preview, previewToRaster } from './codec/preview.js';
export { measureMap, measureRaster, type PixelMap } from './codec/measure.js';
export { type Container, decodeContainer } from './codec/container.js';
export type { Effort } from './engine/effort.js';
export { EnginePool } from './engine/pool.js';
export { type ErrorCode, PixrnnError } from './errors.js';
export { type ReadImage, readImage } from './image/read-image.js';
export type { ReadOptions } from './image/source.js';
export type { Raster } from './image/raster.js';
export { type OutputFormat, formatOfPath } from './image/formats.js';
export { writeImage, writingRemarks } from './image/write-image.js';
export type { Channels, Depth, Samples } from './samples.js';
export { completeImages } from './sampling/complete-image.js';
export { type DrawOptions, sampleImages } from './sampling/sample-images.js';
export { type Model, idText, loadModel } from './model/model.js';
export { modelFor, shippedModels } from './model/registry.js';
