import { basisSample1d } from './forward-dct.js';
import { cholesky, nearestIntegers } from './lattice-search.js';

const SIDE = 8;
/** Variance of the rounding error of a sample, with that of the transform. */
const ROUNDING_VARIANCE = 0.1;
/** Added to the mean square of quantised coefficients. */
const MIN_VARIANCE = 0.02;

/** Visible samples of a line: from `from` to before `to`. */
export interface Visible {
  readonly from: number;
  readonly to: number;
}

/** What is known of the quantised coefficients of a plane, [8 v][8 u] each. */
export interface Prior {
  readonly steps: ArrayLike<number>;
  /** Mean squares of the quantised coefficients. */
  readonly variances: ArrayLike<number>;
}

/**
 * Fills in the hidden columns of a block, or its hidden rows. Each line of the transform along the other axis has a few
 * samples and eight quantised coefficients: those that are likeliest, given the samples, have the hidden ones.
 */
export class HiddenSamples {
  /** By line: its steps and the factor of its normal equations. */
  private readonly lines: readonly { readonly steps: Float64Array; readonly factor: Float64Array }[];

  /** @param transposed whether rows are hidden instead of columns */
  constructor(
    private readonly visible: Visible,
    { steps, variances }: Prior,
    private readonly transposed: boolean,
  ) {
    this.lines = Array.from({ length: SIDE }, (_, v) => {
      const lineSteps = Float64Array.from({ length: SIDE }, (_step, u) => steps[this.at(v, u)]!);
      const normal = new Float64Array(SIDE * SIDE);
      for (let i = 0; i < SIDE; i++) {
        for (let j = 0; j < SIDE; j++) {
          for (let x = visible.from; x < visible.to; x++) {
            normal[SIDE * i + j]! += basisSample1d(i, x) * basisSample1d(j, x) * lineSteps[i]! * lineSteps[j]!;
          }
          normal[SIDE * i + j]! /= ROUNDING_VARIANCE;
        }
        normal[SIDE * i + i]! += 1 / (MIN_VARIANCE + variances[this.at(v, i)]!);
      }
      return { steps: lineSteps, factor: cholesky(normal, SIDE) };
    });
  }

  /** @param block samples less 128, [8][8]; the hidden ones are set */
  fill(block: Float64Array): void {
    const { from, to } = this.visible;
    const filled = new Float64Array(SIDE * SIDE);
    for (let v = 0; v < SIDE; v++) {
      const visible = new Float64Array(SIDE);
      for (let x = from; x < to; x++) {
        for (let y = 0; y < SIDE; y++) visible[x]! += basisSample1d(v, y) * block[this.at(y, x)]!;
      }
      filled.set(this.solve(v, visible), SIDE * v);
    }
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        if (x >= from && x < to) continue;
        let sum = 0;
        for (let v = 0; v < SIDE; v++) sum += basisSample1d(v, y) * filled[SIDE * v + x]!;
        block[this.at(y, x)] = sum;
      }
    }
  }

  /** Returns all samples of line v. */
  private solve(v: number, visible: Float64Array): Float64Array {
    const { steps, factor } = this.lines[v]!;
    const { from, to } = this.visible;
    // R^T target = A^T visible, by forward substitution.
    const target = new Float64Array(SIDE);
    for (let i = 0; i < SIDE; i++) {
      let sum = 0;
      for (let x = from; x < to; x++) sum += (basisSample1d(i, x) * steps[i]! * visible[x]!) / ROUNDING_VARIANCE;
      for (let k = 0; k < i; k++) sum -= factor[SIDE * k + i]! * target[k]!;
      target[i] = sum / factor[SIDE * i + i]!;
    }
    const coefficients = nearestIntegers(factor, target);
    return Float64Array.from({ length: SIDE }, (_, x) =>
      coefficients.reduce((sum, coefficient, u) => sum + coefficient * steps[u]! * basisSample1d(u, x), 0),
    );
  }

  /** Returns the index of a sample or coefficient: `along` counts the hidden axis. */
  private at(across: number, along: number): number {
    return this.transposed ? SIDE * along + across : SIDE * across + along;
  }
}
