import { PALETTE } from '#pixrnn/heat-map/palette.js';
import type { MeasuredBits } from '#pixrnn/web/index.js';

/** Returns the heat map as a picture: dark where a pixel needs few bits, bright where it needs many. */
export function heatPicture({ width, height, bits, max }: MeasuredBits): Promise<ImageBitmap> {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < bits.length; i++) {
    const level = 3 * Math.min(255, Math.round((255 * bits[i]!) / max));
    pixels[4 * i] = PALETTE[level]!;
    pixels[4 * i + 1] = PALETTE[level + 1]!;
    pixels[4 * i + 2] = PALETTE[level + 2]!;
    pixels[4 * i + 3] = 255;
  }
  return createImageBitmap(new ImageData(pixels, width, height));
}
