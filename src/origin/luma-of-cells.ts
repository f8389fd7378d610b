import { AxisCells } from './axis-cells.js';
import type { Phase } from './chroma-grid.js';
import type { Subsampling } from './subsampling.js';

/**
 * Returns the luma of each chroma cell: the mean of that of its pixels, halves rounded up.
 * @param luma [height][width]
 * @returns [rows][columns] of cells
 */
export function lumaOfCells(
  luma: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  { horizontal, vertical }: Subsampling,
  phase: Phase,
): Uint8Array {
  const columns = new AxisCells(horizontal, width, phase.x);
  const rows = new AxisCells(vertical, height, phase.y);
  const sums = new Uint16Array(columns.count * rows.count);
  const pixels = new Uint8Array(sums.length);
  for (let y = 0, at = 0; y < height; y++) {
    const row = rows.own[y]! * columns.count;
    for (let x = 0; x < width; x++, at++) {
      const cell = row + columns.own[x]!;
      sums[cell]! += luma[at]!;
      pixels[cell]!++;
    }
  }
  return Uint8Array.from(sums, (sum, i) => Math.floor((2 * sum + pixels[i]!) / (2 * pixels[i]!)));
}
