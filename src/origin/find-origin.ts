import type { Raster } from '../image/raster.js';
import type { Phase } from './chroma-grid.js';
import type { ColourRule } from './colour-rule.js';
import { findPlanes, type FoundPlanes, type RgbImage } from './find-planes.js';
import { matchingRules } from './matching-rules.js';
import { type Origin, ORIGINS } from './origins.js';
import { isChange, isClipped } from './pixel-chroma.js';
import type { Axis } from './subsampling.js';

/** An origin of an image, and where its pixels lie in the cells of its chroma. */
export interface FoundOrigin {
  readonly origin: Origin;
  readonly phase: Phase;
}

const RULES = [...new Set(ORIGINS.map(({ rule }) => rule))];
/** Squares that are tried: their side, how many there are to choose from per axis, and how many are tried. */
const SIDE = 48;
const PLACES = 6;
const SQUARES = 3;
const BORDER = 2;
/** Exceptions per pixel of the squares that differs from the one before. */
const MAX_EXCEPTIONS = 0.15;
/** What an exception and the chroma of a cell cost at about, in bits, for choosing between subsamplings. */
const EXCEPTION_BITS = 32;
const CHROMA_BITS = 4;

/** Returns the origin of an 8-bit image with R, G and B; null if none is found. Looks at a part of the pixels. */
export function findOrigin(raster: Raster): FoundOrigin | null {
  if (raster.channels < 3 || raster.depth !== 8) return null;
  const rules = matchingRules(raster, RULES);
  if (rules.length === 0) return null;
  const squares = colourfulSquares(raster);
  const pixels = squares.reduce((sum, square) => sum + changesIn(square), 0);
  let best: FoundOrigin | null = null;
  let lowest = Infinity;
  for (const candidate of candidatesOf(rules)) {
    const chromaBits = CHROMA_BITS / pixelsPerCell(candidate);
    if (chromaBits >= lowest) continue;
    const allowed = Math.min(MAX_EXCEPTIONS, (lowest - chromaBits) / EXCEPTION_BITS) * pixels;
    let exceptions = 0;
    for (const square of squares) {
      exceptions += exceptionsWithin(square, findPlanes(square, candidate.origin, candidate.phase, 1));
      if (exceptions >= allowed) break;
    }
    if (exceptions >= allowed) continue;
    best = candidate;
    lowest = chromaBits + (EXCEPTION_BITS * exceptions) / pixels;
  }
  return best;
}

/** Returns the number of pixels of another colour than the one before: any planes explain flat areas. */
function changesIn({ samples }: RgbImage): number {
  let count = 0;
  for (let at = 3; at < samples.length; at += 3) if (isChange(samples, at)) count++;
  return count;
}

/** Returns how many pixels do not follow from planes, without those at the border, which depend on cells outside. */
function exceptionsWithin({ width, height }: RgbImage, { exceptions }: FoundPlanes): number {
  if (exceptions === null) return 0;
  let count = 0;
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      const at = 3 * (y * width + x);
      if (exceptions[at] || exceptions[at + 1] || exceptions[at + 2]) count++;
    }
  }
  return count;
}

/** Returns all origins with these rules in all phases, from the fewest cells on. */
function candidatesOf(rules: readonly ColourRule[]): FoundOrigin[] {
  const phases = ({ step }: Axis): (0 | 1)[] => (step === 1 ? [0] : [0, 1]);
  return ORIGINS.filter(({ rule }) => rules.includes(rule))
    .flatMap((origin) => {
      const { horizontal, vertical } = origin.subsampling;
      return phases(vertical).flatMap((y) => phases(horizontal).map((x) => ({ origin, phase: { x, y } })));
    })
    .sort((a, b) => pixelsPerCell(b) - pixelsPerCell(a));
}

function pixelsPerCell({ origin: { subsampling } }: FoundOrigin): number {
  return subsampling.horizontal.step * subsampling.vertical.step;
}

/** Returns the squares of the image whose colours change most from pixel to pixel, without being clipped. */
function colourfulSquares(raster: Raster): RgbImage[] {
  const [width, height] = [Math.min(SIDE, raster.width), Math.min(SIDE, raster.height)];
  const places = (length: number, side: number): number[] => {
    // Even, so that the phase of a square is that of the image.
    const all = Array.from({ length: PLACES }, (_, i) => 2 * Math.floor(((length - side) * i) / (2 * (PLACES - 1))));
    return [...new Set(all)];
  };
  return places(raster.height, height)
    .flatMap((y) => places(raster.width, width).map((x) => squareAt(raster, x, y, width, height)))
    .map((square) => ({ square, change: colourChange(square) }))
    .sort((a, b) => b.change - a.change)
    .slice(0, SQUARES)
    .map(({ square }) => square);
}

function squareAt(raster: Raster, left: number, top: number, width: number, height: number): RgbImage {
  const samples = new Uint8Array(3 * width * height);
  let at = 0;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      for (let c = 0; c < 3; c++) samples[at++] = raster.samples[(y * raster.width + x) * raster.channels + c]!;
    }
  }
  return { width, height, samples };
}

/** Clipped pixels say nothing and count against a square. */
function colourChange({ samples }: RgbImage): number {
  let [change, clipped] = [0, 0];
  for (let at = 3; at < samples.length; at += 3) {
    if (isClipped(samples, at) || isClipped(samples, at - 3)) {
      clipped++;
      continue;
    }
    const difference = (c: number): number =>
      samples[at + c]! - samples[at + 1]! - samples[at + c - 3]! + samples[at - 2]!;
    change += Math.abs(difference(0)) + Math.abs(difference(2));
  }
  return change * (1 - (3 * clipped) / samples.length) ** 4;
}
