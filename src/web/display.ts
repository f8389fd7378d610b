import { expand } from '../image/expand.js';
import type { PngMetadata } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';

/**
 * Returns the pixels for `ImageData`, RGBA of 8 bits, [height][width][4]: for display only. Samples of other depths are scaled
 * to 8 bits; palettes and transparent colours are applied, colour profiles are not.
 */
export function displayPixels(raster: Raster, metadata: PngMetadata): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, channels, depth, samples } = expand(raster, metadata);
  const pixels = new Uint8ClampedArray(4 * width * height);
  const scale = 255 / (2 ** depth - 1);
  const [green, blue] = channels >= 3 ? [1, 2] : [0, 0];
  const alpha = channels === 2 || channels === 4 ? channels - 1 : null;
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 4) {
    pixels[to] = samples[from]! * scale;
    pixels[to + 1] = samples[from + green]! * scale;
    pixels[to + 2] = samples[from + blue]! * scale;
    pixels[to + 3] = alpha === null ? 255 : samples[from + alpha]! * scale;
  }
  return pixels;
}

/** Returns the pixels as a picture that a canvas draws unchanged. */
export function bitmapOf(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<ImageBitmap> {
  const image = new ImageData(pixels, width, height);
  return createImageBitmap(image, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
}
