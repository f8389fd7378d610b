/**
 * PixelCNN, Row LSTM and Diagonal BiLSTM over whole images in f64, as the paper defines them: masks multiply,
 * convolutions run over maps, and the Diagonal BiLSTM scans a skewed map column by column. No code of src/.
 */
import {
  documentedBase,
  documentedInputs,
  documentedMask,
  documentedSmallInputs,
  outputsOfSample,
  type Picture,
  smallSize,
} from './documented-inputs.js';
import type { PixelRnnModel } from './models.js';

export type { Picture };

/** Features of every pixel, [height * width][features]. */
interface Map2d {
  readonly features: number;
  readonly values: Float64Array;
}

export interface ReferenceOptions {
  /** The small image of a conditional network. */
  readonly small?: Uint8Array | undefined;
  /** false: the Diagonal BiLSTM's right direction is not shifted down by a row, which is wrong. */
  readonly shifts?: boolean;
}

/** Returns the last layer's outputs for every sub-pixel in raster order, [height * width * channels][P]. */
export function referenceOutputs(model: PixelRnnModel, picture: Picture, options: ReferenceOptions = {}): Float64Array {
  return new Reference(model, picture, options).outputs();
}

class Reference {
  constructor(
    private readonly model: PixelRnnModel,
    private readonly picture: Picture,
    private readonly options: ReferenceOptions,
  ) {}

  outputs(): Float64Array {
    const { architecture, blocks, residual, skip, output } = this.model.spec;
    let stream = this.dense(this.firstInputs(), 'input');
    let skips: Map2d | null = null;
    const map = this.smallMap();
    for (let i = 0; i < blocks; i++) {
      const name = `block.${i}`;
      const condition = map && this.dense(map, `${name}.condition`);
      const inner =
        architecture === 'pixelcnn'
          ? this.residualBlock(stream, condition, name)
          : architecture === 'row-lstm'
            ? this.rowLstm(stream, condition, name)
            : this.diagonalBilstm(stream, condition, name);
      const branch = this.dense(inner, `${name}.expand`);
      stream = residual === false ? branch : sum(stream, branch);
      if (skip) skips = sum(skips, this.dense(inner, `${name}.skip`));
    }
    const head = relu(this.dense(relu(sum(skips, stream)), 'head'));
    return this.dense(head, output === undefined ? 'softmax' : 'output').values;
  }

  private firstInputs(): Map2d {
    const { width, height } = this.picture;
    const inputs = documentedInputs({ spec: this.model.spec, picture: this.picture, small: this.options.small });
    return { features: inputs.length / (width * height), values: Float64Array.from(inputs) };
  }

  /** Returns the map of the small image at every pixel of the image. */
  private smallMap(): Map2d | null {
    const { spec } = this.model;
    const { condition } = spec;
    if (!condition) return null;
    const { factor, features } = condition;
    const { width, height, channels } = this.picture;
    const size = smallSize(this.picture, factor);
    const inputs = documentedSmallInputs({ spec, picture: this.picture, small: this.options.small });
    const seen = relu(this.dense({ features: 9 * channels, values: Float64Array.from(inputs) }, 'upsample.conv'));
    const blocks = relu(this.dense(seen, 'upsample.deconv'));
    return mapOf(width, height, features, (x, y, k) => {
      const pixel = Math.floor(y / factor) * size.width + Math.floor(x / factor);
      return blocks.values[pixel * blocks.features + ((y % factor) * factor + (x % factor)) * features + k] as number;
    });
  }

  private residualBlock(stream: Map2d, condition: Map2d | null, name: string): Map2d {
    const reduced = relu(sum(condition, this.dense(relu(stream), `${name}.reduce`)));
    const taps = [this.shifted(reduced, -1, -1), this.shifted(reduced, 0, -1), this.shifted(reduced, 1, -1)];
    return relu(this.dense(joined([...taps, this.shifted(reduced, -1, 0), reduced]), `${name}.conv`));
  }

  private rowLstm(stream: Map2d, condition: Map2d | null, name: string): Map2d {
    const { width, height } = this.picture;
    const { hidden } = this.model.spec;
    const sums = sum(condition, this.dense(joined([this.shifted(stream, -1, 0), stream]), `${name}.input`));
    const state = { features: hidden, values: new Float64Array(width * height * hidden) };
    let cells: Float64Array = new Float64Array(width * hidden);
    for (let y = 0; y < height; y++) {
      // The whole row at once: its states need only those of the rows above.
      const taps = joined([-1, 0, 1].map((dx) => this.shifted(state, dx, -1)));
      const row = this.dense(rowsOf(taps, y * width, width), `${name}.state`);
      const next = this.gates(sum(row, rowsOf(sums, y * width, width)), cells);
      cells = next.cells;
      state.values.set(next.state, y * width * hidden);
    }
    return state;
  }

