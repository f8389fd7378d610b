import { PixrnnError } from '../errors.js';
import { type PngChunk, writeChunks } from './png-chunks.js';
import { headerChunk } from './png-header.js';
import { NO_METADATA, type PngMetadata, colourChunkProblem, unpackMetadata } from './png-metadata.js';
import { encodePngStream } from './png-stream.js';
import { type Raster, type RasterShape, checkRaster } from './raster.js';

/** Maximum size of a chunk's data in bytes. */
const MAX_CHUNK = 2 ** 31 - 1;

/**
 * Writes a non-interlaced PNG file of exactly these samples, with the chunks of `readImage`'s metadata in their
 * original positions and no others.
 * @throws PixrnnError 'usage' for an invalid raster, 'file-corrupt' for invalid metadata
 */
export async function writePng(raster: Raster, metadata: readonly Uint8Array[]): Promise<Uint8Array> {
  checkRaster(raster);
  const extra = await metadataOf(raster, metadata);
  return assemblePng(raster, extra, await encodePngStream(raster));
}

/** Returns the chunks of an image's metadata, after checking that they fit the image. */
export async function metadataOf(shape: RasterShape, metadata: readonly Uint8Array[]): Promise<PngMetadata> {
  if (metadata.length > 1) throw corrupt('it contains more than one set of metadata');
  const extra = metadata[0] ? await unpackMetadata(metadata[0]) : NO_METADATA;
  const problem = colourChunkProblem(extra, shape);
  if (problem !== null) throw corrupt(`its metadata does not fit the image: ${problem}`);
  return extra;
}

function assemblePng(
  shape: RasterShape,
  { beforeImage, afterImage, trailing }: PngMetadata,
  zlib: Uint8Array,
): Uint8Array {
  const image: PngChunk[] = [];
  for (let at = 0; at < zlib.length; at += MAX_CHUNK)
    image.push({ type: 'IDAT', data: zlib.subarray(at, at + MAX_CHUNK) });
  const end = { type: 'IEND', data: new Uint8Array(0) };
  return writeChunks([headerChunk(shape), ...beforeImage, ...image, ...afterImage, end], trailing);
}

function corrupt(what: string): PixrnnError {
  return new PixrnnError('file-corrupt', `${what}. Get the file again.`);
}
