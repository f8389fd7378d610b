import { compressRaster } from '../codec/compress.js';
import { isCodedAsJpeg } from '../codec/jpeg-source.js';
import { sourceFile } from '../codec/source-file.js';
import { tileCount } from '../codec/tile-grid.js';
import { readImage } from '../image/read-image.js';
import { compressImage } from '../service/compress-image.js';
import { existingResult } from './existing-result.js';
import type { Coded, FileWork, MissingTiles } from './file-work.js';
import { continueSplit } from './tiles/continue-split.js';
import { splitImage } from './tiles/split-image.js';
import { removePlanned } from './tiles/work-files.js';
import { writeResult } from './write-result.js';

/** Compresses a file, or returns the tiles of a large image that are to be coded first. The result is decoded and compared before it is written. */
export async function compressStored(work: FileWork): Promise<Coded | MissingTiles> {
  const { run, job, file, target, pool, model, signal, splitPixels } = work;
  const existing = await existingResult(work);
  if (existing !== null) {
    if (target) await removePlanned(target, job);
    return existing;
  }
  const options = { ...run.options, model };
  if (isCodedAsJpeg(file.bytes, run.options.exactness)) {
    const compressed = await compressImage({ bytes: file.bytes, name: job.file }, options, { pool, signal });
    return writeResult(work, job.output, compressed.bytes, compressed);
  }
  const continued = target && (await continueSplit(work, target));
  if (continued) return continued;
  const image = await readImage(file.bytes, run.options);
  const { raster, metadata } = image;
  const source = sourceFile(job.file, file.bytes, image, run.options);
  const coding = { ...options, metadata, source, pool, signal };
  const isLarge = raster.width * raster.height >= splitPixels && tileCount(raster.width, raster.height) > 1;
  if (isLarge && target) return splitImage(work, target, raster, coding);
  const { bytes } = await compressRaster(raster, coding);
  return writeResult(work, job.output, bytes, raster);
}
