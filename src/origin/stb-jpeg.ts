import { type ColourRule, offsets } from './colour-rule.js';
import { ruleOfFactors } from './rule-of-factors.js';

/*
 * YCbCr as stb_image converts it (stbi__YCbCr_to_RGB_row): factors with 12 binary places, rounded to nearest. What first
 * chroma adds to G is rounded down to 4 binary places.
 */

const UNIT = 2 ** 12;
const SCALE = 2 ** 20;
const GREEN_STEP = 2 ** 16;
const GREEN_OF_FIRST = -1410 / UNIT;

const exact = ruleOfFactors({
  factors: { red: 5743 / UNIT, blue: 7258 / UNIT, greenOfFirst: GREEN_OF_FIRST, greenOfSecond: -2925 / UNIT },
  ...{ scale: SCALE, lumaStep: SCALE, base: SCALE / 2 },
});

export const stbJpeg: ColourRule = {
  ...exact,
  greenOfFirst: offsets(
    (first) => SCALE / 2 + GREEN_STEP * Math.floor((SCALE * GREEN_OF_FIRST * (first - 128)) / GREEN_STEP),
  ),
};
