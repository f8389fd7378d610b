/** Maximum number of values that a search tries. */
const MAX_VISITS = 4000;

/**
 * Returns the factor R of a positive definite matrix, R^T R, upper triangular, [size][size].
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      let sum = matrix[size * i + j]!;
      for (let k = 0; k < i; k++) sum -= factor[size * k + i]! * factor[size * k + j]!;
      factor[size * i + j] = i === j ? Math.sqrt(sum) : sum / factor[size * i + i]!;
    }
  }
  return factor;
}

/**
 * Returns the vector of integers z with the smallest |R z - target|, or the best that a bounded search finds
 * (C. P. Schnorr and M. Euchner, "Lattice basis reduction", 1994).
 * @param factor R, upper triangular, [size][size]
 */
export function nearestIntegers(factor: Float64Array, target: Float64Array): Float64Array {
  const size = target.length;
  const best = new Float64Array(size);
  const current = new Float64Array(size);
  let lowest = Infinity;
  let visits = 0;
  const visit = (i: number, distance: number): void => {
    if (i < 0) {
      lowest = distance;
      best.set(current);
      return;
    }
    let sum = target[i]!;
    for (let j = i + 1; j < size; j++) sum -= factor[size * i + j]! * current[j]!;
    const scale = factor[size * i + i]!;
    const centre = sum / scale;
    const first = Math.round(centre);
    const side = centre >= first ? 1 : -1;
    // From the nearest integer outwards, to both sides in turn.
    for (let n = 0; visits < MAX_VISITS; n++) {
      const value = first + (n % 2 === 1 ? side : -side) * Math.ceil(n / 2);
      const gap = scale * (value - centre);
      const total = distance + gap * gap;
      if (total >= lowest) return;
      visits++;
      current[i] = value;
      visit(i - 1, total);
    }
  };
  visit(size - 1, 0);
  return best;
}
