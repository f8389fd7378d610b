import type { JpegComponentShape, JpegShape } from '../jpeg/coefficients.js';
import type { BitMap } from './bit-map.js';

const BLOCK_SIDE = 8;

/**
 * Returns the bits per 8 x 8 pixels of a JPEG image: at each pixel, the sum over the components of the bits of the
 * block that covers it. A block of a subsampled component covers more pixels, which share its bits.
 * @param blockBits code length of each block, f32[blocksHigh][blocksWide][2] for each component: AC, then DC
 */
export function blockMap({ width, height, components }: JpegShape, blockBits: readonly Float32Array[]): BitMap {
  const bits = new Float32Array(width * height);
  const most = {
    horizontal: Math.max(...components.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...components.map(({ vertical }) => vertical)),
  };
  for (const [i, component] of components.entries()) addComponent(bits, width, component, most, blockBits[i]!);
  return { width, height, bits };
}

function addComponent(
  bits: Float32Array,
  width: number,
  { horizontal, vertical, blocksWide }: JpegComponentShape,
  most: Pick<JpegComponentShape, 'horizontal' | 'vertical'>,
  blockBits: Float32Array,
): void {
  const blockOf = (pixel: number, factor: number, largest: number): number =>
    Math.floor((pixel * factor) / (largest * BLOCK_SIDE));
  const columns = Uint32Array.from({ length: width }, (_, x) => 2 * blockOf(x, horizontal, most.horizontal));
  const share = (horizontal * vertical) / (most.horizontal * most.vertical);
  for (let at = 0, y = 0; at < bits.length; y++) {
    const row = 2 * blocksWide * blockOf(y, vertical, most.vertical);
    for (let x = 0; x < width; x++, at++) {
      const block = row + columns[x]!;
      bits[at]! += share * (blockBits[block]! + blockBits[block + 1]!);
    }
  }
}
