import { forwardTransform } from './forward-dct.js';

const SIDE = 8;
/** Blocks of a plane that are looked at on each axis, for each place of the grid. */
const PROBES = 10;
/** Coefficients below this are 0 but for the rounding of samples. */
const ZERO = 0.75;

/** A plane of samples, [height][width]. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly samples: ArrayLike<number>;
}

const block = new Float64Array(SIDE * SIDE);
const coefficients = new Float64Array(SIDE * SIDE);

/**
 * Returns the share of AC coefficients that are 0 in blocks whose first one begins at (x, y): it is highest where the
 * plane was quantised. 0 if no block fits.
 */
export function zeroShare({ width, height, samples }: Plane, x: number, y: number): number {
  const columns = Math.floor((width - x) / SIDE);
  const rows = Math.floor((height - y) / SIDE);
  let [zeros, count] = [0, 0];
  for (const row of probes(rows)) {
    for (const column of probes(columns)) {
      const first = (y + SIDE * row) * width + x + SIDE * column;
      for (let i = 0; i < 64; i++) block[i] = samples[first + (i >> 3) * width + (i & 7)]!;
      forwardTransform(block, coefficients);
      for (let k = 1; k < 64; k++) if (Math.abs(coefficients[k]!) < ZERO) zeros++;
      count += 63;
    }
  }
  return count === 0 ? 0 : zeros / count;
}

function probes(blocks: number): number[] {
  const count = Math.min(PROBES, blocks);
  return Array.from({ length: count }, (_, i) => Math.floor((i * blocks) / count));
}

/** A place on the grid of blocks: the hidden columns and rows of the first block. */
export interface PlanePlace {
  readonly x: number;
  readonly y: number;
}

/** Returns the candidate where most coefficients are 0, and by how much its share exceeds the median of all. */
export function likeliestPlace<Place extends PlanePlace>(
  plane: Plane,
  candidates: readonly Place[],
): { readonly place: Place; readonly contrast: number } {
  const shares = candidates
    .map((place) => ({ place, share: zeroShare(plane, (SIDE - place.x) % SIDE, (SIDE - place.y) % SIDE) }))
    .sort((a, b) => b.share - a.share);
  const [best] = shares;
  return { place: best!.place, contrast: best!.share - shares[shares.length >> 1]!.share };
}
