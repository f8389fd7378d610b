/** Host of the network of `photo` in build/testing.wasm, with random pixels as its input. */
import {
  type PhotoPixel,
  type PhotoSizes,
  fixedCount,
  inputCount,
  layerShapes,
  parameterCount,
  weightCount,
} from './photo-reference.js';
import { photo } from '#pixrnn/model/photo.js';
import { TestingEngine, randomFrom } from './testing-engine.js';

interface PhotoExports {
  configurePhotoNetwork(): number;
  startNetwork(width: number, learn: boolean): void;
  inputsAt(): number;
  extrasAt(c: number): number;
  setCondition(c: number, a: number, b: number): void;
  startPixelNetwork(x: number, y: number): void;
  predictNetwork(c: number): number;
  observeNetwork(c: number, value: number, centre: number, depth: number, unit: number, coded: boolean): void;
  workingWeightsAt(): number;
  gradientAt(): number;
  slopesAt(c: number, slot: number): number;
}

export class PhotoHost {
  readonly engine = new TestingEngine();
  readonly exports = this.engine.exports as unknown as PhotoExports;
  private sizes: PhotoSizes;

  constructor(sizes: PhotoSizes, weights: Float32Array) {
    this.sizes = sizes;
    this.load(sizes, weights);
  }

  /** Loads another network into the same instance. */
  load(sizes: PhotoSizes, weights: Float32Array): void {
    this.sizes = sizes;
    const spec = photo.engineSpec({ architecture: 'photo', ...sizes, channels: sizes.channels as 1 | 3 });
    this.engine.words(this.engine.exports.specAt(), spec.length).set(spec);
    if (this.exports.configurePhotoNetwork() !== weights.length) throw new Error('another number of weights');
    this.engine.floats(this.engine.exports.weightsAt(), weights.length).set(weights);
  }

  /** Returns the mixture parameters of each channel of pixel (x, y), then observes the values. */
  pixel(x: number, y: number, { inputs, extras, conditions, values, centres }: PhotoPixel): Float32Array[] {
    const { exports, engine } = this;
    engine.floats(exports.inputsAt(), inputs.length).set(inputs);
    extras.forEach((e, c) => engine.floats(exports.extrasAt(c), e.length).set(e));
    exports.startPixelNetwork(x, y);
    return values.map((value, c) => {
      const params = engine.floats(exports.predictNetwork(c), parameterCount(this.sizes)).slice();
      exports.observeNetwork(c, value, centres[c] as number, 8, 1, true);
      const [a, b] = conditions[c] ?? [];
      if (a !== undefined && b !== undefined) exports.setCondition(c, a, b);
      return params;
    });
  }

  /** Runs a whole tile; returns the parameters of all sub-pixels, concatenated. */
  tile(width: number, pixels: readonly PhotoPixel[], learn: boolean): Float32Array {
    this.exports.startNetwork(width, learn);
    const all = pixels.flatMap((pixel, i) => this.pixel(i % width, Math.floor(i / width), pixel));
    return Float32Array.from(all.flatMap((params) => [...params]));
  }

  workingWeights(): Float32Array {
    return this.engine.floats(this.exports.workingWeightsAt(), weightCount(this.sizes)).slice();
  }

  /** Returns the derivatives with respect to the parameters for the segment's `count` pixels, by channel and pixel. */
  slopes(count: number): number[][][] {
    const width = parameterCount(this.sizes);
    return Array.from({ length: this.sizes.channels }, (_, c) =>
      Array.from({ length: count }, (__, slot) => [...this.engine.floats(this.exports.slopesAt(c, slot), width)]),
    );
  }

  gradient(): Float32Array {
    return this.engine.floats(this.exports.gradientAt(), weightCount(this.sizes) - fixedCount(this.sizes)).slice();
  }
}

/** Returns weights of the size that training begins with, biases included. */
export function randomWeights(sizes: PhotoSizes, seed: number): Float32Array {
  const random = randomFrom(seed);
  const list: number[] = [];
  for (const [inputs, outputs] of layerShapes(sizes)) {
    for (let i = 0; i < (inputs + 1) * outputs; i++) list.push((2 * random() - 1) * Math.sqrt(3 / inputs));
  }
  return Float32Array.from(list);
}

/** @param largest largest absolute value of the inputs */
export function randomPixels(sizes: PhotoSizes, count: number, seed: number, largest = 2): PhotoPixel[] {
  const random = randomFrom(seed);
  const { channels } = sizes;
  const list = (length: number): Float32Array => Float32Array.from({ length }, () => largest * (2 * random() - 1));
  return Array.from({ length: count }, () => {
    const values = Array.from({ length: channels }, () => Math.floor(256 * random() ** 2));
    return {
      inputs: list(inputCount(sizes)),
      extras: values.map(() => list(10)),
      conditions: values.slice(1).map(() => list(2)),
      values,
      centres: values.map((v) => Math.fround(Math.min(275, Math.max(-20, v + 40 * random() - 20)))),
    };
  });
}
