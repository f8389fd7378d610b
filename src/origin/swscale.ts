import type { ColourRule } from './colour-rule.js';
import { type ChromaFactors, ruleOfFactors } from './rule-of-factors.js';

/*
 * Y'CbCr as FFmpeg's swscale converts it by default on x86-64 (libswscale/x86/yuv_2_rgb.asm): factors with 13 binary
 * places, and every product is rounded down before they are added. OpenCV and PyAV read video with it.
 */

const SCALE = 2 ** 13;
/** Of luma from 16 to 235. */
const LIMITED_RANGE = { lumaStep: 9539, black: 16 };
const FULL_RANGE = { lumaStep: SCALE, black: 0 };

/** BT.601; also for video without a tag. */
export const swscaleBt601 = swscale(LIMITED_RANGE, {
  ...{ red: 13_075 / SCALE, blue: 16_525 / SCALE, greenOfFirst: -3209 / SCALE, greenOfSecond: -6660 / SCALE },
});
export const swscaleBt709 = swscale(LIMITED_RANGE, {
  ...{ red: 14_686 / SCALE, blue: 17_305 / SCALE, greenOfFirst: -1747 / SCALE, greenOfSecond: -4366 / SCALE },
});
/** BT.601 with luma from 0 to 255: JPEG images, and video of some cameras. */
export const swscaleJpeg = swscale(FULL_RANGE, {
  ...{ red: 11_485 / SCALE, blue: 14_516 / SCALE, greenOfFirst: -2819 / SCALE, greenOfSecond: -5850 / SCALE },
});

function swscale({ lumaStep, black }: typeof LIMITED_RANGE, factors: ChromaFactors): ColourRule {
  const product = (factor: number, chroma: number): number => SCALE * Math.floor(factor * chroma);
  return ruleOfFactors({ factors, scale: SCALE, lumaStep, base: -lumaStep * black, product });
}
