/** A model in build/testing.wasm, one sub-pixel at a time: exposes the distributions of the engine's loop. */
import { architectureOf } from '#pixrnn/model/architectures.js';
import type { Model } from '#pixrnn/model/model.js';
import { TestingEngine } from '../engine/testing-engine.js';
import type { Picture } from './reference-pixelrnn.js';

/** For every sub-pixel in coding order. */
export interface Distributions {
  /** -log2 of the model's probability of each class, [sub-pixels][256]. */
  readonly bits: Float64Array;
  /** The value of class 0; 0 if there is no softmax. */
  readonly centres: Uint8Array;
}

export class PredictingEngine {
  private readonly engine = new TestingEngine();
  private readonly weightCount: number;

  constructor(private readonly model: Model) {
    const { exports } = this.engine;
    const architecture = architectureOf(model.spec.architecture);
    const spec = Uint32Array.from(architecture.engineSpec(model.spec));
    this.engine.words(exports.specAt(), spec.length).set(spec);
    const weights = exports.configure(architecture.engineCode);
    this.weightCount = weights;
    const flat = [...model.tensors.values()];
    if (weights !== flat.reduce((sum, { length }) => sum + length, 0)) throw new Error('other weights');
    let at = exports.weightsAt();
    for (const values of flat) {
      this.engine.floats(at, values.length).set(values);
      at += values.byteLength;
    }
    exports.prepare(0);
  }

  /**
   * Predicts as the encoder does: all samples are available from the start, and must not be read early.
   * @param small the small image, for a conditional network
   */
  predict({ width, height, channels, samples }: Picture, small?: Uint8Array): Distributions {
    const { exports } = this.engine;
    const { spec } = this.model;
    if (channels !== spec.channels) throw new Error('other channels');
    if (small && 'condition' in spec && spec.condition) {
      this.engine.bytes(exports.smallAt(), small.length).set(small);
      exports.setSmallHeight(Math.ceil(height / spec.condition.factor));
    }
    this.engine.bytes(exports.samplesAt(), samples.length).set(samples);
    const bits = new Float64Array(samples.length * 256);
    const centres = new Uint8Array(samples.length);
    const predicted = new Float64Array(exports.memory.buffer, exports.codeLengthsAt(), 256);
    let i = 0;
    exports.startTile(width, 0);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        exports.startPixel(x, y);
        for (let c = 0; c < channels; c++, i++) {
          centres[i] = exports.predictModel(c);
          bits.set(predicted, 256 * i);
          exports.observe(c, samples[i] as number);
        }
      }
    }
    return { bits, centres };
  }

  /** Returns the number of subnormals among the model's state, which follows its weights. */
  subnormals(): number {
    const { exports } = this.engine;
    const from = exports.weightsAt() + 4 * this.weightCount;
    const { buffer } = exports.memory;
    const numbers = new Float32Array(buffer, from, (buffer.byteLength - from) >> 2);
    return numbers.reduce((count, v) => count + (v !== 0 && Math.abs(v) < 2 ** -126 ? 1 : 0), 0);
  }
}
