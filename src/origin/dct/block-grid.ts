import type { JpegComponentShape, JpegShape } from '../../jpeg/coefficients.js';
import type { Size } from '../../subsample.js';
import { cellCount } from '../axis-cells.js';
import { ChromaGrid } from '../chroma-grid.js';
import type { Subsampling } from '../subsampling.js';

export const BLOCK_SIDE = 8;

/** Where an image lies on the grid of MCUs of the JPEG image that it is a part of. */
export interface BlockPlace {
  /** Columns of pixels of its first MCU that lie to the left of it, below the width of an MCU. */
  readonly x: number;
  /** Rows of pixels of its first MCU that lie above it. */
  readonly y: number;
  /**
   * Whether the JPEG image continues beyond the right and the bottom edge: then hidden samples of the last blocks count
   * where chroma is enlarged, else the last visible ones do.
   */
  readonly continuesRight: boolean;
  readonly continuesDown: boolean;
}

/** Returns the number of blocks that cover the samples of a row or column. */
function blocksFor(samples: number): number {
  return Math.ceil(samples / BLOCK_SIDE);
}

/**
 * Returns the shape of the JPEG image whose blocks cover an image: luma and, with a subsampling, two chroma components.
 * @param steps the quantisation steps of each component, natural order
 */
export function shapeOfBlocks(
  { width, height }: Size,
  subsampling: Subsampling | null,
  place: BlockPlace,
  steps: readonly Uint16Array[],
): JpegShape {
  const component = (id: number, wide: number, high: number, factors: [number, number]): JpegComponentShape => {
    const [blocksWide, blocksHigh] = [blocksFor(wide), blocksFor(high)];
    return {
      ...{ id, blocksWide, blocksHigh, visibleWide: blocksWide, visibleHigh: blocksHigh },
      ...{ horizontal: factors[0], vertical: factors[1], quantisation: steps[id - 1]! },
    };
  };
  const whole: [number, number] = [width + place.x, height + place.y];
  const size = { width: whole[0], height: whole[1], precision: 8 as const };
  if (subsampling === null) return { ...size, components: [component(1, ...whole, [1, 1])] };
  const { horizontal, vertical } = subsampling;
  const cells: [number, number] = [cellCount(horizontal, width, place.x), cellCount(vertical, height, place.y)];
  return {
    ...size,
    components: [
      component(1, ...whole, [horizontal.step, vertical.step]),
      component(2, ...cells, [1, 1]),
      component(3, ...cells, [1, 1]),
    ],
  };
}

/** Returns the cells of the chroma planes that the blocks of `shape` hold, for the pixels of the image. */
export function gridOfBlocks(
  { width, height }: Size,
  subsampling: Subsampling,
  place: BlockPlace,
  { components }: JpegShape,
): ChromaGrid {
  const { blocksWide, blocksHigh } = components[1]!;
  return new ChromaGrid(width, height, subsampling, place, {
    columns: place.continuesRight ? BLOCK_SIDE * blocksWide : cellCount(subsampling.horizontal, width, place.x),
    rows: place.continuesDown ? BLOCK_SIDE * blocksHigh : cellCount(subsampling.vertical, height, place.y),
  });
}
