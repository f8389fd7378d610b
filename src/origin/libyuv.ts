import type { ColourRule } from './colour-rule.js';
import { type ChromaFactors, ruleOfFactors } from './rule-of-factors.js';

/*
 * Y'CbCr as libyuv converts it on x86-64 (row_common.cc, YUVTORGB): chroma factors with 6 binary places, at most 128 / 64,
 * and luma * 257 * factor / 2^16 with the same places. Browsers draw video and AVIF images with it.
 */

const UNIT = 2 ** 6;
const LUMA_SCALE = 2 ** 16;
/** Of luma from 16 to 235. */
const LIMITED_RANGE = { luma: 18_997, base: -1160 };
const FULL_RANGE = { luma: 16_320, base: UNIT / 2 };

export const libyuvBt601 = libyuv(LIMITED_RANGE, {
  ...{ red: 102 / UNIT, blue: 128 / UNIT, greenOfFirst: -25 / UNIT, greenOfSecond: -52 / UNIT },
});
export const libyuvBt709 = libyuv(LIMITED_RANGE, {
  ...{ red: 115 / UNIT, blue: 128 / UNIT, greenOfFirst: -14 / UNIT, greenOfSecond: -34 / UNIT },
});
/** BT.601 with luma from 0 to 255. */
export const libyuvJpeg = libyuv(FULL_RANGE, {
  ...{ red: 90 / UNIT, blue: 113 / UNIT, greenOfFirst: -22 / UNIT, greenOfSecond: -46 / UNIT },
});

function libyuv({ luma, base }: typeof LIMITED_RANGE, factors: ChromaFactors): ColourRule {
  return ruleOfFactors({ factors, scale: UNIT * LUMA_SCALE, lumaStep: 257 * luma, base: base * LUMA_SCALE });
}
