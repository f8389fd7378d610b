import type { JpegComponent, JpegImage } from '../../jpeg/coefficients.js';
import { blockSamples } from '../../jpeg/idct.js';
import type { Size } from '../../subsample.js';
import type { ChromaGrid } from '../chroma-grid.js';
import type { Planes } from '../planes.js';
import { BLOCK_SIDE, type BlockPlace } from './block-grid.js';

/** Samples of a plane, such as those of all blocks of a component. */
export interface BlockPlane {
  /** [rows][stride] */
  readonly samples: Uint8Array;
  /** Samples in a row. */
  readonly stride: number;
}

/** Returns the samples of a component's coefficients. */
export function planeOfBlocks({ blocksWide, blocksHigh, coefficients, quantisation }: JpegComponent): BlockPlane {
  const stride = BLOCK_SIDE * blocksWide;
  const samples = new Uint8Array(stride * BLOCK_SIDE * blocksHigh);
  let from = 0;
  for (let row = 0; row < blocksHigh; row++) {
    for (let column = 0; column < blocksWide; column++, from += 64) {
      const at = BLOCK_SIDE * (row * stride + column);
      blockSamples(coefficients, from, quantisation, { samples, at, stride });
    }
  }
  return { samples, stride };
}

/** Returns luma of the image's pixels, [height][width]. */
export function lumaOfBlocks(luma: BlockPlane, { width, height }: Size, { x, y }: BlockPlace): Uint8Array {
  return cropped(luma, { x, y, width, height });
}

/** Returns the planes of a colour image of which `image` has the blocks. */
export function planesOfBlocks(image: JpegImage, grid: ChromaGrid, place: BlockPlace): Planes {
  const [luma, ...chroma] = image.components;
  return { luma: lumaOfBlocks(planeOfBlocks(luma!), grid, place), chroma: chromaOfBlocks(chroma, grid) };
}

/** Returns the chroma planes of two components, [rows][columns] of the grid. */
export function chromaOfBlocks(components: readonly JpegComponent[], { columns, rows }: ChromaGrid): Planes['chroma'] {
  const cells = { x: 0, y: 0, width: columns.count, height: rows.count };
  const [first, second] = components.map((component) => cropped(planeOfBlocks(component), cells));
  return [first!, second!];
}

/** Returns a part of a plane, [height][width]. */
export function cropped(
  { samples, stride }: BlockPlane,
  { x, y, width, height }: Size & { readonly x: number; readonly y: number },
): Uint8Array {
  const part = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * stride + x;
    part.set(samples.subarray(start, start + width), row * width);
  }
  return part;
}
