import { imageName, PRNN_EXTENSION } from '../batch/output-names.js';
import { sha256Text } from '../codec/check.js';
import { parseFile } from '../codec/container.js';
import { MAX_COMMAND_SECONDS } from '../codec/decoding-time.js';
import { decompressToRaster } from '../codec/decompress.js';
import { extensionOf, sourceOf } from '../codec/source-of.js';
import { sourceFormatOf, usualExtension } from '../image/formats.js';
import { writeImage } from '../node/image/write-image.js';
import { restoreImage } from '../service/restore-image.js';
import type { Coded, FileWork } from './file-work.js';
import { type ImageSize, writeResult } from './write-result.js';

/** Restores an image. All hashes of the file are checked before it is written. */
export async function decompressStored(work: FileWork): Promise<Coded> {
  const { run, job, file, target } = work;
  const { format, maxPixels } = run.options;
  const parsed = parseFile(file.bytes, { maxPixels });
  const extension = extensionOf(parsed);
  const restores = extension !== null && (format === undefined || format === sourceFormatOf(extension));
  const output = imageName(job.file, restores ? extension : usualExtension(format ?? 'png'));
  const existing = restores && target && (await target.find(output)) ? await target.read(output) : null;
  if (existing && sourceOf(parsed).sourceDigest === sha256Text(existing.bytes)) {
    return { status: 'exists', output, bytes: existing.bytes.length, pixels: 0, samples: 0 };
  }
  const { bytes, ...size } = await restored(work);
  return writeResult(work, output, bytes, size);
}

async function restored({ run, job, file, pool, model, signal }: FileWork): Promise<ImageSize & { bytes: Uint8Array }> {
  const { format, maxPixels, maxSeconds = MAX_COMMAND_SECONDS } = run.options;
  const options = { maxPixels, maxSeconds, models: model && [model], pool, signal };
  const baseName = job.file.replace(PRNN_EXTENSION, '');
  const source = await restoreImage(file.bytes, { baseName, wanted: format }, options);
  if (source) return source;
  const { raster, container } = await decompressToRaster(file.bytes, options);
  const { width, height, channels } = raster;
  return { bytes: await writeImage(raster, container.metadata, format ?? 'png'), width, height, channels };
}
