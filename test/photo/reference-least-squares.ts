/** The least-squares predictors of `photo` in f64 with whole matrices: the reference for the engine's. */

/** One predictor: neighbours in the channel itself, in the first and in the second other channel. */
export interface PredictorSet {
  readonly own: number;
  readonly first: number;
  readonly second: number;
  readonly lambda: number;
  readonly mu: number;
  readonly ridge: number;
  readonly step: number;
}

type Sizes = Pick<PredictorSet, 'own' | 'first' | 'second'>;

const RGB_SIZES: readonly Sizes[] = [
  { own: 15, first: 6, second: 6 },
  { own: 10, first: 5, second: 5 },
  { own: 6, first: 3, second: 3 },
];
const GRAY_SIZES: readonly Sizes[] = [21, 10, 6].map((own) => ({ own, first: 0, second: 0 }));

/** Returns the sets A to E for images with this many channels. */
export function predictorSets(channels: 1 | 3): PredictorSet[] {
  const [large, middle, small] = (channels === 3 ? RGB_SIZES : GRAY_SIZES) as [Sizes, Sizes, Sizes];
  return [
    { ...large, lambda: 0.95, mu: 0.8, ridge: 10, step: 4 },
    { ...large, lambda: 0.99, mu: 0.95, ridge: 30, step: 8 },
    { ...small, lambda: 0.85, mu: 0.7, ridge: 20, step: 4 },
    { ...middle, lambda: 0.92, mu: 0.6, ridge: 20, step: 4 },
    { ...large, lambda: 0.998, mu: 0.98, ridge: 50, step: 8 },
  ];
}

export type Position = readonly [dx: number, dy: number];
// prettier-ignore
const OWN: readonly Position[] = [
  [-1, 0], [0, -1], [-1, -1], [1, -1], [-2, 0], [0, -2], [2, -1], [-2, -1], [1, -2], [-1, -2], [-3, 0], [0, -3], [3, -1], [2, -2],
  [-2, -2], [-3, -1], [1, -3], [-1, -3], [3, -2], [-3, -2], [-4, 0],
];
// prettier-ignore
const OTHER: readonly Position[] = [[0, 0], [-1, 0], [0, -1], [-1, -1], [1, -1], [-2, 0], [0, -2]];

/** An image's samples in coding order: channel, row, column. */
export type Plane = (c: number, x: number, y: number) => number;

/** The predicted image, of any size. */
export interface Planes {
  readonly plane: Plane;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Returns the predictions of a set for all sub-pixels, [height][width][channels]. */
export function predictions(image: Planes, set: PredictorSet): Float64Array {
  const out = new Float64Array(image.width * image.height * image.channels);
  for (let c = 0; c < image.channels; c++) predictChannel(image, set, c, out);
  return out;
}

function predictChannel({ plane, width, height, channels }: Planes, set: PredictorSet, c: number, out: Float64Array) {
  const others = [0, 1, 2].filter((other) => other !== c && other < channels);
  const regressors = [
    ...OWN.slice(0, set.own).map((position) => [c, position] as const),
    ...others.flatMap((other, i) => {
      const skip = other > c ? 1 : 0;
      return OTHER.slice(skip, skip + (i === 0 ? set.first : set.second)).map((position) => [other, position] as const);
    }),
  ];
  const n = regressors.length;
  const size = n + 1;
  const zeros = (): Float64Array => new Float64Array(size * size);
  let above: Float64Array[] = [];
  let z: Float64Array = new Float64Array(n);
  for (let y = 0; y < height; y++) {
    let s = zeros();
    const current: Float64Array[] = [];
    for (let x = 0; x < width; x++) {
      const value = (channel: number, dx: number, dy: number): number => neighbour(plane, width, channel, x, y, dx, dy);
      const centre = (channel: number): number => (value(channel, -1, 0) + value(channel, 0, -1)) / 2;
      const v = Float64Array.from([...regressors.map(([ch, [dx, dy]]) => value(ch, dx, dy) - centre(ch)), 0]);
      const fits = x % set.step === y % set.step;
      if (fits || x === 0) {
        const t =
          above[fits ? Math.min((x + 3) >> Math.log2(set.step), (width - 1) >> Math.log2(set.step)) : 0] ?? zeros();
        z = solve(
          s.map((e, i) => e + (t[i] as number)),
          n,
          set.ridge,
        );
      }
      let prediction = centre(c);
      z.forEach((coefficient, i) => (prediction += coefficient * (v[i] as number)));
      out[(y * width + x) * channels + c] = Math.max(-20, Math.min(275, prediction));
      v[n] = plane(c, x, y) - centre(c);
      s = s.map((e, i) => set.lambda * e + (v[Math.floor(i / size)] as number) * (v[i % size] as number));
      if (fits) {
        const j = Math.min((x + 3) >> Math.log2(set.step), (width - 1) >> Math.log2(set.step));
        // As in the engine: the position after the last entry of the row above holds an earlier row's entry.
        const t = above[j] ?? zeros();
        current[x >> Math.log2(set.step)] = s.map((e, i) => e + set.mu * (t[i] as number));
      }
    }
    above = above.map((t, i) => current[i] ?? t);
    current.forEach((t, i) => (above[i] = t));
  }
}

/** Gaussian elimination; the matrix is positive definite. */
export function solve(matrix: Float64Array, n: number, ridge: number): Float64Array {
  const size = n + 1;
  const a = matrix.slice();
  const at = (i: number, j: number): number => a[i * size + j] as number;
  for (let i = 0; i < n; i++) a[i * size + i] = at(i, i) + ridge;
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = at(i, k) / at(k, k);
      for (let j = k; j < size; j++) a[i * size + j] = at(i, j) - factor * at(k, j);
    }
  }
  const z = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(i, n);
    for (let j = i + 1; j < n; j++) sum -= at(i, j) * (z[j] as number);
    z[i] = sum / at(i, i);
  }
  return z;
}

/** The history's rule for pixels beyond the borders (assembly/history.ts). */
export function neighbour(
  plane: Plane,
  width: number,
  c: number,
  x: number,
  y: number,
  dx: number,
  dy: number,
): number {
  if (y === 0 && (dy < 0 || x + dx < 0)) return x === 0 ? 128 : plane(c, dy < 0 ? x - 1 : 0, 0);
  if (dy === 0 && x + dx < 0) return x === 0 ? plane(c, 0, y - 1) : plane(c, 0, y);
  return plane(c, Math.max(0, Math.min(width - 1, x + dx)), Math.max(0, y + dy));
}
