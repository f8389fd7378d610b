import { hexText } from '../bytes.js';

/**
 * The palette of heat maps: from near black through purple, red and orange to pale yellow. OKLab lightness increases linearly, so that
 * equal steps look equal and the map stays readable in grayscale.
 */

/** Number of colours; a map has one byte per pixel. */
export const LEVELS = 256;

/** OKLab lightness, 0 to 1, of the first and the last colour. */
const [DARKEST, LIGHTEST] = [0.14, 0.97];
/** Hue in degrees of the first and the last colour: from blue-purple past 360 to yellow. */
const [FIRST_HUE, LAST_HUE] = [285, 465];
/** Maximum chroma, in the middle; reduced where the colour is outside the sRGB gamut. */
const MAX_CHROMA = 0.19;
const CHROMA_STEP = 0.002;

/** R, G, B of each level, u8[LEVELS][3]. */
export const PALETTE: Uint8Array = Uint8Array.from(
  Array.from({ length: LEVELS }, (_, level) => colourAt(level / (LEVELS - 1))).flat(),
);

/** Returns a level's colour as "#rrggbb". */
export function hexColour(level: number): string {
  return `#${hexText(PALETTE.subarray(3 * level, 3 * level + 3))}`;
}

/** Returns R, G, B at t, 0 to 1; chroma is reduced until the colour is within the sRGB gamut. */
function colourAt(t: number): number[] {
  const lightness = DARKEST + (LIGHTEST - DARKEST) * t;
  const hue = ((FIRST_HUE + (LAST_HUE - FIRST_HUE) * t) * Math.PI) / 180;
  let chroma = MAX_CHROMA * Math.sin(Math.PI * (0.08 + 0.84 * t));
  while (chroma > 0 && !fits(toLinear(lightness, chroma, hue))) chroma -= CHROMA_STEP;
  return toLinear(lightness, Math.max(0, chroma), hue).map(gammaEncoded);
}

/** Converts OKLab to linear sRGB (B. Ottosson, "A perceptual color space for image processing", 2020). */
function toLinear(lightness: number, chroma: number, hue: number): number[] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function fits(linear: readonly number[]): boolean {
  return linear.every((value) => value >= 0 && value <= 1);
}

/** Converts a linear value to an sRGB byte. */
function gammaEncoded(linear: number): number {
  const value = Math.max(0, Math.min(1, linear));
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}
