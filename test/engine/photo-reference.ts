/** The network of `photo` and its loss in plain JavaScript, written from the definition: what the engine is compared with. */

export interface PhotoSizes {
  readonly channels: number;
  readonly features: number;
  readonly blocks: number;
  readonly components: number;
  readonly head: number;
}

/** What the network is told of one pixel, by channel where it is a list of lists. */
export interface PhotoPixel {
  readonly inputs: Float32Array;
  readonly extras: readonly Float32Array[];
  /** Two for each channel but the last. */
  readonly conditions: readonly Float32Array[];
  readonly values: readonly number[];
  readonly centres: readonly number[];
}

/** Rounds a number to the precision at hand. */
export type Rounding = (x: number) => number;

interface Layer {
  readonly matrix: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly width: number;
}

export const inputCount = ({ channels }: PhotoSizes): number => 77 * channels + 5;
export const parameterCount = ({ components }: PhotoSizes): number => Math.ceil((3 * components) / 4) * 4;

/** Inputs and outputs of every layer in the order of the flat weights. */
export function layerShapes(sizes: PhotoSizes): [inputs: number, outputs: number][] {
  const { channels, features: c, blocks, head } = sizes;
  const shapes: [number, number][] = [[inputCount(sizes), c]];
  for (let i = 0; i < blocks; i++) shapes.push([5 * c, c], [c, c]);
  for (let i = 0; i < channels; i++) shapes.push([c + 10 + 2 * i, head], [head, parameterCount(sizes)]);
  return shapes;
}

export const weightCount = (sizes: PhotoSizes): number =>
  layerShapes(sizes).reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 0);

export class ReferenceNetwork {
  private readonly layers: Layer[] = [];
  /** Activations by block, row parity and column. */
  private readonly rows: number[][][][];
  private readonly slope: number;

  /** Reads `weights` at every call: they may change in between. */
  constructor(
    private readonly sizes: PhotoSizes,
    weights: Float32Array | Float64Array,
    private readonly round: Rounding,
  ) {
    let at = 0;
    for (const [inputs, width] of layerShapes(sizes)) {
      const bias = at + inputs * width;
      this.layers.push({ matrix: weights.subarray(at, bias), bias: weights.subarray(bias, bias + width), width });
      at = bias + width;
    }
    this.rows = Array.from({ length: sizes.blocks }, () => [[], []]);
    this.slope = round(0.1);
  }

  /** The mixture parameters of each channel of pixel (x, y); conditions are part of the pixel. */
  pixel(x: number, y: number, { inputs, extras, conditions }: PhotoPixel): number[][] {
    const { channels, features, blocks } = this.sizes;
    const outside = new Array<number>(features).fill(0);
    let h = this.apply(0, inputs);
    for (let i = 0; i < blocks; i++) {
      const [above, here] = [this.rows[i]?.[(y + 1) % 2], this.rows[i]?.[y % 2]] as [number[][], number[][]];
      const own = this.leaky(h);
      here[x] = own;
      const row = y > 0 ? above : [];
      const taps = [row[x - 1], row[x], row[x + 1], here[x - 1], own].flatMap((tap) => tap ?? outside);
      const change = this.apply(2 + 2 * i, this.leaky(this.apply(1 + 2 * i, taps)));
      h = h.map((value, n) => this.round(value + (change[n] as number)));
    }
    const f = this.leaky(h);
    return Array.from({ length: channels }, (_, c) => {
      const z = [...f, ...(extras[c] as Float32Array), ...conditions.slice(0, c).flatMap((pair) => [...pair])];
      const layer = 1 + 2 * blocks + 2 * c;
      return this.apply(layer + 1, this.leaky(this.apply(layer, z)));
    });
  }

  /** Mean bits of the values of pixels x0 .. x0 + pixels.length - 1 of row y. */
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

  private apply(index: number, x: ArrayLike<number>): number[] {
    const { matrix, bias, width } = this.layers[index] as Layer;
    const { round } = this;
    const sums = Float64Array.from(bias);
    for (let k = 0; k < x.length; k++) {
      const factor = x[k] as number;
      for (let n = 0; n < width; n++) {
        sums[n] = round((sums[n] as number) + round(factor * (matrix[k * width + n] as number)));
      }
    }
    return [...sums];
  }

  private leaky(x: readonly number[]): number[] {
    return x.map((value) => (value > 0 ? value : this.round(value * this.slope)));
  }
}

/** P(v) under a mixture of logistics over 2^depth values, whose parameters count in 2^(depth - 8 - gain). */
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
  /** sigmoid(high) - sigmoid(low), written so that nothing cancels. */
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
