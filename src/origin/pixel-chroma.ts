import { type ColourRule, findLuma, type LumaRange } from './colour-rule.js';

const NEAREST = [-1, 0, 1]
  .flatMap((first) => [-1, 0, 1].map((second) => [first, second] as const))
  .sort((a, b) => Math.abs(a[0]) + Math.abs(a[1]) - Math.abs(b[0]) - Math.abs(b[1]));
const range: LumaRange = { lowest: 0, highest: 0 };

/** Returns whether a channel of the pixel at `at` may be clipped, so that many luma and chroma values give its colour. */
export function isClipped(samples: Uint8Array, at: number): boolean {
  for (let c = 0; c < 3; c++) if (samples[at + c] === 0 || samples[at + c] === 255) return true;
  return false;
}

/** Returns whether the pixel at `at` has another colour than the one before it. */
export function isChange(samples: Uint8Array, at: number): boolean {
  for (let c = 0; c < 3; c++) if (samples[at + c] !== samples[at + c - 3]) return true;
  return false;
}

/** Returns chroma values near those of the pixel at `at`, as real numbers. */
export function nearChroma(rule: ColourRule, samples: Uint8Array, at: number): readonly [number, number] {
  return rule.chromaOf(samples[at]! + 0.5, samples[at + 1]! + 0.5, samples[at + 2]! + 0.5);
}

/** Returns the chroma with which some luma gives the pixel at `at` its colour; null if there is none. */
export function exactChroma(rule: ColourRule, samples: Uint8Array, at: number): readonly [number, number] | null {
  const [first, second] = nearChroma(rule, samples, at);
  for (const [da, db] of NEAREST) {
    const [a, b] = [Math.round(first) + da, Math.round(second) + db];
    if (a >= 0 && a <= 255 && b >= 0 && b <= 255 && findLuma(rule, samples, at, a, b, range)) return [a, b];
  }
  return null;
}
