/* Quantisation tables that encoders scale by a quality of 1..100, all in natural order. */

/** ITU-T T.81, table K.1. */
const LUMINANCE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];

/** ITU-T T.81, table K.2. */
const CHROMINANCE = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99],
  ...[99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99],
  ...[99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99],
];

/** N. Robidoux's table, the default of mozjpeg. */
const ROBIDOUX = [
  ...[16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75],
  ...[16, 20, 24, 31, 43, 62, 91, 135, 18, 27, 31, 40, 53, 74, 106, 156],
  ...[25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238],
  ...[56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418],
];

const BASES: readonly (readonly number[])[] = [LUMINANCE, CHROMINANCE, ROBIDOUX];
export const BASE_COUNT = BASES.length;
/** The base of mozjpeg's table. */
export const MOZJPEG_BASE = 2;
export const MAX_QUALITY = 100;

/** Maximum step of a table whose entries have 8 bits, and of one whose entries have 16. */
const MAX_STEP = 255;
const MAX_WIDE_STEP = 32_767;

/** A table that a base table and a quality determine. */
export interface ScaledTable {
  /** 0 luminance, 1 chrominance, 2 mozjpeg. */
  readonly base: number;
  /** 1..100. */
  readonly quality: number;
}

/**
 * Returns a base table scaled as the IJG's `jpeg_set_quality` does: 64 steps in natural order.
 * @param wide whether entries have 16 bits
 */
export function scaledTable({ base, quality }: ScaledTable, wide: boolean): Uint16Array {
  return Uint16Array.from(BASES[base]!, (step) => scaledStep(step, quality, wide));
}

/** Returns the base and quality that give exactly these steps; null if there are none. */
export function findScaledTable(steps: Uint16Array, wide: boolean): ScaledTable | null {
  for (let base = 0; base < BASE_COUNT; base++) {
    for (let quality = MAX_QUALITY; quality > 0; quality--) {
      const isSame = BASES[base]!.every((step, i) => scaledStep(step, quality, wide) === steps[i]);
      if (isSame) return { base, quality };
    }
  }
  return null;
}

function scaledStep(step: number, quality: number, wide: boolean): number {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Math.min(wide ? MAX_WIDE_STEP : MAX_STEP, Math.max(1, Math.floor((step * scale + 50) / 100)));
}
