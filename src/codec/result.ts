import { PixrnnError } from '../errors.js';
import type { Raster, RasterShape } from '../image/raster.js';
import { chooseResult, type Exactness } from './choose-result.js';
import {
  type Container,
  encodeContainer,
  encodeStored,
  type Restoration,
  restorationLength,
  storedLength,
} from './container.js';
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
  /** Absent if its bytes are not to be restored. */
  readonly source?: SourceFile | undefined;
  /** Null if there is no recipe for the source. */
  readonly restoration: Restoration | null;
  readonly exactness: Exactness;
}

/** The chosen kind of file, and the file. */
interface Choice extends Pick<Result, 'bytes' | 'exactBytes'> {
  readonly kind: 'pixels' | 'exact' | 'stored';
}

/**
 * Chooses between the file that restores samples and metadata, the one that restores the bytes of the source by a
 * recipe, and the one that holds the source.
 * @param pixels the container without a restoration
 * @throws PixrnnError `input-unsupported` if `exactness` is `exact`, but none restores the bytes of the source
 */
export function chooseKind(
  pixels: Container,
  { width, height }: Pick<RasterShape, 'width' | 'height'>,
  { source, restoration, exactness }: ResultOptions,
): Choice {
  const bytes = encodeContainer(pixels);
  if (!source) {
    if (exactness === 'exact') throw cannotRestore('there is no source file, or it is lossy or loses its metadata');
    return { kind: 'pixels', bytes, exactBytes: null };
  }
  const exactBytes = restoration && bytes.length + restorationLength(restoration);
  const stored = source.mayStore ? { width, height, extension: source.extension, source: source.bytes } : null;
  const sizes = { pixels: bytes.length, exact: exactBytes, stored: stored && storedLength(stored) };
  const kind = chooseResult(sizes, exactness);
  if (kind === null) throw cannotRestore('its encoder made choices that pixrnn cannot describe');
  if (kind === 'exact') return { kind, bytes: encodeContainer({ ...pixels, restoration }), exactBytes: null };
  if (kind === 'stored' && stored) return { kind, bytes: encodeStored(stored), exactBytes: null };
  return { kind, bytes, exactBytes: exactBytes && Math.min(exactBytes, sizes.stored ?? Infinity) };
}

/**
 * Returns the chosen file, see `chooseKind`.
 * @throws PixrnnError like `chooseKind`
 */
export function chooseContainer(pixels: Container, raster: Raster, options: ResultOptions): Result {
  const { kind, bytes, exactBytes } = chooseKind(pixels, raster, options);
  const { source, restoration } = options;
  if (kind === 'pixels' || !source) return { container: pixels, bytes, exactBytes };
  const container: Container =
    kind === 'exact'
      ? { ...pixels, restoration }
      : {
          ...pixels,
          header: { ...pixels.header, rgbModel: null, grayModel: null },
          activeAlphabet: null,
          image: { extension: source.extension, source: source.bytes, samples: raster.samples },
        };
  return { container, bytes, exactBytes };
}

function cannotRestore(why: string): PixrnnError {
  return new PixrnnError(
    'input-unsupported',
    `its bytes cannot be restored: ${why}. Compress it without asking for its exact bytes; samples and metadata are kept.`,
  );
}
