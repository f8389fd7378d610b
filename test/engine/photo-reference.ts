import assert from 'node:assert/strict';

/**
 * The network of `photo` and its loss in plain JavaScript, written from the definition: the reference for the engine.
 */

export interface PhotoSizes {
  readonly channels: number;
  readonly features: number;
  readonly blocks: number;
  readonly components: number;
  readonly head: number;
  readonly learning?: 'all';
}

/** Inputs of the network for one pixel; lists of lists are by channel. */
export interface PhotoPixel {
  readonly inputs: Float32Array;
  readonly extras: readonly Float32Array[];
  /** Two for each channel but the last. */
  readonly conditions: readonly Float32Array[];
  readonly values: readonly number[];
  readonly centres: readonly number[];
}

/** The network as defined in real numbers, or with the integers and roundings of docs/format/photo.md. */
export type Arithmetic = 'real' | 'documented';

export interface Layer {
  /** In the documented arithmetic, integers: weights times the scale. */
  readonly matrix: ArrayLike<number>;
  readonly scale: number;
  readonly bias: ArrayLike<number>;
  readonly width: number;
}

export const ACTIVATION_SCALE = 256;

export const inputCount = ({ channels }: PhotoSizes): number => 77 * channels + 5;
export const parameterCount = ({ components }: PhotoSizes): number => Math.ceil((3 * components) / 8) * 8;

/** Returns the inputs and outputs of every layer in the order of the flat weights. */
export function layerShapes(sizes: PhotoSizes): [inputs: number, outputs: number][] {
  const { channels, features: c, blocks, head } = sizes;
  const shapes: [number, number][] = [[inputCount(sizes), c]];
  for (let i = 0; i < blocks; i++) shapes.push([5 * c, c], [c, c]);
  for (let i = 0; i < channels; i++) shapes.push([c + 10 + 2 * i, head], [head, parameterCount(sizes)]);
  return shapes;
}

export const weightCount = (sizes: PhotoSizes): number =>
  layerShapes(sizes).reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 0);

/** The first of the layers that learn, of `layerShapes`: those of the last block, or of all blocks, and of the heads. */
export const firstLearned = ({ blocks, learning }: PhotoSizes): number => (learning === 'all' ? 1 : 2 * blocks - 1);

/** The number of weights that do not learn, which come first. */
export const fixedCount = (sizes: PhotoSizes): number =>
  layerShapes(sizes)
    .slice(0, firstLearned(sizes))
    .reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 0);

/** Inputs of the layers at one pixel. */
export interface Seen {
  readonly inputs: readonly number[];
  /** Of each block the five taps and the input of its pointwise layer. */
  readonly blocks: { readonly taps: readonly (readonly number[])[]; readonly convolved: readonly number[] }[];
  readonly features: readonly number[];
  /** Of each head its own inputs and its hidden features. */
  readonly heads: { readonly own: readonly number[]; readonly hidden: readonly number[] }[];
}

export class ReferenceNetwork {
  private layers: Layer[] = [];
  /** Activations by block, row parity and column. */
  private readonly rows: number[][][][];
  private readonly round: (x: number) => number;
  private readonly slope: number;

  /** In real numbers it reads `weights` at every call: they may change in between. */
  constructor(
    private readonly sizes: PhotoSizes,
    weights: Float32Array | Float64Array,
    private readonly arithmetic: Arithmetic,
  ) {
    this.rows = Array.from({ length: sizes.blocks }, () => [[], []]);
    this.round = arithmetic === 'real' ? (x) => x : Math.fround;
    this.slope = this.round(0.1);
    this.load(weights);
  }

  /** Replaces the weights; keeps the activations of the rows. */
  load(weights: Float32Array | Float64Array): void {
    let at = 0;
    this.layers = layerShapes(this.sizes).map(([inputs, width]) => {
      const end = at + inputs * width;
      const [matrix, bias] = [weights.subarray(at, end), weights.subarray(end, end + width)];
      at = end + width;
      return { ...(this.arithmetic === 'real' ? { matrix, scale: 1 } : integers(matrix, width)), bias, width };
    });
  }

  layer(index: number): Layer {
    return this.layers[index] as Layer;
  }

  /** Returns the mixture parameters of each channel of pixel (x, y); the pixel includes the conditions. */
  pixel(x: number, y: number, pixel: PhotoPixel): number[][] {
    return this.pass(x, y, pixel).parameters;
  }

