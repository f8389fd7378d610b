import type { ColourRule } from './colour-rule.js';
import { type ChromaFactors, ruleOfFactors } from './rule-of-factors.js';

/*
 * Y'CbCr of video as libyuv converts it on x86-64 (row_common.cc, YUVTORGB): chroma factors with 6 binary places, at most
 * 128 / 64, and luma * 257 * 18997 / 2^16 with the same places. Chromium draws video with it.
 */

const UNIT = 2 ** 6;
const LUMA_SCALE = 2 ** 16;

export const libyuvBt601 = libyuv({
  ...{ red: 102 / UNIT, blue: 128 / UNIT, greenOfFirst: -25 / UNIT, greenOfSecond: -52 / UNIT },
});
export const libyuvBt709 = libyuv({
  ...{ red: 115 / UNIT, blue: 128 / UNIT, greenOfFirst: -14 / UNIT, greenOfSecond: -34 / UNIT },
});

function libyuv(factors: ChromaFactors): ColourRule {
  return ruleOfFactors({ factors, scale: UNIT * LUMA_SCALE, lumaStep: 257 * 18_997, base: -1160 * LUMA_SCALE });
}
