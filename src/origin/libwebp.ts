import { type ColourRule, offsets } from './colour-rule.js';
import { chromaByFactors } from './rule-of-factors.js';

/*
 * Y'CbCr (BT.601, luma from 16 to 235) as libwebp converts lossy WebP images (src/dsp/yuv.h): factors with 14 binary
 * places, and every product is rounded down to 6 places.
 */

const [LUMA, RED, BLUE, GREEN_OF_FIRST, GREEN_OF_SECOND] = [19_077, 26_149, 33_050, 6419, 13_320] as const;
const ONE = 2 ** 14;
const PRODUCT_STEP = 2 ** 8;
const product = (factor: number, chroma: number): number => Math.floor((factor * chroma) / PRODUCT_STEP);

export const libwebp: ColourRule = {
  scale: ONE,
  lumaStep: LUMA,
  red: offsets((second) => PRODUCT_STEP * (product(RED, second) - 14_234)),
  blue: offsets((first) => PRODUCT_STEP * (product(BLUE, first) - 17_685)),
  greenOfFirst: offsets((first) => PRODUCT_STEP * (8708 - product(GREEN_OF_FIRST, first))),
  greenOfSecond: offsets((second) => -PRODUCT_STEP * product(GREEN_OF_SECOND, second)),
  chromaOf: chromaByFactors({
    ...{ red: RED / ONE, blue: BLUE / ONE, greenOfFirst: -GREEN_OF_FIRST / ONE, greenOfSecond: -GREEN_OF_SECOND / ONE },
  }),
};
