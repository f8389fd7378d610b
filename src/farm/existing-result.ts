import { sha256Text } from '../codec/check.js';
import { parseFile } from '../codec/container.js';
import { sourceOf } from '../codec/source-of.js';
import type { Coded, FileWork } from './file-work.js';

/** Returns the outcome for a file whose result exists, is undamaged, and restores the file; null if there is none. */
export async function existingResult({ job: { output }, file, target }: FileWork): Promise<Coded | null> {
  if (output === null || target === null || (await target.find(output)) === null) return null;
  const { bytes } = await target.read(output);
  if (digestOf(bytes) !== sha256Text(file.bytes)) return null;
  return { status: 'exists', output, bytes: bytes.length, pixels: 0, samples: 0 };
}

function digestOf(bytes: Uint8Array): string | null {
  try {
    return sourceOf(parseFile(bytes, { maxPixels: Infinity })).sourceDigest;
  } catch {
    return null; // no .prnn file, or a damaged one
  }
}
