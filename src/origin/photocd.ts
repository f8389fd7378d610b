import { type ColourRule, offsets } from './colour-rule.js';

/*
 * Kodak PhotoCD, as its decoders compute 8-bit RGB, without the extension of highlights: with c1 = C1 - 156 and
 * c2 = C2 - 137, blue = floor(2.2179 c1) and red = floor(1.8215 c2), R = floor(1.3584 L + 1.8215 c2),
 * G = floor(1.3584 L - 0.194 blue - 0.509 red), B = floor(1.3584 L + 2.2179 c1).
 */

const LUMA = 13584;
const RED = 18215;
const BLUE = 22179;
const SCALE = 10_000;
const [FIRST_ZERO, SECOND_ZERO] = [156, 137];

export const photoCd: ColourRule = {
  scale: SCALE,
  lumaStep: LUMA,
  red: offsets((second) => RED * (second - SECOND_ZERO)),
  blue: offsets((first) => BLUE * (first - FIRST_ZERO)),
  greenOfFirst: offsets((first) => -1940 * Math.floor((BLUE * (first - FIRST_ZERO)) / SCALE)),
  greenOfSecond: offsets((second) => -5090 * Math.floor((RED * (second - SECOND_ZERO)) / SCALE)),
  chromaOf(red, green, blue) {
    // R and B are luma plus red and blue; G is luma less 0.194 of blue and 0.509 of red.
    const luma = (green + 0.194 * blue + 0.509 * red) / 1.703;
    return [FIRST_ZERO + (SCALE * (blue - luma)) / BLUE, SECOND_ZERO + (SCALE * (red - luma)) / RED];
  },
};
