import { ruleOfFactors } from './rule-of-factors.js';

/*
 * YCbCr (BT.601, full range) of 4:2:0 as libheif converts HEIC and AVIF images (color-conversion/yuv2rgb.cc): factors
 * with 8 binary places, rounded to nearest. Its 4:4:4 is converted as by libjpeg.
 */

const ONE = 2 ** 8;

export const libheif = ruleOfFactors({
  factors: { red: 359 / ONE, blue: 454 / ONE, greenOfFirst: -88 / ONE, greenOfSecond: -183 / ONE },
  ...{ scale: ONE, lumaStep: ONE, base: ONE / 2 },
});
