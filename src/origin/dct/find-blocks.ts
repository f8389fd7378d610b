import type { JpegImage } from '../../jpeg/coefficients.js';
import type { Size } from '../../subsample.js';
import { ChromaGrid, type Phase } from '../chroma-grid.js';
import { estimateChroma, type WantedChroma, wantedChroma } from '../estimate-chroma.js';
import type { Origin } from '../origins.js';
import { FULL_CHROMA, type Axis, type Subsampling } from '../subsampling.js';
import { BLOCK_SIDE, type BlockPlace, gridOfBlocks, shapeOfBlocks } from './block-grid.js';
import { chromaOfBlocks, cropped } from './block-planes.js';
import { estimateSteps } from './estimate-steps.js';
import { findContinuation } from './find-continuation.js';
import { likeliestPlace, type PlanePlace } from './find-place.js';
import { clearPixels, knownChroma, knownGray, knownLuma, type KnownSamples } from './known-samples.js';
import { clearBlocks, quantisePlane } from './quantise-plane.js';
import { ChromaRefiner } from './refine-chroma.js';

/** An image of 8 bits, RGB or gray. */
export interface DecodedImage extends Size {
  /** [height][width][3], or [height][width] for gray. */
  readonly samples: Uint8Array;
}

/** Quantised coefficients, and where the image lies on the grid of their blocks. */
export interface FoundBlocks {
  readonly place: BlockPlace;
  readonly image: JpegImage;
}

/** By how much more coefficients are 0 than on other grids of blocks, at least. */
const MIN_CONTRAST = 0.02;
/** Number of clear blocks from which on steps can be estimated. */
const MIN_BLOCKS = 8;
/** Errors of chroma that was interpolated, compared with those of rounding. */
const INTERPOLATION_ERROR = 1.7;

/** Finds the coefficients of a gray image; returns null if it shows no blocks. */
export function findGrayBlocks(tile: DecodedImage): FoundBlocks | null {
  const gray = knownGray(tile.samples, tile.width, tile.height);
  const at = findLumaPlace(gray, FULL_CHROMA, { x: 0, y: 0 });
  const steps = at && stepsOf([gray], at);
  if (!steps || !isQuantised(steps)) return null;
  const place = { ...at, continuesRight: false, continuesDown: false };
  const shape = shapeOfBlocks(tile, null, place, [steps]);
  return { place, image: { ...shape, components: [quantisePlane(gray, at, shape.components[0]!)] } };
}

/**
 * Finds the coefficients of an image with R, G and B; returns null if it shows no blocks. Luma of a pixel follows from
 * its chroma, so chroma comes first.
 */
export function findColourBlocks(tile: DecodedImage, origin: Origin, phase: Phase): FoundBlocks | null {
  const { rule, subsampling } = origin;
  const isClear = clearPixels(tile.samples);
  const grid = new ChromaGrid(tile.width, tile.height, subsampling, phase);
  const wanted = wantedChroma(tile.samples, rule);
  const estimated = estimateWithMargins(tile, origin, grid, phase, wanted);
  const chroma = estimated.map((plane) => knownChroma(plane, grid, isClear));
  const guess = findLumaPlace(knownLuma(tile.samples, rule, grid, estimated, isClear), subsampling, phase);
  if (guess === null) return null;
  const { luma: at, chroma: cells } = findMcuPlace(guess, chroma[0]!, subsampling);
  const chromaSteps = stepsOf(chroma, cells, grid.hasExactCells ? 1 : INTERPOLATION_ERROR);
  if (chromaSteps === null) return null;

  const ending = { ...at, continuesRight: false, continuesDown: false };
  const shape = shapeOfBlocks(tile, subsampling, ending, [chromaSteps, chromaSteps, chromaSteps]);
  const parts = chroma.map((plane, i) => quantisePlane(plane, cells, shape.components[i + 1]!));
  const place = findContinuation(tile, origin, ending, shape, parts);
  const blockGrid = gridOfBlocks(tile, subsampling, place, shape);
  const [lumaShape] = shape.components;
  const exact = chromaOfBlocks(parts, blockGrid);
  new ChromaRefiner(tile.samples, rule, blockGrid, wanted, exact, parts).refine();
  const luma = knownLuma(tile.samples, rule, blockGrid, exact, isClear);
  const steps = stepsOf([luma], at);
  if (steps === null || !isQuantised(steps)) return null;
  const component = quantisePlane(luma, at, { ...lumaShape!, quantisation: steps });
  return { place, image: { ...shape, components: [component, ...parts] } };
}

/**
 * Returns estimated chroma planes. Cells beyond the edges, which part of the pixels depend on where the JPEG image
 * continues there, are estimated with them.
 */
function estimateWithMargins(
  tile: DecodedImage,
  { rule, subsampling }: Origin,
  { columns, rows }: ChromaGrid,
  phase: Phase,
  wanted: WantedChroma,
): [Uint8Array, Uint8Array] {
  const margin = ({ step, neighbours }: Axis): number => (step > 1 && neighbours.some((cell) => cell !== 0) ? 1 : 0);
  const [x, y] = [margin(subsampling.horizontal), margin(subsampling.vertical)];
  const shifted = { x: phase.x + x * subsampling.horizontal.step, y: phase.y + y * subsampling.vertical.step };
  const counts = { columns: columns.count + 2 * x, rows: rows.count + 2 * y };
  const grid = new ChromaGrid(tile.width, tile.height, subsampling, shifted, counts);
  const inner = { x, y, width: columns.count, height: rows.count };
  const [first, second] = estimateChroma(tile.samples, rule, grid, wanted).map((samples) =>
    cropped({ samples, stride: counts.columns }, inner),
  );
  return [first!, second!];
}

/** Returns the place of luma on the grid of its blocks, given the phase of chroma; null if no place stands out. */
function findLumaPlace(luma: KnownSamples, { horizontal, vertical }: Subsampling, phase: Phase): PlanePlace | null {
  const places = ({ step }: Axis, first: number): number[] =>
    Array.from({ length: BLOCK_SIDE }, (_, i) => i).filter((i) => i % step === first);
  const all = places(vertical, phase.y).flatMap((y) => places(horizontal, phase.x).map((x) => ({ x, y })));
  const { place, contrast } = likeliestPlace(luma, all);
  return contrast < MIN_CONTRAST ? null : place;
}

/** Returns the place of luma on the grid of MCUs, and that of chroma on its blocks, given that of luma on its blocks. */
function findMcuPlace({ x, y }: PlanePlace, chroma: KnownSamples, { horizontal, vertical }: Subsampling) {
  const inMcu = ({ step }: Axis, at: number): number[] => (step === 1 ? [at] : [at, at + BLOCK_SIDE]);
  const places = inMcu(vertical, y).flatMap((my) =>
    inMcu(horizontal, x).map((mx) => ({
      ...{ x: Math.floor(mx / horizontal.step), y: Math.floor(my / vertical.step) },
      luma: { x: mx, y: my },
    })),
  );
  const { place } = likeliestPlace(chroma, places);
  return { luma: place.luma, chroma: { x: place.x, y: place.y } };
}

/** Steps of 1 explain every plane. */
function isQuantised(steps: Uint16Array): boolean {
  return steps.some((step) => step > 1);
}

/** Returns the quantisation steps of planes that share a table; null if there are too few blocks. */
function stepsOf(planes: readonly KnownSamples[], place: PlanePlace, error = 1): Uint16Array | null {
  const blocks = planes.flatMap((plane) => clearBlocks(plane, place));
  return blocks.length < MIN_BLOCKS ? null : estimateSteps(blocks, error);
}
