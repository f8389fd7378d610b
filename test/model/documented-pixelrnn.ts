/**
 * docs/format/pixelrnn.md step by step, in f32 and in the order of its sums, as an independent implementation would do
 * it. It reads all samples in advance, and omits masked inputs. No code of src/.
 */
import {
  documentedInputs,
  documentedMask,
  documentedSmallInputs,
  type Given,
  type Picture,
  smallSize,
} from './documented-inputs.js';
import type { PixelRnnModel } from './models.js';

const f = Math.fround;

/** Features by pixel; zeros outside the tile. */
type Rows = (x: number, y: number) => Float32Array;

export class DocumentedNetwork {
  private readonly masks = new Map<string, readonly number[] | null>();
  private readonly map: Rows | null;

  constructor(
    private readonly model: PixelRnnModel,
    private readonly picture: Picture,
    private readonly small?: Uint8Array,
  ) {
    this.map = model.spec.condition ? this.smallMap() : null;
  }

  /** Returns the outputs of the last layer at every pixel in raster order. */
  outputs(): Float32Array[] {
    const { architecture, blocks, residual, skip, output } = this.model.spec;
    const inputs = this.inputs();
    let u = this.everywhere((x, y) => this.layer('input', inputs(x, y)));
    const skips: Rows[] = [];
    for (let i = 0; i < blocks; i++) {
      const name = `block.${i}`;
      const inner =
        architecture === 'pixelcnn'
          ? this.residualBlock(u, name)
          : architecture === 'row-lstm'
            ? this.rowLstm(u, name)
            : this.diagonalBilstm(u, name);
      const before = u;
      const branch = this.everywhere((x, y) => this.layer(`${name}.expand`, inner(x, y)));
      u = residual === false ? branch : this.everywhere((x, y) => sum(branch(x, y), before(x, y)));
      if (skip) skips.push(this.everywhere((x, y) => this.layer(`${name}.skip`, inner(x, y))));
    }
    const last = u;
    const s = skips.length > 0 ? skips.reduce((a, b) => this.everywhere((x, y) => sum(a(x, y), b(x, y)))) : null;
    const all = this.everywhere((x, y) => {
      const head = this.layer('head', relu(s ? sum(s(x, y), last(x, y)) : last(x, y)));
      return this.layer(output === undefined ? 'softmax' : 'output', relu(head));
    });
    const { width, height } = this.picture;
    return Array.from({ length: width * height }, (_, i) => all(i % width, Math.floor(i / width)));
  }

  private residualBlock(u: Rows, name: string): Rows {
    const r = this.everywhere((x, y) => {
      const start = this.condition(this.bias(`${name}.reduce`), name, 0, x, y);
      return relu(this.continued(start, `${name}.reduce`, 0, relu(u(x, y))));
    });
    return this.everywhere((x, y) => {
      const taps = [r(x - 1, y - 1), r(x, y - 1), r(x + 1, y - 1), r(x - 1, y), r(x, y)];
      return relu(this.layer(`${name}.conv`, ...taps));
    });
  }

  private rowLstm(u: Rows, name: string): Rows {
    const { hidden } = this.model.spec;
    const [h, cells] = [this.empty(hidden), this.empty(hidden)];
    this.each((x, y) => {
      let z = this.condition(this.bias(`${name}.input`), name, 0, x, y);
      z = this.continued(z, `${name}.state`, 0, h.at(x - 1, y - 1), h.at(x, y - 1), h.at(x + 1, y - 1));
      z = this.continued(z, `${name}.input`, 0, u(x - 1, y));
      z = this.continued(z, `${name}.input`, 2 * hidden, u(x, y));
      this.step(z, cells.at(x, y - 1), cells.at(x, y), h.at(x, y));
    });
    return h.at;
  }

  private diagonalBilstm(u: Rows, name: string): Rows {
    const { hidden } = this.model.spec;
    const { width } = this.picture;
    const [left, right, leftCells, rightCells] = [0, 1, 2, 3].map(() => this.empty(hidden)) as [
      Features,
      Features,
      Features,
      Features,
    ];
    this.each((x, y) => {
      let z = this.condition(this.bias(`${name}.left.input`), name, 0, x, y);
      z = this.continued(z, `${name}.left.state`, 0, left.at(x, y - 1), left.at(x - 1, y));
      z = this.continued(z, `${name}.left.input`, 0, u(x, y));
      this.step(z, leftCells.at(x - 1, y), leftCells.at(x, y), left.at(x, y));
    });
    this.each((mirrored, y) => {
      const x = width - 1 - mirrored;
      let z = this.condition(this.bias(`${name}.right.input`), name, 4 * hidden, x, y);
      z = this.continued(z, `${name}.right.input`, 0, u(x, y));
      z = this.continued(z, `${name}.right.state`, 0, right.at(x, y - 1), right.at(x + 1, y));
      this.step(z, rightCells.at(x + 1, y), rightCells.at(x, y), right.at(x, y));
    });
    return this.everywhere((x, y) => sum(left.at(x, y), right.at(x, y - 1)));
  }

  private step(z: Float32Array, before: Float32Array, cells: Float32Array, h: Float32Array): void {
    const n = this.model.spec.hidden / this.model.spec.channels;
    h.forEach((_, k) => {
      const gate = (index: number): number => z[Math.floor(k / n) * 4 * n + index * n + (k % n)] as number;
      const cell = f(f(sigmoid(gate(1)) * (before[k] as number)) + f(sigmoid(gate(2)) * tanh(gate(3))));
      cells[k] = Math.abs(cell) < f(1e-20) ? 0 : cell;
      h[k] = f(sigmoid(gate(0)) * tanh(cells[k]));
    });
  }

