/** The fits to similar pixels of `photo` (docs/format/photo.md, "Similar pixels") in f64: the reference for the engine's. */
import { neighbour, type Planes, type Position, solve } from './reference-least-squares.js';

/** Neighbours of each channel, and reach of the window, of F, G and H. */
const FITS = [
  { neighbours: 3, reach: 6 },
  { neighbours: 4, reach: 8 },
  { neighbours: 7, reach: 10 },
] as const;
// prettier-ignore
const NEIGHBOURS: readonly Position[] = [[-1, 0], [-1, -1], [1, -1], [-2, 0], [0, -2], [2, -1], [1, -2]];

/** Returns the predictions of F, G and H for all sub-pixels, [height][width][channels]. */
export function similarPredictions(image: Planes): Float64Array[] {
  return FITS.map((fit) => predictionsOf(image, fit));
}

function predictionsOf(image: Planes, { neighbours, reach }: (typeof FITS)[number]): Float64Array {
  const { plane, width, height, channels } = image;
  const all = Array.from({ length: channels }, (_, c) => c);
  const n = neighbours * channels;
  const out = new Float64Array(width * height * channels);
  const vectors: Float64Array[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const near = (c: number, [dx, dy]: Position): number => neighbour(plane, width, c, x, y, dx, dy);
      const centres = all.map((c) => (near(c, [-1, 0]) + near(c, [0, -1])) / 2);
      const v = Float64Array.from([
        ...all.flatMap((c) => NEIGHBOURS.slice(0, neighbours).map((place) => near(c, place) - (centres[c] as number))),
        ...all.map((c) => plane(c, x, y) - (centres[c] as number)),
      ]);
      const around = windowOf(x, y, reach).flatMap(([px, py]) => {
        const u = px >= 0 && px < width && py >= 0 ? vectors[py * width + px] : undefined;
        return [{ u: u ?? new Float64Array(v.length), distance: Math.abs(px - x) + Math.abs(py - y) }];
      });
      const weighted = around.map(({ u, distance }) => ({ u, weight: weightOf(u, v, n, distance) }));
      const ridge = 0.02 * weighted.reduce((sum, { weight }) => sum + weight, 0);
      for (const c of all) {
        const regressors = n + c;
        const size = regressors + 1;
        const matrix = new Float64Array(size * size);
        for (const { u, weight } of weighted) {
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              (matrix[i * size + j] as number) += weight * (u[i] as number) * (u[j] as number);
            }
          }
        }
        const z = solve(matrix, regressors, ridge);
        const prediction = z.reduce((sum, value, i) => sum + value * (v[i] as number), centres[c] as number);
        out[(y * width + x) * channels + c] = Math.max(-20, Math.min(275, prediction));
      }
      vectors.push(v);
    }
  }
  return out;
}

/** Returns the pixels of the window around (x, y), in raster order; some may be outside the image. */
function windowOf(x: number, y: number, reach: number): Position[] {
  const pixels: Position[] = [];
  for (let dy = -reach; dy <= 0; dy++) {
    for (let dx = -reach; dx <= (dy < 0 ? reach : -1); dx++) pixels.push([x + dx, y + dy]);
  }
  return pixels;
}

function weightOf(u: Float64Array, v: Float64Array, n: number, distance: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += ((u[i] as number) - (v[i] as number)) ** 2;
  const d = sum / n + 2;
  return 0.9 ** distance / (d * Math.sqrt(d));
}
