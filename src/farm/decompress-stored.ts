import { imageName } from '../batch/output-names.js';
import { sha256Text } from '../codec/check.js';
import { parseFile } from '../codec/container.js';
import { extensionOf, sourceOf } from '../codec/source-of.js';
import { sourceFormatOf, usualExtension } from '../image/formats.js';
import type { Coded, FileWork } from './file-work.js';
import { writeResult } from './write-result.js';

/** Restores an image. All hashes of the file are checked before it is written. */
export async function decompressStored(work: FileWork): Promise<Coded> {
  const { run, job, file, target, codec, model, signal } = work;
  const { format, maxPixels } = run.options;
  const parsed = parseFile(file.bytes, { maxPixels });
  const extension = extensionOf(parsed);
  const restores = extension !== null && (format === undefined || format === sourceFormatOf(extension));
  const output = imageName(job.file, restores ? extension : usualExtension(format ?? 'png'));
  const existing = restores && target && (await target.find(output)) ? await target.read(output) : null;
  if (existing && sourceOf(parsed).sourceDigest === sha256Text(existing.bytes)) {
    return { status: 'exists', output, bytes: existing.bytes.length, pixels: 0, samples: 0 };
  }
  const models = model && [model];
  const { bytes, whole, channels } = await codec.decompress(file.bytes, {
    ...{ format, maxPixels, models, signal, maxInputBytes: file.bytes.length },
  });
  const status = await writeResult(work, output, bytes);
  const pixels = whole.width * whole.height;
  return { status, output, bytes: bytes.length, pixels, samples: pixels * (channels ?? 3) };
}
