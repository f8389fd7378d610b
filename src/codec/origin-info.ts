import { partsOf, type TileChunk } from './container-layout.js';
import { decodePlanesPayload } from './planes-payload.js';

/** The luma and chroma from which an image was computed. */
export interface OriginInfo {
  /** "PhotoCD, 4:2:0": the rule and the subsampling of chroma. */
  readonly name: string;
  /** Bytes of what does not follow from luma and chroma, summed over all tiles. */
  readonly exceptionBytes: number;
}

/** Returns the origin of an image; null if no tile is coded as luma and chroma. */
export function originOf(tiles: readonly TileChunk[]): OriginInfo | null {
  const parts = tiles.flatMap(partsOf).filter(({ representation }) => representation === 'planes');
  const planes = parts.map(({ payload }) => decodePlanesPayload(payload));
  const [first] = planes;
  if (!first) return null;
  const exceptionBytes = planes.reduce((sum, { exceptions }) => sum + (exceptions?.payload.length ?? 0), 0);
  return { name: first.origin.name, exceptionBytes };
}
