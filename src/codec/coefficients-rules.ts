import { MAX_BLOCKS } from '../engine/jpeg-coder.js';
import { shapeOfBlocks } from '../origin/dct/block-grid.js';
import type { Channels, Depth } from '../samples.js';
import type { Size } from '../subsample.js';
import type { CoefficientsPart } from './coefficients-payload.js';

/** Returns what is wrong with coefficients for channels of a tile, or null. */
export function coefficientsFault(
  { origin, place, steps }: Omit<CoefficientsPart, 'effort' | 'coefficients' | 'exceptions'>,
  channels: Channels,
  size: Size,
  depth: Depth,
): string | null {
  const count = origin === null ? 1 : 3;
  if (channels !== count || depth !== 8) return 'has JPEG coefficients, but is not RGB or gray of 8 bits';
  const { components } = shapeOfBlocks(size, origin?.subsampling ?? null, place, steps);
  const fits = components.every(({ blocksWide, blocksHigh }) => Math.max(blocksWide, blocksHigh) <= MAX_BLOCKS);
  return fits ? null : 'has more blocks in a row or column than a JPEG image';
}
