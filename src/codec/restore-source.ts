import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import type { Raster } from '../image/raster.js';
import { rebuildSource } from '../recipe/recipe.js';
import { type Container, isStored } from './container.js';

/**
 * Returns the bytes of the source file; null if the file restores only its samples and metadata.
 * @param raster the decoded image of the container
 * @throws PixrnnError 'file-corrupt', 'hash-mismatch'
 */
export async function restoreSource(container: Container, raster: Raster): Promise<Uint8Array | null> {
  const { image, restoration, metadata } = container;
  if (isStored(image)) return image.source;
  if (restoration === null) return null;
  const source = await rebuildSource(restoration.recipe, raster, metadata);
  if (equalBytes(host().sha256().update(source).digest(), restoration.digest)) return source;
  throw new PixrnnError('hash-mismatch', 'it does not restore the file that was compressed. Get the file again.');
}