  private smallMap(): Rows {
    const { condition } = this.model.spec;
    const { channels } = this.picture;
    if (!condition) throw new Error('no small image');
    const { factor, features } = condition;
    const { width, height } = smallSize(this.picture, factor);
    const inputs = documentedSmallInputs(this.given());
    const blocks = Array.from({ length: width * height }, (_, i) => {
      const v = relu(this.layer('upsample.conv', inputs.subarray(i * 9 * channels, (i + 1) * 9 * channels)));
      return relu(this.layer('upsample.deconv', v));
    });
    return (x, y) => {
      const block = blocks[Math.floor(y / factor) * width + Math.floor(x / factor)] as Float32Array;
      const from = ((y % factor) * factor + (x % factor)) * features;
      return block.subarray(from, from + features);
    };
  }

  /**
   * Adds `condition_i` of the map, its outputs from `column` on, to the sums; returns the sums unchanged without a map.
   */
  private condition(start: Float32Array, name: string, column: number, x: number, y: number): Float32Array {
    if (!this.map) return start;
    const weight = this.model.tensors.get(`${name}.condition.weight`) as Float32Array;
    const inputs = this.map(x, y);
    const width = weight.length / inputs.length;
    const sums = start.slice();
    inputs.forEach((v, k) => {
      for (let j = 0; j < sums.length; j++) {
        sums[j] = f((sums[j] as number) + f(v * (weight[k * width + column + j] as number)));
      }
    });
    return sums;
  }

  private layer(name: string, ...inputs: Float32Array[]): Float32Array {
    return this.continued(this.bias(name), name, 0, ...inputs);
  }

  /** Continues the sums with inputs of a layer, the first of which is its input `row`. */
  private continued(start: Float32Array, name: string, row: number, ...inputs: Float32Array[]): Float32Array {
    const weight = this.model.tensors.get(`${name}.weight`) as Float32Array;
    const mask = this.mask(name, weight.length / start.length, start.length);
    const sums = start.slice();
    let at = row * sums.length;
    for (const input of inputs) {
      for (const v of input) {
        for (let j = 0; j < sums.length; j++, at++) {
          if (mask?.[at] === 0) continue;
          sums[j] = f((sums[j] as number) + f(v * (weight[at] as number)));
        }
      }
    }
    return sums;
  }

  private bias(name: string): Float32Array {
    return this.model.tensors.get(`${name}.bias`) as Float32Array;
  }

  private inputs(): Rows {
    const { width, height } = this.picture;
    const all = documentedInputs(this.given());
    const columns = all.length / (width * height);
    return (x, y) => all.subarray((y * width + x) * columns, (y * width + x + 1) * columns);
  }

  private given(): Given {
    return { spec: this.model.spec, picture: this.picture, small: this.small };
  }

  private mask(layer: string, inputs: number, outputs: number): readonly number[] | null {
    let mask = this.masks.get(layer);
    if (mask === undefined) {
      mask = documentedMask(this.model.spec, layer, inputs, outputs);
      this.masks.set(layer, mask);
    }
    return mask;
  }

  private each(call: (x: number, y: number) => void): void {
    const { width, height } = this.picture;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) call(x, y);
  }

  private everywhere(make: Rows): Rows {
    const made: Float32Array[] = [];
    this.each((x, y) => made.push(make(x, y)));
    return new Features(this.picture, made).at;
  }

  private empty(features: number): Features {
    const { width, height } = this.picture;
    return new Features(
      this.picture,
      Array.from({ length: width * height }, () => new Float32Array(features)),
    );
  }
}

class Features {
  private readonly outside: Float32Array;

  constructor(
    private readonly picture: Picture,
    private readonly rows: readonly Float32Array[],
  ) {
    this.outside = new Float32Array((rows[0] as Float32Array).length);
  }

  readonly at: Rows = (x, y) => {
    const { width } = this.picture;
    return (x >= 0 && x < width && y >= 0 && this.rows[y * width + x]) || this.outside;
  };
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((v, i) => v + (b[i] as number));
}

function relu(values: Float32Array): Float32Array {
  return values.map((v) => (v > 0 ? v : 0));
}

function sigmoid(x: number): number {
  const e = exp32(-Math.min(Math.abs(x), 30));
  return x >= 0 ? f(1 / f(1 + e)) : f(e / f(1 + e));
}

function tanh(x: number): number {
  const e = exp32(-Math.min(f(2 * Math.abs(x)), 30));
  const t = f(f(1 - e) / f(1 + e));
  return x >= 0 ? t : -t;
}

/** docs/FORMAT.md, "exp of f32". */
export function exp32(d: number): number {
  const t = Math.max(d, -80);
  const s = f(f(t * f(1.4426950408889634)) + 12582912);
  const n = f(s - 12582912);
  const r = f(f(t - f(n * f(0.693359375))) - f(n * f(-0.00021219444)));
  let p = f(f(f(0.0013814599) * r) + f(0.008368717));
  for (const c of [0.04166839, 0.16666521, 0.49999994]) p = f(f(p * r) + f(c));
  return f(f(f(p * f(r * r)) + r) + 1) * 2 ** n;
}
