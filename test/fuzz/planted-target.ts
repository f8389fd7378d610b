import { readImage } from '#pixrnn/image/read-image.js';
import { outcomeOf } from '../../scripts/fuzz/outcome.js';
import type { Execute } from '../../scripts/fuzz/target.js';

/** The reader of PNM files with a bug: it fails on images of three rows. */
export const execute: Execute = async (input) => {
  const { value, refusal = null } = await outcomeOf(() => readImage(input, { maxPixels: 4096 }));
  if (value?.raster.height === 3) throw new TypeError('planted: three rows');
  return { reached: value !== undefined, refusal };
};
