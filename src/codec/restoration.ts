import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import { sha256 } from './check.js';
import type { Exactness } from './choose-result.js';
import type { Restoration } from './container-layout.js';
import type { SourceFile } from './source-file.js';

/** The source of an image, and what is to be restored of it. */
export interface Restorable {
  readonly source?: SourceFile | undefined;
  readonly metadata?: readonly Uint8Array[] | undefined;
  readonly exactness?: Exactness | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Returns the recipe for the source of an image; null if there is none, or if only its pixels are to be restored. */
export async function restorationOf(
  raster: Raster,
  { source, metadata = [], exactness, signal }: Restorable,
  pool: Coders,
): Promise<Restoration | null> {
  if (!source || exactness === 'pixels') return null;
  const { bytes, extension } = source;
  const recipe = await pool.runPlain(
    () => ({
      kind: 'make-recipe',
      source: bytes.slice(),
      raster: { ...raster, samples: raster.samples.slice() },
      metadata,
    }),
    { signal },
  );
  return recipe && { extension, recipe, digest: sha256(bytes) };
}
