import { ruleOfFactors } from './rule-of-factors.js';

/*
 * YCbCr as Go's image/color converts it (YCbCrToRGB): factors with 16 binary places and luma * 65793, which is
 * 65536 * 255.99 / 255, instead of rounding.
 */

const ONE = 2 ** 16;

export const goJpeg = ruleOfFactors({
  factors: { red: 91_881 / ONE, blue: 116_130 / ONE, greenOfFirst: -22_554 / ONE, greenOfSecond: -46_802 / ONE },
  ...{ scale: ONE, lumaStep: 0x10101, base: 0 },
});
