import { sha256Text } from '../codec/check.js';
import { parseFile } from '../codec/container.js';
import { sourceOf } from '../codec/source-of.js';
import type { Coded, FileWork } from './file-work.js';
import type { Storage } from './storage.js';
import { writeResult } from './write-result.js';

/** Compresses a file. The codec decodes the result and compares it before it is written. */
export async function compressStored(work: FileWork): Promise<Coded> {
  const { run, job, file, target, codec, model, signal } = work;
  const { output } = job;
  if (output === null || target === null) throw new Error('a job of compress has an output');
  const existing = await restoring(target, output, file.bytes);
  if (existing !== null) return { status: 'exists', output, bytes: existing, pixels: 0, samples: 0 };
  const { effort, exactness, origin, stripMetadata, allowLossySource, firstFrame, page, maxPixels } = run.options;
  const { bytes, width, height, channels } = await codec.compress(file.bytes, {
    ...{ effort, exactness, origin, stripMetadata, allowLossySource, firstFrame, page, maxPixels },
    ...{ name: job.file, model, signal, maxInputBytes: file.bytes.length },
  });
  const status = await writeResult(work, output, bytes);
  const pixels = width * height;
  return { status, output, bytes: bytes.length, pixels, samples: pixels * channels };
}

/** Returns the length of an existing, undamaged file that restores a source; null if there is none. */
async function restoring(target: Storage, output: string, source: Uint8Array): Promise<number | null> {
  if ((await target.find(output)) === null) return null;
  const { bytes } = await target.read(output);
  try {
    const { sourceDigest } = sourceOf(parseFile(bytes, { maxPixels: Infinity }));
    return sourceDigest === sha256Text(source) ? bytes.length : null;
  } catch {
    return null; // no .prnn file, or a damaged one
  }
}
