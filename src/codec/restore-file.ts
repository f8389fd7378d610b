import { decodeRaster, type DecompressOptions } from './decompress.js';
import type { PrnnFile } from './container.js';
import { restoreJpeg } from './open-container.js';
import { restoreSource } from './restore-source.js';

/**
 * Returns the bytes of the source of a parsed file of any kind; null if it restores only samples and metadata, which are
 * then not decoded.
 * @throws PixrnnError as `decompressToRaster` and `restoreSource`
 */
export async function restoreFile(file: PrnnFile, options: DecompressOptions = {}): Promise<Uint8Array | null> {
  if ('source' in file) return file.source;
  if ('record' in file) return restoreJpeg(file, options);
  return file.restoration && restoreSource(file, await decodeRaster(file, options), options);
}
