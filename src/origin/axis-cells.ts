import type { Axis } from './subsampling.js';

/** Returns the number of cells of a row or column of pixels. */
export function cellCount({ step }: Axis, pixels: number, phase: number): number {
  return Math.floor((pixels - 1 + phase) / step) + 1;
}

/**
 * The cells of a row or column of pixels: pixel x is pixel `x + phase` of the axis, so the first cells may have no pixel
 * (and those after the last pixel, with a given count).
 */
export class AxisCells {
  /** Number of cells. */
  readonly count: number;
  /** By pixel: its place in its cell, its cell, the neighbouring cell, and their weights. */
  readonly place: Uint8Array;
  readonly own: Int32Array;
  readonly neighbour: Int32Array;
  readonly ownWeight: Uint8Array;
  readonly neighbourWeight: Uint8Array;
  /** By cell: the first pixel that depends on it, and the one after the last. */
  readonly start: Int32Array;
  readonly end: Int32Array;

  constructor(axis: Axis, pixels: number, phase: number, count = cellCount(axis, pixels, phase)) {
    const { step, weights, neighbours } = axis;
    this.count = count;
    const last = this.count - 1;
    this.place = new Uint8Array(pixels);
    this.own = new Int32Array(pixels);
    this.neighbour = new Int32Array(pixels);
    this.ownWeight = new Uint8Array(pixels);
    this.neighbourWeight = new Uint8Array(pixels);
    this.start = new Int32Array(this.count).fill(pixels);
    this.end = new Int32Array(this.count);
    for (let x = 0; x < pixels; x++) {
      const place = (x + phase) % step;
      const cell = Math.floor((x + phase) / step);
      const neighbour = Math.max(0, Math.min(last, cell + neighbours[place]!));
      const [ownWeight, neighbourWeight] = weights[place]!;
      this.place[x] = place;
      this.own[x] = cell;
      this.neighbour[x] = neighbour;
      this.ownWeight[x] = ownWeight;
      this.neighbourWeight[x] = neighbourWeight;
      this.use(cell, x);
      if (neighbourWeight > 0) this.use(neighbour, x);
    }
  }

  private use(cell: number, pixel: number): void {
    this.start[cell] = Math.min(this.start[cell]!, pixel);
    this.end[cell] = pixel + 1;
  }
}
