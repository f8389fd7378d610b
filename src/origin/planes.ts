import { type ColourRule, writeColour } from './colour-rule.js';
import { ChromaGrid, type Phase } from './chroma-grid.js';
import type { Origin } from './origins.js';

/** Luma and chroma of an image. */
export interface Planes {
  /** [height][width] */
  readonly luma: Uint8Array;
  /** [rows][columns] of the chroma grid. */
  readonly chroma: readonly [first: Uint8Array, second: Uint8Array];
}

/** An image as its origin computes it. */
export interface OriginImage {
  readonly origin: Origin;
  readonly phase: Phase;
  readonly planes: Planes;
}

/** Returns the samples of an image that follow from its planes, [height][width][3]. */
export function samplesOfPlanes({ origin, phase, planes }: OriginImage, width: number, height: number): Uint8Array {
  return coloursOf(planes, origin.rule, new ChromaGrid(width, height, origin.subsampling, phase));
}

/** Returns the gray pixels of luma whose chroma is not decoded yet, [pixels][3], for display. */
export function samplesOfLuma(luma: ArrayLike<number>, rule: ColourRule): Uint8Array {
  const [first, second] = rule.chromaOf(128, 128, 128);
  const samples = new Uint8Array(3 * luma.length);
  for (let i = 0; i < luma.length; i++)
    writeColour(rule, luma[i]!, Math.round(first), Math.round(second), samples, 3 * i);
  return samples;
}

/** Returns the samples of R, G and B, [height][width][3]. */
export function coloursOf({ luma, chroma: [first, second] }: Planes, rule: ColourRule, grid: ChromaGrid): Uint8Array {
  const { width, height } = grid;
  const samples = new Uint8Array(3 * width * height);
  let pixel = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [c1, c2] = [grid.chromaAt(first, x, y), grid.chromaAt(second, x, y)];
      writeColour(rule, luma[pixel]!, c1, c2, samples, 3 * pixel);
    }
  }
  return samples;
}

/** Returns a - b modulo 256, sample by sample. */
export function differenceOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((sample, i) => sample - b[i]!);
}

/** Returns a + b modulo 256, sample by sample. */
export function sumOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((sample, i) => sample + b[i]!);
}
