import type { ChromaGrid } from './chroma-grid.js';
import { type ColourRule, findLuma, type LumaRange } from './colour-rule.js';
import { isChange } from './pixel-chroma.js';

/** Changes of the chroma of a cell that are tried, small ones first. */
const NEAR = [-2, -1, 0, 1, 2]
  .flatMap((first) => [-2, -1, 0, 1, 2].map((second) => [first, second] as const))
  .sort((a, b) => Math.abs(a[0]) + Math.abs(a[1]) - Math.abs(b[0]) - Math.abs(b[1]))
  .slice(1);
/** Changes of two neighbouring cells in one plane that are tried together. */
const PAIRS = [[1, -1], [-1, 1], [1, 1], [-1, -1], [1, -2], [-1, 2], [2, -1], [-2, 1]] as const; // prettier-ignore
/** What a pixel counts that does not follow from the planes, and the most that it counts in addition. */
const EXCEPTION = 1;
const MAX_GAP = 8;

/** Changes cells one by one as long as more pixels follow from them. */
export class CellSearch {
  private readonly range: LumaRange = { lowest: 0, highest: 0 };
  /** By cell: 1 if nothing near it has changed since it was visited. */
  private readonly isSettled: Uint8Array;
  /** Whether every pixel depends on several cells, so that one change often needs another. */
  private readonly hasPairs: boolean;

  constructor(
    private readonly samples: Uint8Array,
    private readonly rule: ColourRule,
    private readonly grid: ChromaGrid,
    private readonly planes: readonly [Uint8Array, Uint8Array],
  ) {
    this.isSettled = new Uint8Array(grid.size);
    this.hasPairs = !grid.hasExactCells;
  }

  /** Returns the share of pixels that do not follow from the planes, of those of another colour than the one before. */
  exceptions(): number {
    const { width, height } = this.grid;
    let [count, pixels] = [0, 0];
    for (let y = 0; y < height; y += 4) {
      for (let x = 1; x < width; x++) {
        if (!isChange(this.samples, 3 * (y * width + x))) continue;
        pixels++;
        if (!this.follows(x, y)) count++;
      }
    }
    return pixels === 0 ? 0 : count / pixels;
  }

  /** Visits every cell; returns whether one has changed. */
  pass(): boolean {
    const { columns, rows } = this.grid;
    let changed = false;
    for (let row = 0; row < rows.count; row++) {
      for (let column = 0; column < columns.count; column++) {
        const cell = row * columns.count + column;
        if (this.isSettled[cell]) continue;
        this.isSettled[cell] = 1;
        if (this.gapsIn(this.pixelsOf(column, row)) === 0) continue;
        const isBetter =
          this.improve(column, row) ||
          (this.hasPairs &&
            ((column + 1 < columns.count && this.improvePair([column, row], [column + 1, row])) ||
              (row + 1 < rows.count && this.improvePair([column, row], [column, row + 1]))));
        if (!isBetter) continue;
        changed = true;
        this.unsettle(column, row);
      }
    }
    return changed;
  }

  /** Has a cell and all around it visited again. */
  private unsettle(column: number, row: number): void {
    const { columns, rows } = this.grid;
    for (let y = Math.max(0, row - 1); y <= Math.min(rows.count - 1, row + 2); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns.count - 1, column + 2); x++) {
        this.isSettled[y * columns.count + x] = 0;
      }
    }
  }

  private improve(column: number, row: number): boolean {
    const area = this.pixelsOf(column, row);
    let best = this.gapsIn(area);
    const [first, second] = this.planes;
    const cell = row * this.grid.columns.count + column;
    const [a, b] = [first[cell]!, second[cell]!];
    let [bestA, bestB] = [a, b];
    for (const [candidateA, candidateB] of this.candidates(column, row)) {
      first[cell] = candidateA;
      second[cell] = candidateB;
      const gaps = this.gapsIn(area, best);
      if (gaps < best) [best, bestA, bestB] = [gaps, candidateA, candidateB];
      if (best === 0) break;
    }
    first[cell] = bestA;
    second[cell] = bestB;
    return bestA !== a || bestB !== b;
  }

  /** Changes two neighbours together, where each change alone would leave more pixels out. */
  private improvePair([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): boolean {
    const [area, other] = [this.pixelsOf(x, y), this.pixelsOf(toX, toY)];
    const both = { ...area, right: Math.max(area.right, other.right), bottom: Math.max(area.bottom, other.bottom) };
    const before = this.gapsIn(both);
    if (before === 0) return false;
    const { count } = this.grid.columns;
    const [cell, neighbour] = [y * count + x, toY * count + toX];
    for (const plane of this.planes) {
      const [a, b] = [plane[cell]!, plane[neighbour]!];
      for (const [da, db] of PAIRS) {
        if (a + da < 0 || a + da > 255 || b + db < 0 || b + db > 255) continue;
        plane[cell] = a + da;
        plane[neighbour] = b + db;
        if (this.gapsIn(both, before) < before) return true;
      }
      plane[cell] = a;
      plane[neighbour] = b;
    }
    return false;
  }

  /** Returns values near that of a cell, then those of its neighbours, for clipped pixels. */
  private candidates(column: number, row: number): [number, number][] {
    const [first, second] = this.planes;
    const { columns, rows } = this.grid;
    const at = (x: number, y: number): [number, number] => {
      const cell = y * columns.count + x;
      return [first[cell]!, second[cell]!];
    };
    const [a, b] = at(column, row);
    const near = NEAR.map(([da, db]): [number, number] => [a + da, b + db]);
    if (column > 0) near.push(at(column - 1, row));
    if (row > 0) near.push(at(column, row - 1));
    if (column + 1 < columns.count) near.push(at(column + 1, row));
    if (row + 1 < rows.count) near.push(at(column, row + 1));
    return near.filter(([c1, c2]) => c1 >= 0 && c1 <= 255 && c2 >= 0 && c2 <= 255);
  }

  /** Returns the pixels whose chroma depends on a cell; right and bottom are not included. */
  private pixelsOf(column: number, row: number) {
    const { columns, rows } = this.grid;
    return { left: columns.start[column]!, right: columns.end[column]!, top: rows.start[row]!, bottom: rows.end[row]! };
  }

  /** Returns how far pixels are from following from the planes, as the sum over an area; stops at `enough`. */
  private gapsIn({ left, right, top, bottom }: ReturnType<CellSearch['pixelsOf']>, enough = Infinity): number {
    const { range } = this;
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (this.follows(x, y)) continue;
        sum += EXCEPTION + Math.min(MAX_GAP, range.lowest - range.highest);
        if (sum >= enough) return sum;
      }
    }
    return sum;
  }

  /** Returns whether a pixel follows from the planes, and leaves the range of its luma. */
  private follows(x: number, y: number): boolean {
    const { grid, rule, samples, range } = this;
    const [first, second] = this.planes;
    const at = 3 * (y * grid.width + x);
    return findLuma(rule, samples, at, grid.chromaAt(first, x, y), grid.chromaAt(second, x, y), range);
  }
}
