import type { JpegComponent } from '../../jpeg/coefficients.js';
import { blockSamples } from '../../jpeg/idct.js';
import { NATURAL_ORDER } from '../../jpeg/zigzag.js';
import type { ChromaGrid } from '../chroma-grid.js';
import { type ColourRule, findLuma, type LumaRange } from '../colour-rule.js';
import type { WantedChroma } from '../estimate-chroma.js';
import type { Planes } from '../planes.js';
import { BLOCK_SIDE } from './block-grid.js';
import { forwardTransform } from './forward-dct.js';

/** Maximum number of passes over all blocks, and of changes of a block in a pass. */
const PASSES = 2;
const CHANGES = 8;
/** Changes that are tried at a time: of the coefficients that clear pixels want changed most, and of low frequencies. */
const WANTED = 6;
const LOW = 3;
/** What a pixel without any luma counts, and the most that it counts in addition. */
const EXCEPTION = 1;
const MAX_GAP = 8;
/** Mean of what pixels count from which on the image has another origin. */
const HOPELESS = 0.6;

/** Pixels from `left` to before `right`, and so on. */
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Changes coefficients of chroma one by one as long as more pixels have some luma that gives their colour. */
export class ChromaRefiner {
  private readonly range: LumaRange = { lowest: 0, highest: 0 };
  private readonly block = new Uint8Array(64);
  private readonly gradient = new Float64Array(64);
  private readonly transformed = new Float64Array(64);

  /**
   * @param planes the chroma planes, [rows][columns] of the grid; changed
   * @param components the coefficients of the two planes; changed
   */
  constructor(
    private readonly samples: Uint8Array,
    private readonly rule: ColourRule,
    private readonly grid: ChromaGrid,
    private readonly wanted: WantedChroma,
    private readonly planes: Planes['chroma'],
    private readonly components: readonly JpegComponent[],
  ) {}

  refine(): void {
    const { blocksWide, blocksHigh } = this.components[0]!;
    const { width, height } = this.grid;
    const enough = HOPELESS * width * height;
    if (this.gapsIn({ left: 0, top: 0, right: width, bottom: height }, enough) >= enough) return;
    let open = Array.from({ length: blocksWide * blocksHigh }, (_, block) => block);
    for (let pass = 0; pass < PASSES && open.length > 0; pass++) {
      open = open.filter((block) => this.improve(block)); // most have no gaps
    }
  }

  /** Changes a block; returns whether pixels are left that do not follow. */
  private improve(block: number): boolean {
    const area = this.areaOf(block);
    let gaps = this.gapsIn(area);
    for (let change = 0; change < CHANGES && gaps > 0; change++) {
      let best = { gaps, plane: -1, k: 0, sign: 0 };
      for (const plane of [0, 1]) {
        for (const [k, sign] of this.candidates(plane, block, area)) {
          this.change(plane, block, k, sign);
          const left = this.gapsIn(area, best.gaps);
          if (left < best.gaps) best = { gaps: left, plane, k, sign };
          this.change(plane, block, k, -sign);
        }
      }
      if (best.plane < 0) break;
      this.change(best.plane, block, best.k, best.sign);
      gaps = best.gaps;
    }
    return gaps > 0;
  }

  /** Returns coefficients, and the signs of their changes. */
  private candidates(plane: number, block: number, area: Area): [k: number, sign: number][] {
    this.wantedChange(plane, block, area);
    const { transformed } = this;
    const { quantisation } = this.components[plane]!;
    const wanted = Array.from(transformed, (change, k) => ({ k, change, weight: Math.abs(change) / quantisation[k]! }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, WANTED)
      .filter(({ weight }) => weight > 0)
      .map(({ k, change }): [number, number] => [k, Math.sign(change)]);
    const low = Array.from(NATURAL_ORDER.subarray(0, LOW)).flatMap((k): [number, number][] => [
      [k, 1],
      [k, -1],
    ]);
    return [...wanted, ...low];
  }

  /** Sets `transformed` to about the change of coefficients that clear pixels want. */
  private wantedChange(plane: number, block: number, { left, right, top, bottom }: Area): void {
    const { gradient, grid, wanted } = this;
    const { columns, rows, width } = grid;
    const [firstColumn, firstRow] = this.cornerOf(block);
    const samples = this.planes[plane]!;
    gradient.fill(0);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (wanted.weights[y * width + x] !== 1) continue;
        const missed = wanted.chroma[plane]![y * width + x]! - grid.chromaAt(samples, x, y);
        if (missed === 0) continue;
        const [column, row] = [columns.own[x]! - firstColumn, rows.own[y]! - firstRow];
        if (column >= 0 && row >= 0 && column < BLOCK_SIDE && row < BLOCK_SIDE) {
          gradient[BLOCK_SIDE * row + column]! += missed;
        }
      }
    }
    forwardTransform(gradient, this.transformed);
  }

  /** Adds `by` to a coefficient and computes the samples of its block. */
  private change(plane: number, block: number, k: number, by: number): void {
    const { coefficients, quantisation } = this.components[plane]!;
    const { columns, rows } = this.grid;
    coefficients[64 * block + k]! += by;
    blockSamples(coefficients, 64 * block, quantisation, { samples: this.block, at: 0, stride: BLOCK_SIDE });
    const [left, top] = this.cornerOf(block);
    const [wide, high] = [Math.min(BLOCK_SIDE, columns.count - left), Math.min(BLOCK_SIDE, rows.count - top)];
    for (let y = 0; y < high; y++) {
      const row = this.block.subarray(BLOCK_SIDE * y, BLOCK_SIDE * y + wide);
      this.planes[plane]!.set(row, (top + y) * columns.count + left);
    }
  }

  /** Returns column and row of the first cell of a block. */
  private cornerOf(block: number): [column: number, row: number] {
    const { blocksWide } = this.components[0]!;
    return [BLOCK_SIDE * (block % blocksWide), BLOCK_SIDE * Math.floor(block / blocksWide)];
  }

  /** Returns the pixels whose chroma depends on a block. */
  private areaOf(block: number): Area {
    const { columns, rows } = this.grid;
    const [column, row] = this.cornerOf(block);
    const right = Math.min(columns.count, column + BLOCK_SIDE);
    const bottom = Math.min(rows.count, row + BLOCK_SIDE);
    return {
      left: Math.min(...columns.start.subarray(column, right)),
      right: Math.max(...columns.end.subarray(column, right)),
      top: Math.min(...rows.start.subarray(row, bottom)),
      bottom: Math.max(...rows.end.subarray(row, bottom)),
    };
  }

  /** Returns how far pixels are from having a luma, as the sum over an area; stops at `enough`. */
  private gapsIn({ left, right, top, bottom }: Area, enough = Infinity): number {
    const { grid, rule, samples, range } = this;
    const [first, second] = this.planes;
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = 3 * (y * grid.width + x);
        if (findLuma(rule, samples, at, grid.chromaAt(first, x, y), grid.chromaAt(second, x, y), range)) continue;
        sum += EXCEPTION + Math.min(MAX_GAP, range.lowest - range.highest);
        if (sum >= enough) return sum;
      }
    }
    return sum;
  }
}