  /** Returns the same with the inputs of the layers. */
  pass(x: number, y: number, { inputs, extras, conditions }: PhotoPixel): { parameters: number[][]; seen: Seen } {
    const { channels, features, blocks } = this.sizes;
    const outside = new Array<number>(features).fill(0);
    const seen = { inputs: this.taken([...inputs]), blocks: [] as Seen['blocks'], heads: [] as Seen['heads'] };
    let h = this.apply(0, seen.inputs);
    for (let i = 0; i < blocks; i++) {
      const [above, here] = [this.rows[i]?.[(y + 1) % 2], this.rows[i]?.[y % 2]] as [number[][], number[][]];
      const own = this.activated(h);
      here[x] = own;
      const row = y > 0 ? above : [];
      const taps = [row[x - 1], row[x], row[x + 1], here[x - 1], own].map((tap) => tap ?? outside);
      const convolved = this.activated(this.apply(1 + 2 * i, ...taps.slice(0, 3), taps.slice(3).flat()));
      seen.blocks.push({ taps, convolved });
      const change = this.apply(2 + 2 * i, convolved);
      h = h.map((value, j) => this.round(value + (change[j] as number)));
    }
    const f = this.activated(h);
    const parameters = Array.from({ length: channels }, (_, c) => {
      const own = this.taken([...(extras[c] as Float32Array), ...conditions.slice(0, c).flatMap((pair) => [...pair])]);
      const layer = 1 + 2 * blocks + 2 * c;
      const hidden = this.activated(this.apply(layer, f, own));
      seen.heads.push({ own, hidden });
      return this.apply(layer + 1, hidden);
    });
    return { parameters, seen: { ...seen, features: f } };
  }

  /** Returns the mean bits of the values of pixels x0 .. x0 + pixels.length - 1 of row y. */
  segmentLoss(x0: number, y: number, pixels: readonly PhotoPixel[]): number {
    const { channels, components } = this.sizes;
    let bits = 0;
    pixels.forEach((pixel, i) => {
      this.pixel(x0 + i, y, pixel).forEach((params, c) => {
        bits -= Math.log2(mixtureShare(params, components, pixel.values[c] as number, pixel.centres[c] as number, 8));
      });
    });
    return bits / (pixels.length * channels);
  }

  /** Returns a layer's output for its concatenated inputs. */
  private apply(index: number, ...parts: readonly number[][]): number[] {
    const { matrix, scale, bias, width } = this.layer(index);
    const { round } = this;
    const unit = this.arithmetic === 'real' ? 1 : 1 / scale / ACTIVATION_SCALE;
    const y = Array.from(bias);
    let first = 0;
    for (const part of parts) {
      for (let j = 0; j < width; j++) {
        const sum = part.reduce((s, x, k) => s + x * (matrix[(first + k) * width + j] as number), 0);
        assert.ok(this.arithmetic === 'real' || Math.abs(sum) < 2 ** 31);
        y[j] = round((y[j] as number) + round(round(sum) * unit));
      }
      first += part.length;
    }
    return y;
  }

  /** Returns the input of the next layer. */
  private activated(x: readonly number[]): number[] {
    return this.taken(x.map((value) => (value > 0 ? value : this.round(value * this.slope))));
  }

  private taken(x: readonly number[]): number[] {
    return this.arithmetic === 'real' ? [...x] : x.map((value) => fixed(value, ACTIVATION_SCALE));
  }
}

/** "fixed" of docs/format/photo.md. */
export function fixed(x: number, scale: number): number {
  const product = Math.fround(x * scale);
  if (Number.isNaN(product)) return 0;
  const below = Math.floor(product);
  const up = product - below > 0.5 || (product - below === 0.5 && below % 2 !== 0);
  return Math.max(-16383, Math.min(16383, below + (up ? 1 : 0)));
}

/** "scaleOf" of docs/format/photo.md, of concatenated rows. */
export function scaleOf(values: ArrayLike<number>, width: number, limit: number): number {
  const sums = new Float32Array(width);
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] as number);
    if (size > largest) largest = size;
    sums[i % width] = (sums[i % width] as number) + size;
  }
  const sum = sums.reduce((max, s) => (s > max ? s : max), 0);
  const bound = Math.min(Math.fround(limit / largest), Math.fround(130000 / sum));
  return 2 ** Math.max(-100, Math.min(100, Math.floor(Math.log2(bound))));
}

function integers(matrix: Float32Array | Float64Array, width: number): Pick<Layer, 'matrix' | 'scale'> {
  const scale = scaleOf(matrix, width, 8191);
  return { matrix: Array.from(matrix, (w) => fixed(w, scale)), scale };
}

/** P(v) under a mixture of logistics over 2^depth values, whose parameters are in units of 2^(depth - 8 - gain). */
export function mixtureShare(
  params: ArrayLike<number>,
  components: number,
  value: number,
  centre: number,
  depth: number,
  gain = 0,
): number {
  const values = 2 ** depth;
  const unit = values / 2 ** (8 + gain);
  const part = (first: number): number[] => Array.from({ length: components }, (_, k) => params[first + k] as number);
  const logits = part(0);
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  const means = part(components).map((m) => centre + 8 * unit * m);
  const scales = part(2 * components).map((s) => unit * Math.exp(Math.min(5.5, Math.max(-3.5, s + 1))));
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  /** sigmoid(high) - sigmoid(low), without cancellation. */
  const rise = (k: number): number => {
    const distance = (value - (means[k] as number)) / (scales[k] as number);
    const half = 0.5 / (scales[k] as number);
    const fromLow = value === 0 ? 1 : sigmoid(half - distance);
    const toHigh = value === values - 1 ? 1 : sigmoid(distance + half);
    return fromLow * toHigh * (value === 0 || value === values - 1 ? 1 : -Math.expm1(-2 * half));
  };
  const sum = weights.reduce((s, w, k) => s + (w / total) * rise(k), 0);
  return (1 - 2 ** -9) * sum + 2 ** -9 / values;
}
