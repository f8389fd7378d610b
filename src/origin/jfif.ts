import { type ColourRule, offsets } from './colour-rule.js';

/*
 * YCbCr of JFIF (ITU-R BT.601, full range), as libjpeg and libjpeg-turbo compute RGB: factors with 16 binary places,
 * rounded to nearest (jdcolor.c).
 */

const ONE = 2 ** 16;
const HALF = ONE / 2;

export const jfif: ColourRule = {
  scale: ONE,
  lumaStep: ONE,
  red: offsets((second) => 91_881 * (second - 128) + HALF),
  blue: offsets((first) => 116_130 * (first - 128) + HALF),
  greenOfFirst: offsets((first) => -22_554 * (first - 128) + HALF),
  greenOfSecond: offsets((second) => -46_802 * (second - 128)),
  chromaOf(red, green, blue) {
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    return [128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402];
  },
};
