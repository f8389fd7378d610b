import type { ChromaGrid } from './chroma-grid.js';
import type { ColourRule } from './colour-rule.js';
import { exactChroma, isClipped, nearChroma } from './pixel-chroma.js';

/** Steps of the gradient descent, and their length. */
const STEPS = 20;
const STEP_LENGTH = 1.5;
/** What the chroma of a clipped colour counts, compared with that of another one. */
const CLIPPED_WEIGHT = 0.02;

/** Returns the planes whose enlargement is nearest to the chroma of the pixels: most cells are right, others are near. */
export function estimateChroma(
  samples: Uint8Array,
  rule: ColourRule,
  grid: ChromaGrid,
  { chroma, weights } = wantedChroma(samples, rule),
): [Uint8Array, Uint8Array] {
  return chroma.map((wanted) => {
    const cells = new Float32Array(grid.size).fill(128);
    for (let step = 0; step < STEPS; step++) descend(grid, cells, wanted, weights);
    return Uint8Array.from(cells, (value) => Math.max(0, Math.min(255, Math.round(value))));
  }) as [Uint8Array, Uint8Array];
}

/** The chroma of each pixel as its colour implies, and the weight of that. */
export interface WantedChroma {
  readonly chroma: readonly [Float32Array, Float32Array];
  /** 1 if the colour has exactly one chroma pair, less if it is clipped or has none. */
  readonly weights: Float32Array;
}

/** Colours that are not clipped have one chroma pair at most; clipped ones say little. */
export function wantedChroma(samples: Uint8Array, rule: ColourRule): WantedChroma {
  const pixels = samples.length / 3;
  const chroma = [new Float32Array(pixels), new Float32Array(pixels)] as const;
  const weights = new Float32Array(pixels).fill(CLIPPED_WEIGHT);
  for (let i = 0; i < pixels; i++) {
    const exact = isClipped(samples, 3 * i) ? null : exactChroma(rule, samples, 3 * i);
    const [first, second] = exact ?? nearChroma(rule, samples, 3 * i);
    chroma[0][i] = first;
    chroma[1][i] = second;
    if (exact) weights[i] = 1;
  }
  return { chroma, weights };
}

/**
 * Moves a plane of real numbers towards the least squares solution of "its enlargement is `wanted`", with a weight for
 * each pixel.
 */
function descend(
  { columns, rows, width, height }: ChromaGrid,
  plane: Float32Array,
  wanted: Float32Array,
  weights: Float32Array,
): void {
  const unit =
    1 / ((columns.ownWeight[0]! + columns.neighbourWeight[0]!) * (rows.ownWeight[0]! + rows.neighbourWeight[0]!));
  const gradient = new Float32Array(plane.length);
  const total = new Float32Array(plane.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    const own = rows.own[y]! * columns.count;
    const neighbour = rows.neighbour[y]! * columns.count;
    for (let x = 0; x < width; x++, pixel++) {
      const [a, b] = [columns.own[x]!, columns.neighbour[x]!];
      const [wa, wb] = [unit * columns.ownWeight[x]!, unit * columns.neighbourWeight[x]!];
      const [va, vb] = [rows.ownWeight[y]!, rows.neighbourWeight[y]!];
      const value =
        va * (wa * plane[own + a]! + wb * plane[own + b]!) +
        vb * (wa * plane[neighbour + a]! + wb * plane[neighbour + b]!);
      const weight = weights[pixel]!;
      const missed = weight * (wanted[pixel]! - value);
      gradient[own + a]! += va * wa * missed;
      gradient[own + b]! += va * wb * missed;
      gradient[neighbour + a]! += vb * wa * missed;
      gradient[neighbour + b]! += vb * wb * missed;
      total[own + a]! += va * wa * weight;
      total[own + b]! += va * wb * weight;
      total[neighbour + a]! += vb * wa * weight;
      total[neighbour + b]! += vb * wb * weight;
    }
  }
  for (let cell = 0; cell < plane.length; cell++) plane[cell]! += (STEP_LENGTH * gradient[cell]!) / total[cell]!;
}
