/** The mixer of build/testing.wasm alone, over a model that is a function. */
import type { Raster } from '#pixrnn/image/raster.js';
import { TestingEngine } from '../engine/testing-engine.js';

/** Inputs of the mixer for a value before it is coded. */
export interface Expectation {
  readonly mean: number;
  readonly a: number;
  readonly b: number;
  /** The model's probability that the value is below b, for 0 <= b <= 256. */
  readonly below: (b: number) => number;
}

/** Returns the expectation of channel c (in coding order) of a pixel; may read earlier samples only. */
export type Model = (raster: Raster, x: number, y: number, c: number) => Expectation;

/** The stage between a model and the coder: a mixer, or none. */
export interface Mixer {
  startTile(width: number): void;
  startPixel(x: number, y: number): void;
  startValue(c: number, expectation: Expectation): void;
  refine(p1: number): number;
  update(bit: number): void;
  endValue(c: number, value: number): void;
}

interface MixerExports {
  readonly memory: WebAssembly.Memory;
  configureMixerAlone(channels: number, lean: boolean): number;
  statesAt(): number;
  prepareMixer(state: number): void;
  copyState(to: number): void;
  startMixerTile(width: number): void;
  startMixerPixel(x: number, y: number): void;
  startValue(c: number, mean: number, a: number, b: number): void;
  refine(p1: number): number;
  update(bit: number): void;
  endMixerValue(c: number, value: number): void;
}

export class MixingEngine implements Mixer {
  private readonly wasm = new TestingEngine().exports as unknown as MixerExports;
  /** Number of floats of the state. */
  readonly stateFloats: number;

  constructor(channels: number, lean = false) {
    this.stateFloats = this.wasm.configureMixerAlone(channels, lean);
    if (this.stateFloats < 0) throw new Error('out of memory');
  }

  /** The current trainable state. */
  get state(): Float32Array {
    const at = this.wasm.statesAt() + 4 * this.stateFloats;
    this.wasm.copyState(at);
    return new Float32Array(this.wasm.memory.buffer, at, this.stateFloats).slice();
  }

  /** Starts the following tiles with this state; null: with the default. */
  set startState(state: Float32Array | null) {
    if (state) new Float32Array(this.wasm.memory.buffer, this.wasm.statesAt(), this.stateFloats).set(state);
    this.wasm.prepareMixer(state ? this.wasm.statesAt() : 0);
  }

  startTile(width: number): void {
    this.wasm.startMixerTile(width);
  }

  startPixel(x: number, y: number): void {
    this.wasm.startMixerPixel(x, y);
  }

  startValue(c: number, { mean, a, b }: Expectation): void {
    this.wasm.startValue(c, mean, a, b);
  }

  refine(p1: number): number {
    return this.wasm.refine(p1);
  }

  update(bit: number): void {
    this.wasm.update(bit);
  }

  endValue(c: number, value: number): void {
    this.wasm.endMixerValue(c, value);
  }
}

/** Returns the refined probabilities of a 1 at every node of a raster, [height][width][channels][8]. */
export function mixRaster(mixer: Mixer, model: Model, raster: Raster): Float64Array {
  const { width, height, channels, samples } = raster;
  const refined = new Float64Array(samples.length * 8);
  let i = 0;
  mixer.startTile(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      mixer.startPixel(x, y);
      for (let c = 0; c < channels; c++) {
        const value = samples[(y * width + x) * channels + c] as number;
        const expectation = model(raster, x, y, c);
        mixer.startValue(c, expectation);
        let low = 0;
        for (let half = 128; half >= 1; half >>= 1) {
          refined[i++] = mixer.refine(nodeProbability(expectation, low, half));
          const bit = value >= low + half ? 1 : 0;
          mixer.update(bit);
          if (bit) low += half;
        }
        mixer.endValue(c, value);
      }
    }
  }
  return refined;
}

/** Returns P(the value is in the upper half of the node), within [2^-22, 1 - 2^-22]. */
export function nodeProbability({ below }: Expectation, low: number, half: number): number {
  const [first, middle, end] = [below(low), below(low + half), below(low + 2 * half)];
  if (!(end > first)) return 0.5;
  return Math.min(1 - 2 ** -22, Math.max(2 ** -22, (end - middle) / (end - first)));
}

/** Returns the bits of a raster's values under these probabilities of a 1. */
export function codeLength({ samples }: Raster, refined: Float64Array): number {
  let bits = 0;
  for (let i = 0; i < refined.length; i++) {
    const bit = ((samples[i >> 3] as number) >> (7 - (i & 7))) & 1;
    const p = refined[i] as number;
    bits -= Math.log2(bit ? p : 1 - p);
  }
  return bits;
}

/** A logistic distribution around the mean of W and N (128 if both are missing), with 2^-9 spread evenly. */
export const plainModel: Model = ({ width, channels, samples }, x, y, c) => {
  const at = (dx: number, dy: number): number => samples[((y - dy) * width + x - dx) * channels + c] as number;
  const w = x > 0 ? at(1, 0) : y > 0 ? at(0, 1) : 128;
  const n = y > 0 ? at(0, 1) : w;
  const mean = (w + n) / 2;
  const gradient = x > 0 && y > 0 ? w + n - at(1, 1) : mean;
  const spread = 2 ** -9;
  const below = (b: number): number => {
    if (b <= 0 || b >= 256) return b <= 0 ? 0 : 1;
    return (1 - spread) / (1 + Math.exp((mean - b + 0.5) / 4)) + (spread * b) / 256;
  };
  return { mean, a: Math.max(0, Math.min(255, gradient)), b: mean + 0.3, below };
};
