import { sharp } from './sharp.js';
import { PixrnnError } from '../errors.js';
import { type PngChunk, readChunks, writeChunks } from './png-chunks.js';
import { type PngMetadata, unpackMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

const NOTHING: PngMetadata = { beforeImage: [], afterImage: [], trailing: new Uint8Array(0) };

/**
 * A PNG file of these samples with the chunks from readImage's metadata back in their places.
 * @throws PixrnnError 'file-corrupt', 'unknown-revision' for bad metadata
 */
export async function writePng(raster: Raster, metadata: Uint8Array[]): Promise<Buffer> {
  if (metadata.length > 1) {
    throw new PixrnnError('file-corrupt', 'it holds more than one set of metadata. Get the file again.');
  }
  const extra = metadata[0] ? await unpackMetadata(metadata[0]) : NOTHING;
  const [header, ...rest] = await encodeSamples(raster);
  return writeChunks(
    [
      header!,
      ...extra.beforeImage,
      ...rest.filter(({ type }) => type === 'IDAT'),
      ...extra.afterImage,
      { type: 'IEND', data: new Uint8Array(0) },
    ],
    extra.trailing,
  );
}

/** The chunks of sharp's PNG: the header, the image, and whatever sharp adds on its own (a resolution). */
async function encodeSamples({ width, height, channels, samples }: Raster): Promise<PngChunk[]> {
  const png = await sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
  return readChunks(png).chunks;
}