  private diagonalBilstm(stream: Map2d, condition: Map2d | null, name: string): Map2d {
    const { hidden } = this.model.spec;
    const half = 4 * hidden;
    const [left, right] = [0, 1].map((direction) => {
      const side = `${name}.${direction === 0 ? 'left' : 'right'}`;
      const part = condition && columnsOf(condition, direction * half, half);
      const sums = sum(part, this.dense(stream, `${side}.input`));
      if (direction === 0) return this.skewedLstm(sums, side);
      return this.mirrored(this.skewedLstm(this.mirrored(sums), side));
    }) as [Map2d, Map2d];
    return sum(left, this.options.shifts === false ? right : this.shifted(right, 0, -1));
  }

  /** An LSTM over the columns of the map, with each row shifted one further to the right than the row above. */
  private skewedLstm(sums: Map2d, side: string): Map2d {
    const { width, height } = this.picture;
    const { hidden } = this.model.spec;
    const out = { features: hidden, values: new Float64Array(width * height * hidden) };
    let state = new Float64Array(height * hidden);
    let cells = new Float64Array(height * hidden);
    for (let t = 0; t < width + height - 1; t++) {
      const column = mapOf(1, height, sums.features, (_, y, k) => {
        const x = t - y;
        return x >= 0 && x < width ? (sums.values[(y * width + x) * sums.features + k] as number) : 0;
      });
      // A kernel two high and one wide over the previous column.
      const taps = mapOf(1, height, 2 * hidden, (_, y, k) => {
        const row = k < hidden ? y - 1 : y;
        return row < 0 ? 0 : (state[row * hidden + (k % hidden)] as number);
      });
      const next = this.gates(sum(column, this.dense(taps, `${side}.state`)), cells);
      // Values outside the image are zero.
      const isImage = (i: number): boolean => {
        const x = t - Math.floor(i / hidden);
        return x >= 0 && x < width;
      };
      state = next.state.map((v, i) => (isImage(i) ? v : 0));
      cells = next.cells.map((v, i) => (isImage(i) ? v : 0));
      for (let y = 0; y < height; y++) {
        const x = t - y;
        if (x < 0 || x >= width) continue;
        out.values.set(state.subarray(y * hidden, (y + 1) * hidden), (y * width + x) * hidden);
      }
    }
    return out;
  }

  /** One step of an LSTM at several places; sums are ordered by channel group, then by gate. */
  private gates(sums: Map2d, before: Float64Array): { state: Float64Array; cells: Float64Array } {
    const { hidden, channels } = this.model.spec;
    const n = hidden / channels;
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    const cells = new Float64Array(before.length);
    const state = new Float64Array(before.length);
    before.forEach((cell, at) => {
      const place = Math.floor(at / hidden);
      const [group, feature] = [Math.floor((at % hidden) / n), at % n];
      const z = (gate: number): number =>
        sums.values[place * 4 * hidden + group * 4 * n + gate * n + feature] as number;
      cells[at] = sigmoid(z(1)) * cell + sigmoid(z(2)) * Math.tanh(z(3));
      state[at] = sigmoid(z(0)) * Math.tanh(cells[at]);
    });
    return { state, cells };
  }

  /** Returns bias + x W under the mask, for every place. */
  private dense({ features, values }: Map2d, layer: string): Map2d {
    const { tensors } = this.model;
    const raw = tensors.get(`${layer}.weight`) as Float32Array;
    const outputs = raw.length / features;
    const mask = documentedMask(this.model.spec, layer, features, outputs);
    const weight = Float64Array.from(raw, (w, i) => w * (mask?.[i] ?? 1));
    const bias = tensors.get(`${layer}.bias`);
    const places = values.length / features;
    const out = new Float64Array(places * outputs);
    for (let p = 0; p < places; p++) {
      for (let j = 0; j < outputs; j++) out[p * outputs + j] = bias?.[j] ?? 0;
      for (let k = 0; k < features; k++) {
        const x = values[p * features + k] as number;
        for (let j = 0; j < outputs; j++) {
          out[p * outputs + j] = (out[p * outputs + j] as number) + x * (weight[k * outputs + j] as number);
        }
      }
    }
    return { features: outputs, values: out };
  }

  /** Returns for each pixel the features of the one at (dx, dy) from it; zero outside the image. */
  private shifted({ features, values }: Map2d, dx: number, dy: number): Map2d {
    const { width, height } = this.picture;
    return mapOf(width, height, features, (x, y, k) => {
      const isInside = x + dx >= 0 && x + dx < width && y + dy >= 0;
      return isInside ? (values[((y + dy) * width + x + dx) * features + k] as number) : 0;
    });
  }

  private mirrored({ features, values }: Map2d): Map2d {
    const { width, height } = this.picture;
    return mapOf(width, height, features, (x, y, k) => values[(y * width + width - 1 - x) * features + k] as number);
  }
}

function mapOf(
  width: number,
  height: number,
  features: number,
  at: (x: number, y: number, k: number) => number,
): Map2d {
  const values = new Float64Array(width * height * features);
  let i = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let k = 0; k < features; k++) values[i++] = at(x, y, k);
  }
  return { features, values };
}

function rowsOf({ features, values }: Map2d, from: number, count: number): Map2d {
  return { features, values: values.subarray(from * features, (from + count) * features) };
}

