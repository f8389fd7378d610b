import { CellSearch } from './cell-search.js';
import type { ChromaGrid } from './chroma-grid.js';
import type { ColourRule } from './colour-rule.js';
import { estimateChroma } from './estimate-chroma.js';

/** Default maximum number of passes over the cells. */
const PASSES = 6;
/** Share of pixels that do not follow from the first estimate, from which on the image has another origin, or none. */
const HOPELESS = 0.4;

/** Returns the chroma planes from which most pixels of an image follow, [rows][columns] of the grid. */
export function findChroma(
  samples: Uint8Array,
  rule: ColourRule,
  grid: ChromaGrid,
  passes = PASSES,
): [Uint8Array, Uint8Array] {
  const planes = estimateChroma(samples, rule, grid);
  const search = new CellSearch(samples, rule, grid, planes);
  if (search.exceptions() > HOPELESS) return planes;
  for (let pass = 0; pass < passes && search.pass(); pass++);
  return planes;
}
