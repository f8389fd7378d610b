import type { JpegComponent, JpegComponentShape } from '../../jpeg/coefficients.js';
import { BLOCK_SIDE } from './block-grid.js';
import { forwardTransform } from './forward-dct.js';
import type { PlanePlace } from './find-place.js';
import { HiddenSamples, type Prior, type Visible } from './hidden-samples.js';
import type { KnownSamples } from './known-samples.js';
import { type BlockRanges, BlockSolver } from './solve-block.js';

const CENTRE = 128;

/** Returns the DCT coefficients of all blocks whose samples are visible and clear. */
export function clearBlocks(plane: KnownSamples, { x, y }: PlanePlace): Float64Array[] {
  const blocks: Float64Array[] = [];
  const samples = new Float64Array(64);
  const first = (hidden: number): number => (BLOCK_SIDE - (hidden % BLOCK_SIDE)) % BLOCK_SIDE;
  for (let top = first(y); top + BLOCK_SIDE <= plane.height; top += BLOCK_SIDE) {
    for (let left = first(x); left + BLOCK_SIDE <= plane.width; left += BLOCK_SIDE) {
      if (!readClear(plane, left, top, samples)) continue;
      const coefficients = new Float64Array(64);
      forwardTransform(samples, coefficients);
      blocks.push(coefficients);
    }
  }
  return blocks;
}

function readClear({ width, samples, isClear }: KnownSamples, left: number, top: number, to: Float64Array): boolean {
  for (let i = 0; i < 64; i++) {
    const at = (top + (i >> 3)) * width + left + (i & 7);
    if (!isClear[at]) return false;
    to[i] = samples[at]! - CENTRE;
  }
  return true;
}

/** Finds the quantised coefficients of a plane: first those of the blocks that are visible, then of those at the edges. */
export function quantisePlane(plane: KnownSamples, place: PlanePlace, shape: JpegComponentShape): JpegComponent {
  const { blocksWide, blocksHigh, quantisation } = shape;
  const coefficients = new Int16Array(64 * blocksWide * blocksHigh);
  const solver = new BlockSolver(quantisation);
  const reader = new BlockReader(plane, place);
  const edges: [column: number, row: number][] = [];
  for (let row = 0; row < blocksHigh; row++) {
    for (let column = 0; column < blocksWide; column++) {
      if (reader.read(column, row))
        solver.solve(reader.start, reader.ranges, coefficients, 64 * (row * blocksWide + column));
      else edges.push([column, row]);
    }
  }
  const hidden = new HiddenFiller({ steps: quantisation, variances: meanSquares(coefficients) });
  for (const [column, row] of edges) {
    const at = 64 * (row * blocksWide + column);
    reader.read(column, row);
    if (solver.project(reader.start, reader.ranges, coefficients, at)) continue;
    hidden.fill(reader.start, reader.columns, reader.rows);
    solver.solve(reader.start, reader.ranges, coefficients, at);
  }
  return { ...shape, coefficients };
}

/** Reads the samples of blocks. */
class BlockReader {
  /** Samples less 128; hidden ones repeat the nearest visible one, as encoders pad images. */
  readonly start = new Float64Array(64);
  readonly ranges: BlockRanges = { lowest: new Uint8Array(64), highest: new Uint8Array(64) };
  columns: Visible = { from: 0, to: BLOCK_SIDE };
  rows: Visible = this.columns;

  constructor(
    private readonly plane: KnownSamples,
    private readonly place: PlanePlace,
  ) {}

  /** Returns whether all samples are visible. */
  read(column: number, row: number): boolean {
    const { plane, place, start, ranges } = this;
    const [left, top] = [BLOCK_SIDE * column - place.x, BLOCK_SIDE * row - place.y];
    this.columns = visiblePart(left, plane.width);
    this.rows = visiblePart(top, plane.height);
    for (let i = 0; i < 64; i++) {
      const [x, y] = [i & 7, i >> 3];
      const at = clamped(top + y, plane.height) * plane.width + clamped(left + x, plane.width);
      const isInside = isVisible(x, this.columns) && isVisible(y, this.rows);
      start[i] = plane.samples[at]! - CENTRE;
      ranges.lowest[i] = isInside ? plane.lowest[at]! : 0;
      ranges.highest[i] = isInside ? plane.highest[at]! : 255;
    }
    return lengthOf(this.columns) === BLOCK_SIDE && lengthOf(this.rows) === BLOCK_SIDE;
  }
}

/** Fills in the hidden samples of blocks of which columns or rows are hidden, but not both. */
class HiddenFiller {
  private readonly known = new Map<string, HiddenSamples>();

  constructor(private readonly prior: Prior) {}

  fill(block: Float64Array, columns: Visible, rows: Visible): void {
    const [across, down] = [lengthOf(columns), lengthOf(rows)];
    if (across > 0 && across < BLOCK_SIDE && down === BLOCK_SIDE) this.hiddenBeyond(columns, false).fill(block);
    if (down > 0 && down < BLOCK_SIDE && across === BLOCK_SIDE) this.hiddenBeyond(rows, true).fill(block);
  }

  private hiddenBeyond(visible: Visible, transposed: boolean): HiddenSamples {
    const key = `${visible.from} ${visible.to} ${transposed}`;
    const hidden = this.known.get(key) ?? new HiddenSamples(visible, this.prior, transposed);
    this.known.set(key, hidden);
    return hidden;
  }
}

/** Returns the mean squares of the 64 coefficients over all blocks. */
function meanSquares(coefficients: Int16Array): Float64Array {
  const means = new Float64Array(64);
  for (let at = 0; at < coefficients.length; at++) means[at & 63]! += coefficients[at]! ** 2;
  return means.map((sum) => sum / (coefficients.length / 64));
}

/** Returns which of the eight samples from `first` on are inside. */
function visiblePart(first: number, length: number): Visible {
  return { from: Math.max(0, -first), to: Math.max(0, Math.min(BLOCK_SIDE, length - first)) };
}

function isVisible(at: number, { from, to }: Visible): boolean {
  return at >= from && at < to;
}

function lengthOf({ from, to }: Visible): number {
  return to - from;
}

function clamped(place: number, length: number): number {
  return Math.max(0, Math.min(length - 1, place));
}