function columnsOf({ features, values }: Map2d, from: number, count: number): Map2d {
  return mapOf(1, values.length / features, count, (_, y, k) => values[y * features + from + k] as number);
}

/** Concatenates features. */
function joined(maps: readonly Map2d[]): Map2d {
  const features = maps.reduce((total, m) => total + m.features, 0);
  const [first] = maps as [Map2d];
  const places = first.values.length / first.features;
  const values = new Float64Array(places * features);
  let at = 0;
  for (const map of maps) {
    for (let p = 0; p < places; p++) {
      values.set(map.values.subarray(p * map.features, (p + 1) * map.features), p * features + at);
    }
    at += map.features;
  }
  return { features, values };
}

function sum(a: Map2d | null, b: Map2d): Map2d {
  return a ? { features: b.features, values: b.values.map((v, i) => v + (a.values[i] as number)) } : b;
}

function relu({ features, values }: Map2d): Map2d {
  return { features, values: values.map((v) => Math.max(0, v)) };
}

/**
 * Returns the bits of each value of each sub-pixel, [sub-pixels][256], in the order of the softmax's classes or of the
 * values; infinity for values that do not exist.
 */
export function referenceBits(model: PixelRnnModel, picture: Picture, options: ReferenceOptions = {}): Float64Array {
  const { spec } = model;
  const outputs = referenceOutputs(model, picture, options);
  const size = outputsOfSample(spec);
  const centres = mixtureCentres(model, picture, options);
  const bits = new Float64Array(picture.samples.length * 256).fill(Infinity);
  for (let i = 0; i < picture.samples.length; i++) {
    const own = outputs.subarray(i * size, (i + 1) * size);
    const kind = spec.output ?? 'softmax';
    const p =
      kind === 'softmax'
        ? softmax(own)
        : kind === 'bernoulli'
          ? [1 / (1 + Math.exp(own[0] as number)), 1 / (1 + Math.exp(-(own[0] as number)))]
          : logistics(own, centres[i] as number);
    p.forEach((q, k) => (bits[256 * i + k] = -Math.log2(q)));
  }
  return bits;
}

/** Applies the coder's floor (docs/FORMAT.md). */
function softmax(logits: Float64Array): number[] {
  const largest = Math.max(...logits);
  const shares = Array.from(logits, (z) => Math.exp(z - largest));
  const total = shares.reduce((a, b) => a + b);
  return shares.map((e) => (1 - 2 ** -14) * (e / total) + 2 ** -22);
}

function logistics(parameters: Float64Array, centre: number): number[] {
  const count = parameters.length / 3;
  const weights = softmaxOf(parameters.subarray(0, count));
  const cdf = (b: number): number => {
    if (b <= 0 || b >= 256) return b <= 0 ? 0 : 1;
    let total = 0;
    for (let k = 0; k < count; k++) {
      const mean = centre + 8 * (parameters[count + k] as number);
      const scale = Math.exp(Math.max(-3.5, Math.min(5.5, (parameters[2 * count + k] as number) + 1)));
      total += (weights[k] as number) / (1 + Math.exp(-(b - 0.5 - mean) / scale));
    }
    return (1 - 2 ** -9) * total + (2 ** -9 * b) / 256;
  };
  return Array.from({ length: 256 }, (_, v) => cdf(v + 1) - cdf(v));
}

function softmaxOf(logits: Float64Array): number[] {
  const largest = Math.max(...logits);
  const shares = Array.from(logits, (z) => Math.exp(z - largest));
  const total = shares.reduce((a, b) => a + b);
  return shares.map((e) => e / total);
}

/** Returns the base values; in the local frame plus the previous channel's difference from its own base. */
function mixtureCentres({ spec }: PixelRnnModel, picture: Picture, { small }: ReferenceOptions): number[] {
  const { samples, channels } = picture;
  const base = documentedBase({ spec, picture, small });
  return base.map((b, i) => {
    if (spec.frame === 'absolute' || i % channels === 0) return b;
    return Math.max(0, Math.min(255, b + (samples[i - 1] as number) - (base[i - 1] as number)));
  });
}

/** Returns the picture, reduced to 1-bit samples if the model codes bits. */
export function pictureFor({ spec }: PixelRnnModel, picture: Picture): Picture {
  return spec.output === 'bernoulli' ? { ...picture, samples: picture.samples.map((v) => v >> 7) } : picture;
}

/** Returns the small image of a conditional model, if any. */
export function smallFor({ spec }: PixelRnnModel, picture: Picture): Uint8Array | undefined {
  return spec.condition && smallImage(picture, spec.condition.factor);
}

/** Returns every factor-th pixel of every factor-th row. */
export function smallImage({ width, height, channels, samples }: Picture, factor: number): Uint8Array {
  const small: number[] = [];
  for (let y = 0; y < height; y += factor) {
    for (let x = 0; x < width; x += factor) {
      const at = (y * width + x) * channels;
      small.push(...samples.subarray(at, at + channels));
    }
  }
  return Uint8Array.from(small);
}
