import { equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import { sha256 } from './check.js';
import type { CodingOptions } from './coding-options.js';
import { type Container, isStored } from './container.js';
import { withTimedPool } from './timed-coders.js';

/**
 * Returns the bytes of the source file; null if the file restores only its samples and metadata.
 * @param raster the decoded image of the container
 * @throws PixrnnError 'file-corrupt', 'hash-mismatch'
 */
export async function restoreSource(
  container: Container,
  raster: Raster,
  options: CodingOptions & { readonly maxSeconds?: number | undefined } = {},
): Promise<Uint8Array | null> {
  const { image, restoration, metadata } = container;
  if (isStored(image)) return image.source;
  if (restoration === null) return null;
  const { recipe, digest } = restoration;
  const source = await withTimedPool(options, 0, (pool) =>
    pool.runPlain(
      () => ({ kind: 'rebuild-source', recipe, raster: { ...raster, samples: raster.samples.slice() }, metadata }),
      { signal: options.signal },
    ),
  );
  if (equalBytes(sha256(source), digest)) return source;
  throw new PixrnnError('hash-mismatch', 'it does not restore the file that was compressed. Get the file again.');
}
