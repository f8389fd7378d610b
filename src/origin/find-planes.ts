import { medianPrediction } from '../median-predictor.js';
import { ChromaGrid, type Phase } from './chroma-grid.js';
import { type ColourRule, findLuma, type LumaRange } from './colour-rule.js';
import { findChroma } from './find-chroma.js';
import type { Origin } from './origins.js';
import { differenceOf, type Planes, samplesOfPlanes } from './planes.js';

/** An RGB image of 8 bits. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [height][width][3] */
  readonly samples: Uint8Array;
}

/** Planes of an image, and what does not follow from them. */
export interface FoundPlanes {
  readonly planes: Planes;
  /** Samples less those that follow from the planes, modulo 256, [height][width][3]; null if all are zero. */
  readonly exceptions: Uint8Array | null;
}

/**
 * Returns luma and chroma from which most pixels of an image follow, if it has this origin.
 * @param passes maximum number of passes over the chroma cells: more passes leave fewer exceptions
 */
export function findPlanes(
  { width, height, samples }: RgbImage,
  origin: Origin,
  phase: Phase,
  passes?: number,
): FoundPlanes {
  const grid = new ChromaGrid(width, height, origin.subsampling, phase);
  const chroma = findChroma(samples, origin.rule, grid, passes);
  const luma = findLumaPlane(samples, origin.rule, grid, chroma);
  const planes = { luma, chroma };
  const difference = differenceOf(samples, samplesOfPlanes({ origin, phase, planes }, width, height));
  return { planes, exceptions: difference.every((sample) => sample === 0) ? null : difference };
}

function findLumaPlane(samples: Uint8Array, rule: ColourRule, grid: ChromaGrid, chroma: Planes['chroma']): Uint8Array {
  const { width, height } = grid;
  const luma = new Uint8Array(width * height);
  const range: LumaRange = { lowest: 0, highest: 0 };
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [first, second] = [grid.chromaAt(chroma[0], x, y), grid.chromaAt(chroma[1], x, y)];
      // Several values are possible where channels are clipped: the expected one costs least.
      luma[pixel] = findLuma(rule, samples, 3 * pixel, first, second, range)
        ? Math.max(range.lowest, Math.min(range.highest, predictionAt(luma, width, x, y)))
        : lumaOfGreen(rule, samples[3 * pixel + 1]!, first, second);
    }
  }
  return luma;
}

function predictionAt(luma: Uint8Array, width: number, x: number, y: number): number {
  const at = y * width + x;
  const above = y > 0 ? luma[at - width]! : null;
  const left = x > 0 ? luma[at - 1]! : (above ?? 128);
  return medianPrediction(left, above ?? left, x > 0 && y > 0 ? luma[at - width - 1]! : (above ?? left));
}

/** Returns the luma that gives about this green. */
function lumaOfGreen(rule: ColourRule, green: number, first: number, second: number): number {
  const offset = rule.greenOfFirst[first]! + rule.greenOfSecond[second]!;
  return Math.max(0, Math.min(255, Math.round((rule.scale * (green + 0.5) - offset) / rule.lumaStep)));
}
