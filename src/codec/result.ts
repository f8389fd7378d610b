import { PixrnnError } from '../errors.js';
import type { Coders } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import { sha256 } from './check.js';
import { chooseResult, type Exactness } from './choose-result.js';
import { type Container, encodeContainer, type Restoration, restorationLength, storedLength } from './container.js';
import type { SourceFile } from './source-file.js';

/** A .prnn file and its structure. */
export interface Result {
  readonly container: Container;
  readonly bytes: Uint8Array;
  /** Bytes of the file that `exact` would make; null if this is it, or if there is no recipe for the source. */
  readonly exactBytes: number | null;
}

/** What the choice needs besides the image. */
export interface ResultOptions {
  readonly exactness: Exactness;
  readonly pool: Coders;
  readonly signal: AbortSignal | undefined;
}

/**
 * Chooses between the file that restores samples and metadata, the one that restores the bytes of the source by a
 * recipe, and the one that holds the source.
 * @param pixels the container without a restoration
 * @throws PixrnnError `input-unsupported` if `exactness` is `exact`, but none restores the bytes of the source
 */
export async function chooseContainer(
  pixels: Container,
  raster: Raster,
  source: SourceFile | undefined,
  { exactness, pool, signal }: ResultOptions,
): Promise<Result> {
  const bytes = encodeContainer(pixels);
  if (!source) {
    if (exactness === 'exact') throw cannotRestore('there is no source file, or it is lossy or loses its metadata');
    return { container: pixels, bytes, exactBytes: null };
  }
  const restoration =
    exactness === 'pixels' ? null : await restorationOf(source, raster, pixels.metadata, pool, signal);
  const exactBytes = restoration && bytes.length + restorationLength(restoration);
  const { width, height } = raster;
  const stored = source.mayStore ? { width, height, extension: source.extension, source: source.bytes } : null;
  const sizes = { pixels: bytes.length, exact: exactBytes, stored: stored && storedLength(stored) };
  const choice = chooseResult(sizes, exactness);
  if (choice === null) throw cannotRestore('its encoder made choices that pixrnn cannot describe');
  if (choice === 'pixels') {
    return { container: pixels, bytes, exactBytes: exactBytes && Math.min(exactBytes, sizes.stored ?? Infinity) };
  }
  const container: Container =
    choice === 'exact'
      ? { ...pixels, restoration }
      : {
          ...pixels,
          header: { ...pixels.header, rgbModel: null, grayModel: null },
          activeAlphabet: null,
          image: { extension: source.extension, source: source.bytes, samples: raster.samples },
        };
  return { container, bytes: encodeContainer(container), exactBytes: null };
}

async function restorationOf(
  { bytes, extension }: SourceFile,
  raster: Raster,
  metadata: readonly Uint8Array[],
  pool: Coders,
  signal: AbortSignal | undefined,
): Promise<Restoration | null> {
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

function cannotRestore(why: string): PixrnnError {
  return new PixrnnError(
    'input-unsupported',
    `its bytes cannot be restored: ${why}. Compress it without asking for its exact bytes; samples and metadata are kept.`,
  );
}
