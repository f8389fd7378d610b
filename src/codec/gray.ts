import { allocateSamples, type Depth, type Samples } from '../samples.js';

/* RGB tiles whose pixels are all gray are coded as one channel. */

/** Returns whether R, G and B are equal in every pixel of [pixels][3]. */
export function isGrayOnly(rgb: Samples): boolean {
  for (let i = 0; i < rgb.length; i += 3) {
    if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  }
  return true;
}

/** Returns the first channel of [pixels][3], as [pixels]. */
export function grayFromRgb(rgb: Samples): Samples {
  return rgb.filter((_, i) => i % 3 === 0);
}

/** Inverse of `grayFromRgb` for gray pixels: returns [pixels][3]. */
export function rgbFromGray(gray: Samples, depth: Depth): Samples {
  const rgb = allocateSamples(3 * gray.length, depth);
  gray.forEach((value, i) => rgb.fill(value, 3 * i, 3 * i + 3));
  return rgb;
}
