/**
 * How R, G and B follow from luma and two chroma values, all bytes:
 * `channel = clip(floor((lumaStep * luma + offset) / scale))`, where the offset of R depends on the second chroma value,
 * that of B on the first one, and that of G is a sum over both.
 */
export interface ColourRule {
  readonly scale: number;
  readonly lumaStep: number;
  /** Offsets by chroma value, [256] each. */
  readonly red: Int32Array;
  readonly blue: Int32Array;
  readonly greenOfFirst: Int32Array;
  readonly greenOfSecond: Int32Array;
  /** Returns chroma values near those of a colour, as real numbers. */
  readonly chromaOf: (red: number, green: number, blue: number) => readonly [first: number, second: number];
}

/** Returns the offsets of the 256 chroma values. */
export function offsets(offsetOf: (chroma: number) => number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, chroma) => offsetOf(chroma));
}

/** Writes the three samples of a pixel at `at`. */
export function writeColour(
  rule: ColourRule,
  luma: number,
  first: number,
  second: number,
  to: Uint8Array,
  at: number,
): void {
  const base = rule.lumaStep * luma;
  to[at] = clip((base + rule.red[second]!) / rule.scale);
  to[at + 1] = clip((base + rule.greenOfFirst[first]! + rule.greenOfSecond[second]!) / rule.scale);
  to[at + 2] = clip((base + rule.blue[first]!) / rule.scale);
}

function clip(value: number): number {
  return Math.max(0, Math.min(255, Math.floor(value)));
}

/** The luma values that give a pixel its colour; none if `lowest` exceeds `highest`. */
export interface LumaRange {
  lowest: number;
  highest: number;
}

/** Finds the luma values that give the pixel at `at` its three samples, given its chroma. */
export function findLuma(
  rule: ColourRule,
  samples: Uint8Array,
  at: number,
  first: number,
  second: number,
  range: LumaRange,
): boolean {
  range.lowest = 0;
  range.highest = 255;
  narrow(rule, samples[at]!, rule.red[second]!, range);
  narrow(rule, samples[at + 1]!, rule.greenOfFirst[first]! + rule.greenOfSecond[second]!, range);
  narrow(rule, samples[at + 2]!, rule.blue[first]!, range);
  return range.lowest <= range.highest;
}

/** Limits the range to the values that give a channel this sample. A sample of 0 or 255 may be clipped. */
function narrow({ scale, lumaStep }: ColourRule, sample: number, offset: number, range: LumaRange): void {
  if (sample > 0) range.lowest = Math.max(range.lowest, Math.ceil((scale * sample - offset) / lumaStep));
  if (sample < 255) {
    range.highest = Math.min(range.highest, Math.floor((scale * sample + scale - 1 - offset) / lumaStep));
  }
}
