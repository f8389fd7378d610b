import { parseFile } from '../codec/container.js';
import { MAX_COMMAND_SECONDS } from '../codec/decoding-time.js';
import { decompressToRaster } from '../codec/decompress.js';
import { inspectFile } from '../codec/inspect.js';
import { requireUndamaged } from '../codec/parity-damage.js';
import { restoreFile } from '../codec/restore-file.js';
import type { Coded, FileWork } from './file-work.js';
import { coded } from './write-result.js';

/** Checks a .prnn file: its structure and checksums, or everything that it restores. */
export async function verifyStored({ run, file, pool, model, signal }: FileWork): Promise<Coded> {
  const { maxPixels, maxSeconds = MAX_COMMAND_SECONDS, full } = run.options;
  const { bytes } = file;
  const info = await inspectFile(bytes, { maxPixels });
  if (full) {
    const options = { maxPixels, maxSeconds, models: model && [model], pool, signal };
    const restored = await restoreFile(parseFile(bytes, options), options);
    if (restored === null) await decompressToRaster(bytes, options);
  }
  requireUndamaged(info.parity ?? undefined, full ?? false);
  return coded('done', null, 0, info);
}
