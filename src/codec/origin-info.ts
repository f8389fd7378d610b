import { estimateQuality, type EstimatedQuality } from '../jpeg/quality.js';
import { partsOf, type TileChunk } from './container-layout.js';
import { decodeOriginPayload, type OriginPart } from './origin-payload.js';

/** The luma and chroma from which an image was computed, or the JPEG image. */
export interface OriginInfo {
  /** "PhotoCD, 4:2:0": the rule and the subsampling of chroma. */
  readonly name: string;
  /** Bytes of what does not follow from luma and chroma, summed over all tiles. */
  readonly exceptionBytes: number;
  /** The quality of the JPEG image whose coefficients are coded; null if luma and chroma are coded. */
  readonly quality: EstimatedQuality | null;
}

/** Returns the origin of an image; null if no tile is coded as luma and chroma or as JPEG coefficients. */
export function originOf(tiles: readonly TileChunk[]): OriginInfo | null {
  const parts = tiles
    .flatMap(partsOf)
    .filter(({ representation }) => representation === 'planes')
    .map(({ payload }) => decodeOriginPayload(payload));
  const first = parts.find((part) => !('luma' in part)) ?? parts[0];
  if (!first) return null;
  const exceptionBytes = parts.reduce((sum, { exceptions }) => sum + (exceptions?.payload.length ?? 0), 0);
  return { name: nameOf(first), exceptionBytes, quality: 'luma' in first ? null : estimateQuality(first.steps[0]!) };
}

function nameOf({ origin }: OriginPart): string {
  return origin?.name ?? 'JPEG, gray';
}
