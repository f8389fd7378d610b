/** The photo network and its likelihood as plain loops in f64: the reference for its tfjs implementation. */
import type { PhotoSpec } from '#pixrnn/model/photo.js';
import type { PhotoTiles } from '#pixrnn/train/networks/photo.js';

export type Tensors = ReadonlyMap<string, ArrayLike<number>>;

/** Returns the bits of a value; `parameters` are the outputs of a head, [P]. */
export function referenceBits(parameters: ArrayLike<number>, k: number, centre: number, value: number): number {
  const at = (i: number): number => parameters[i] as number;
  const components = Array.from({ length: k }, (_, i) => ({
    weight: Math.exp(at(i)),
    mean: centre + 8 * at(k + i),
    scale: Math.exp(Math.max(-3.5, Math.min(5.5, at(2 * k + i) + 1))),
  }));
  const whole = components.reduce((sum, { weight }) => sum + weight, 0);
  /** P(value < b). */
  const cdf = (b: number): number => {
    if (b <= 0) return 0;
    if (b >= 256) return 1;
    const mixed = components.reduce(
      (sum, { weight, mean, scale }) => sum + weight / whole / (1 + Math.exp((mean - (b - 0.5)) / scale)),
      0,
    );
    return (1 - 2 ** -9) * mixed + (2 ** -9 * b) / 256;
  };
  return -Math.log2(cdf(value + 1) - cdf(value));
}

/** Returns the mixture parameters, [channels][n][P]. */
export function referenceParameters(
  { features, blocks, channels, components }: PhotoSpec,
  tensors: Tensors,
  { shape, inputs, extras }: Pick<PhotoTiles, 'shape' | 'inputs' | 'extras'>,
): Float64Array[][] {
  const { batch, height, width } = shape;
  const n = batch * height * width;
  /** x W + b. */
  const dense = (x: ArrayLike<number>, layer: string): Float64Array => {
    const bias = tensors.get(`${layer}.bias`) as ArrayLike<number>;
    const weight = tensors.get(`${layer}.weight`) as ArrayLike<number>;
    const y = Float64Array.from(bias);
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < y.length; j++) {
        y[j] = (y[j] as number) + (x[i] as number) * (weight[i * y.length + j] as number);
      }
    }
    return y;
  };
  const leaky = (x: Float64Array): Float64Array => x.map((v) => (v > 0 ? v : 0.1 * v));
  const rowOf = (values: Float32Array, i: number): Float32Array => {
    const columns = values.length / n;
    return values.subarray(i * columns, (i + 1) * columns);
  };
  const pixels = Array.from({ length: n }, (_, i) => i);

  let x = pixels.map((i) => dense(rowOf(inputs, i), 'input'));
  for (let block = 0; block < blocks; block++) {
    const a = x.map(leaky);
    /** Returns the features of the pixel at (dx, dy) from pixel i, in the same tile. */
    const tap = (i: number, dx: number, dy: number): Float64Array => {
      const [u, v] = [(i % width) + dx, (Math.floor(i / width) % height) + dy];
      const inside = u >= 0 && u < width && v >= 0;
      return inside ? (a[i + dy * width + dx] as Float64Array) : new Float64Array(features);
    };
    x = x.map((before, i) => {
      const taps = [tap(i, -1, -1), tap(i, 0, -1), tap(i, 1, -1), tap(i, -1, 0), tap(i, 0, 0)];
      const convolved = leaky(dense(Float64Array.from(taps.flatMap((t) => [...t])), `block.${block}.conv`));
      const added = dense(convolved, `block.${block}.pointwise`);
      return before.map((v, j) => v + (added[j] as number));
    });
  }
  const seen = x.map(leaky);
  return Array.from({ length: channels }, (_, c) =>
    pixels.map((i) => {
      const own = rowOf(extras[c] as Float32Array, i);
      const hidden = dense(Float64Array.of(...(seen[i] as Float64Array), ...own), `head.${c}.hidden`);
      const parameters = dense(leaky(hidden), `head.${c}.mixture`);
      if (parameters.length !== 8 * Math.ceil((3 * components) / 8)) throw new Error('a head of another size');
      return parameters;
    }),
  );
}

/** Returns the mean bits of a sample. */
export function referenceMeanBits(spec: PhotoSpec, tensors: Tensors, tiles: PhotoTiles): number {
  const { centres, values } = tiles;
  const parameters = referenceParameters(spec, tensors, tiles).flat();
  const bits = parameters.map((p, i) => referenceBits(p, spec.components, centres[i] as number, values[i] as number));
  return bits.reduce((sum, b) => sum + b, 0) / values.length;
}
