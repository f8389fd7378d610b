import type { Phase } from '../chroma-grid.js';
import type { Origin } from '../origins.js';
import { differenceOf } from '../planes.js';
import { type DecodedImage, findColourBlocks, findGrayBlocks, type FoundBlocks } from './find-blocks.js';
import { samplesOfBlocks } from './samples-of-blocks.js';

/** The quantised coefficients from which most pixels of an image follow, and what does not follow from them. */
export interface FoundCoefficients extends FoundBlocks {
  /** Samples less those that follow, modulo 256, as the image's; null if all are zero. */
  readonly exceptions: Uint8Array | null;
}

/**
 * Returns the coefficients of the JPEG image that an image was decoded from; null if it shows no blocks.
 * @param origin how its colours were computed; null for gray
 */
export function findCoefficients(tile: DecodedImage, origin: Origin | null, phase: Phase): FoundCoefficients | null {
  const found = origin ? findColourBlocks(tile, origin, phase) : findGrayBlocks(tile);
  if (found === null) return null;
  const difference = differenceOf(tile.samples, samplesOfBlocks({ origin, ...found }, tile));
  return { ...found, exceptions: difference.every((sample) => sample === 0) ? null : difference };
}
