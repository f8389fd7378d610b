import { blockSamples } from '../../jpeg/idct.js';
import { basisSample, forwardTransform, inverseTransform } from './forward-dct.js';

const CENTRE = 128;
/** A real number this close to a sample is rounded to it. */
const ROUNDING = 0.49;
/** Rounds of projection, and changes of one coefficient at a time. */
const PROJECTIONS = 10;
const CHANGES = 64;
/** Sum of squared gaps from which on no few changes help. */
const HOPELESS = 4000;

/** What is known of the samples of a block, each between 0 and 255; 0 and 255 may be clipped. */
export interface BlockRanges {
  readonly lowest: Uint8Array;
  readonly highest: Uint8Array;
}

/** Finds quantised coefficients whose samples are in given ranges. */
export class BlockSolver {
  private readonly coefficients = new Float64Array(64);
  private readonly values = new Float64Array(64);
  private readonly samples = new Uint8Array(64);
  /** [k][sample]: how the samples change with coefficient k. */
  private readonly changes: Float64Array;

  constructor(private readonly steps: Uint16Array) {
    this.changes = Float64Array.from({ length: 64 * 64 }, (_, i) => {
      const k = i >> 6;
      return steps[k]! * basisSample(k, i & 7, (i >> 3) & 7);
    });
  }

  /**
   * Writes the coefficients of a block.
   * @param start samples less 128 to begin with, 64
   * @param to quantised coefficients, natural order, from index `at` on
   * @returns whether all samples are in their ranges
   */
  solve(start: ArrayLike<number>, ranges: BlockRanges, to: Int16Array, at: number): boolean {
    return this.project(start, ranges, to, at) || this.descend(ranges, to, at);
  }

  /** The same, but faster, and it finds fewer blocks: moves samples into their ranges and quantises again. */
  project(start: ArrayLike<number>, ranges: BlockRanges, to: Int16Array, at: number): boolean {
    const { values } = this;
    for (let i = 0; i < 64; i++) values[i] = start[i]!;
    for (let round = 0; round < PROJECTIONS; round++) {
      if (!this.quantise(to, at) && round > 0) break;
      if (this.isExact(ranges, to, at)) return true;
      this.expand(to, at);
      for (let i = 0; i < 64; i++) values[i] = values[i]! - gapOf(values[i]!, ranges.lowest[i]!, ranges.highest[i]!);
    }
    return false;
  }

  /** Sets the coefficients to those of `values`; returns whether one changes. */
  private quantise(to: Int16Array, at: number): boolean {
    forwardTransform(this.values, this.coefficients);
    let changed = false;
    for (let k = 0; k < 64; k++) {
      const quantised = Math.round(this.coefficients[k]! / this.steps[k]!);
      if (to[at + k] !== quantised) changed = true;
      to[at + k] = quantised;
    }
    return changed;
  }

  private isExact({ lowest, highest }: BlockRanges, coefficients: Int16Array, at: number): boolean {
    const { samples } = this;
    blockSamples(coefficients, at, this.steps, { samples, at: 0, stride: 8 });
    for (let i = 0; i < 64; i++) if (samples[i]! < lowest[i]! || samples[i]! > highest[i]!) return false;
    return true;
  }

  /** Sets `values` to the samples of the coefficients, not rounded. */
  private expand(coefficients: Int16Array, at: number): void {
    for (let k = 0; k < 64; k++) this.coefficients[k] = coefficients[at + k]! * this.steps[k]!;
    inverseTransform(this.coefficients, this.values);
  }

  /** Changes one coefficient at a time by one step, that which brings the samples nearest to their ranges. */
  private descend(ranges: BlockRanges, to: Int16Array, at: number): boolean {
    const { values, changes } = this;
    this.expand(to, at);
    let cost = this.costOf(ranges, 0, 0, Infinity);
    if (cost > HOPELESS) return false;
    for (let change = 0; change < CHANGES; change++) {
      let [best, bestCost] = [0, cost];
      for (let k = 0; k < 64; k++) {
        for (const sign of [1, -1]) {
          const changed = this.costOf(ranges, k, sign, bestCost);
          if (changed < bestCost) [best, bestCost] = [sign * (k + 1), changed];
        }
      }
      if (best === 0) return false;
      const k = Math.abs(best) - 1;
      to[at + k]! += Math.sign(best);
      for (let i = 0; i < 64; i++) values[i]! += Math.sign(best) * changes[64 * k + i]!;
      cost = bestCost;
      if (this.isExact(ranges, to, at)) return true;
    }
    return false;
  }

  /** Returns the sum of the squared gaps after a change of coefficient k; stops at `enough`. */
  private costOf({ lowest, highest }: BlockRanges, k: number, sign: number, enough: number): number {
    let sum = 0;
    for (let i = 0; i < 64; i++) {
      const gap = gapOf(this.values[i]! + sign * this.changes[64 * k + i]!, lowest[i]!, highest[i]!);
      sum += gap * gap;
      if (sum >= enough) return sum;
    }
    return sum;
  }
}

/** Returns by how much a value less 128 is above the range of its sample, negative if below; else 0. */
function gapOf(value: number, lowest: number, highest: number): number {
  const bottom = lowest - CENTRE - ROUNDING;
  const top = highest - CENTRE + ROUNDING;
  if (lowest > 0 && value < bottom) return value - bottom;
  return highest < 255 && value > top ? value - top : 0;
}
