import { AxisCells } from './axis-cells.js';
import type { Subsampling } from './subsampling.js';

/** Where the pixels of an image lie in the cells of its chroma: 0, or 1 if the first pixel is the second one of a cell. */
export interface Phase {
  readonly x: 0 | 1;
  readonly y: 0 | 1;
}

/** The cells of the chroma planes of an image. A plane is [rows.count][columns.count]. */
export class ChromaGrid {
  readonly columns: AxisCells;
  readonly rows: AxisCells;
  private readonly shift: number;
  /** By place of the pixel in its cell: [row][column]. */
  private readonly rounding: Subsampling['rounding'];

  /**
   * @param phase pixels of the grid to the left of the image and above it
   * @param counts columns and rows of cells; default: up to the cell of the last pixel
   */
  constructor(
    readonly width: number,
    readonly height: number,
    { horizontal, vertical, rounding, shift }: Subsampling,
    phase: { readonly x: number; readonly y: number },
    counts?: { readonly columns: number; readonly rows: number },
  ) {
    this.columns = new AxisCells(horizontal, width, phase.x, counts?.columns);
    this.rows = new AxisCells(vertical, height, phase.y, counts?.rows);
    this.shift = shift;
    this.rounding = rounding;
  }

  /** Number of cells. */
  get size(): number {
    return this.columns.count * this.rows.count;
  }

  /** Returns the chroma of a pixel. */
  chromaAt(plane: Uint8Array, x: number, y: number): number {
    const { columns, rows } = this;
    const own = rows.own[y]! * columns.count;
    const neighbour = rows.neighbour[y]! * columns.count;
    const [a, b] = [columns.own[x]!, columns.neighbour[x]!];
    const [wa, wb] = [columns.ownWeight[x]!, columns.neighbourWeight[x]!];
    const near = wa * plane[own + a]! + wb * plane[own + b]!;
    const far = wa * plane[neighbour + a]! + wb * plane[neighbour + b]!;
    return (
      (rows.ownWeight[y]! * near +
        rows.neighbourWeight[y]! * far +
        this.rounding[rows.place[y]!]![columns.place[x]!]!) >>
      this.shift
    );
  }

  /** Whether some pixel of each cell has the chroma of the cell. */
  get hasExactCells(): boolean {
    return this.columns.neighbourWeight.includes(0) && this.rows.neighbourWeight.includes(0);
  }
}
