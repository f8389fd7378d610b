import type { JpegImage } from '../../jpeg/coefficients.js';
import type { Size } from '../../subsample.js';
import type { Origin } from '../origins.js';
import { coloursOf } from '../planes.js';
import { type BlockPlace, gridOfBlocks } from './block-grid.js';
import { lumaOfBlocks, planeOfBlocks, planesOfBlocks } from './block-planes.js';

/** The quantised coefficients of an image, and where it lies on the grid of their blocks. */
export interface BlockImage {
  /** Null for gray. */
  readonly origin: Origin | null;
  readonly place: BlockPlace;
  /** The components of `shapeOfBlocks`. */
  readonly image: JpegImage;
}

/** Returns the samples that a JPEG decoder computes from coefficients, [height][width][3], or [height][width] for gray. */
export function samplesOfBlocks({ origin, place, image }: BlockImage, size: Size): Uint8Array {
  if (origin === null) return lumaOfBlocks(planeOfBlocks(image.components[0]!), size, place);
  const grid = gridOfBlocks(size, origin.subsampling, place, image);
  return coloursOf(planesOfBlocks(image, grid, place), origin.rule, grid);
}
