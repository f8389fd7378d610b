import type { Raster } from '../image/raster.js';
import type { ColourRule } from './colour-rule.js';
import { exactChroma, isClipped } from './pixel-chroma.js';

/** Number of pixels whose colours are tested, and how many different colours there must be among them. */
const PROBES = 4000;
const MIN_COLOURS = 32;
/** Share of the colours that have luma and chroma. Other photographs reach 0.25. */
const MIN_SHARE = 0.97;

/** Returns the rules from which most colours of an image with R, G and B of 8 bits follow. */
export function matchingRules(raster: Raster, rules: readonly ColourRule[]): ColourRule[] {
  const colours = probedColours(raster);
  return colours.length < 3 * MIN_COLOURS ? [] : rules.filter((rule) => matches(colours, rule));
}

/** Returns different colours that are neither clipped nor gray, [count][3]: gray follows from any rule. */
function probedColours({ width, height, channels, samples }: Raster): Uint8Array {
  const pixels = width * height;
  const step = Math.max(1, Math.floor(pixels / PROBES));
  const seen = new Set<number>();
  const colours = new Uint8Array(3 * Math.ceil(pixels / step));
  let end = 0;
  for (let pixel = 0; pixel < pixels; pixel += step) {
    for (let c = 0; c < 3; c++) colours[end + c] = samples[pixel * channels + c]!;
    const [red, green, blue] = [colours[end]!, colours[end + 1]!, colours[end + 2]!];
    if (isClipped(colours, end) || (red === green && green === blue)) continue;
    const colour = (red << 16) | (green << 8) | blue;
    if (seen.has(colour)) continue;
    seen.add(colour);
    end += 3;
  }
  return colours.subarray(0, end);
}

function matches(colours: Uint8Array, rule: ColourRule): boolean {
  let allowedMisses = ((1 - MIN_SHARE) * colours.length) / 3;
  for (let at = 0; at < colours.length; at += 3) {
    if (!exactChroma(rule, colours, at) && --allowedMisses < 0) return false;
  }
  return true;
}
