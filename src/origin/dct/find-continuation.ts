import type { JpegComponent, JpegShape } from '../../jpeg/coefficients.js';
import { findLuma, type LumaRange } from '../colour-rule.js';
import type { Origin } from '../origins.js';
import { type BlockPlace, gridOfBlocks } from './block-grid.js';
import { chromaOfBlocks } from './block-planes.js';
import type { RgbImage } from '../find-planes.js';

/** Pixels along an edge that depend on what lies beyond it. */
const EDGE = 2;

/**
 * Returns the place with whether the JPEG image continues beyond the right and the bottom edge: whichever explains more
 * of the pixels there.
 * @param chroma the coefficients of both chroma components
 */
export function findContinuation(
  tile: RgbImage,
  origin: Origin,
  place: BlockPlace,
  shape: JpegShape,
  chroma: readonly JpegComponent[],
): BlockPlace {
  const { horizontal, vertical } = origin.subsampling;
  const { width, height } = tile;
  const right = { left: Math.max(0, width - EDGE), top: 0 };
  const bottom = { left: 0, top: Math.max(0, height - EDGE) };
  const exceptions = (candidate: BlockPlace, from: typeof right): number =>
    exceptionsFrom(tile, origin, candidate, shape, chroma, from);
  const isBetter = (candidate: BlockPlace, from: typeof right): boolean =>
    exceptions(candidate, from) < exceptions(place, from);
  return {
    ...place,
    continuesRight: horizontal.step > 1 && isBetter({ ...place, continuesRight: true }, right),
    continuesDown: vertical.step > 1 && isBetter({ ...place, continuesDown: true }, bottom),
  };
}

/** Returns the number of pixels from a corner on that no luma explains. */
function exceptionsFrom(
  { width, height, samples }: RgbImage,
  { rule, subsampling }: Origin,
  place: BlockPlace,
  shape: JpegShape,
  chroma: readonly JpegComponent[],
  { left, top }: { readonly left: number; readonly top: number },
): number {
  const grid = gridOfBlocks({ width, height }, subsampling, place, shape);
  const [first, second] = chromaOfBlocks(chroma, grid);
  const range: LumaRange = { lowest: 0, highest: 0 };
  let count = 0;
  for (let y = top; y < height; y++) {
    for (let x = left; x < width; x++) {
      const [c1, c2] = [grid.chromaAt(first, x, y), grid.chromaAt(second, x, y)];
      if (!findLuma(rule, samples, 3 * (y * width + x), c1, c2, range)) count++;
    }
  }
  return count;
}
