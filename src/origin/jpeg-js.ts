import { ruleOfFactors } from './rule-of-factors.js';

/*
 * YCbCr as the npm package jpeg-js converts it, and Jimp with it: real factors, and the sums are rounded down. 22 binary
 * places give the same for all values; a test compares them.
 */

const SCALE = 2 ** 22;

export const jpegJs = ruleOfFactors({
  factors: { red: 1.402, blue: 1.772, greenOfFirst: -0.3441363, greenOfSecond: -0.71413636 },
  ...{ scale: SCALE, lumaStep: SCALE, base: 0 },
  product: (factor, chroma) => Math.round(SCALE * factor * chroma),
});
