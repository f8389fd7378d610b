import type { CodingOptions } from '../codec/coding-options.js';
import { compressRaster } from '../codec/compress.js';
import { type CompressedJpeg, compressJpeg } from '../codec/compress-jpeg.js';
import { NO_REPRESENTATIONS } from '../codec/container-layout.js';
import { isCodedAsJpeg, jpegSource } from '../codec/jpeg-source.js';
import { type SourceFile, sourceFile } from '../codec/source-file.js';
import { PixrnnError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import { type ReadImage, readImage } from '../image/read-image.js';
import type { Model } from '../model/model.js';
import type { Channels } from '../samples.js';
import type { CompressedImage, CompressImageOptions } from './options.js';

/** An image to compress: a file with its name, or samples. */
export type GivenImage = { readonly bytes: Uint8Array; readonly name: string | null } | { readonly raster: Raster };

/** Options of `compressImage`, with the model loaded. */
export interface CompressGivenOptions extends Omit<
  CompressImageOptions,
  'model' | 'signal' | 'onProgress' | 'threads'
> {
  readonly model?: Model | undefined;
}

/** An image whose samples are coded; `source` and `file` are null and undefined for a raster. */
interface Samples extends Omit<ReadImage, 'source'> {
  readonly source: ReadImage['source'] | null;
  readonly file: SourceFile | undefined;
}

/**
 * Compresses an image; the coefficients of a JPEG file are coded, unless only its pixels are to be restored. The `bytes` of
 * the result own their buffer.
 * @throws PixrnnError as `readImage`, `compressRaster` and `compressJpeg`; the signal's reason
 */
export async function compressImage(
  given: GivenImage,
  options: CompressGivenOptions,
  coding: CodingOptions,
): Promise<CompressedImage> {
  if ('raster' in given) {
    const metadata = [...(options.metadata ?? [])];
    return compressSamples({ raster: given.raster, metadata, source: null, file: undefined }, options, coding);
  }
  if (options.metadata) {
    throw new PixrnnError(
      'usage',
      'the metadata option applies to rasters only: a file has its own metadata. Remove the option, or pass a raster.',
    );
  }
  const { bytes, name } = given;
  if (isCodedAsJpeg(bytes, options.exactness)) {
    const source = jpegSource(name, bytes, options);
    const { effort, verify, preview, parity, maxPixels } = options;
    const compressed = await compressJpeg(source, { ...coding, effort, verify, preview, parity, maxPixels });
    return jpegResult(compressed, source.warnings);
  }
  const image = await readImage(bytes, options);
  return compressSamples({ ...image, file: sourceFile(name, bytes, image, options) }, options, coding);
}

async function compressSamples(
  { raster, metadata, source, file }: Samples,
  { effort, verify, model, exactness, origin, preview, parity }: CompressGivenOptions,
  coding: CodingOptions,
): Promise<CompressedImage> {
  coding.signal?.throwIfAborted();
  const { width, height, channels, depth, indexed } = raster;
  const { bytes, ...figures } = await compressRaster(raster, {
    ...coding,
    ...{ effort, verify, model, metadata, source: file, exactness, origin, preview, parity },
  });
  return {
    bytes: Uint8Array.from(bytes),
    ...figures,
    ...{ width, height, channels, depth, indexed },
    sourceFormat: source?.format ?? null,
    pages: source?.pages ?? 1,
    lossy: source?.lossy ?? false,
    warnings: figures.restores === 'file' ? [] : (source?.warnings ?? []),
  };
}

/** Returns the result for a JPEG file whose coefficients were coded, or that is stored. */
function jpegResult(compressed: CompressedJpeg, warnings: readonly string[]): CompressedImage {
  const { width, height, shape, effort, sourceDigest, extension, storedBecause } = compressed;
  const { coefficientBytes: codedBytes, recordBytes: metadataBytes, previewBytes, parityBytes } = compressed;
  const bytes = Uint8Array.from(compressed.bytes);
  return {
    ...{ bytes, restores: 'file', extension, sourceDigest, exactBytes: null },
    ...{ modelId: '', modelName: 'jpeg', modelUsed: storedBecause === null, effort, tiles: 0 },
    ...{ codeLengthBits: [], modelCodeLengthBits: [], otherBits: 8 * codedBytes, codedBytes, metadataBytes },
    ...{ recipeBytes: 0, previewBytes, parityBytes },
    overheadBytes: bytes.length - codedBytes - metadataBytes - previewBytes - parityBytes,
    representations: { ...NO_REPRESENTATIONS, stored: storedBecause === null ? 0 : 1 },
    origin: null,
    ...{ width, height, channels: (shape?.components.length ?? 3) as Channels, depth: 8, indexed: false },
    ...{ sourceFormat: 'JPEG', pages: 1, lossy: true, warnings },
  };
}
