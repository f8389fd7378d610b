import type * as tf from '@tensorflow/tfjs-core';
import { type MultiScaleSpec, scalePrefix } from '../../model/multi-scale.js';
import { PixelRnnNetwork } from './pixelrnn.js';

/** The tfjs implementation of Multi-Scale PixelRNN: independent networks, one per scale. */
export class MultiScaleNetwork {
  /** Networks by scale, smallest first. */
  readonly scales: readonly PixelRnnNetwork[];

  /** Uses the given tensors, or draws weights from `random` (standard normal numbers). */
  constructor(
    readonly spec: MultiScaleSpec,
    tensors: ReadonlyMap<string, Float32Array> | { random: () => number },
  ) {
    this.scales = spec.scales.map((scale, i) => new PixelRnnNetwork(scale, tensors, scalePrefix(i)));
  }

  get variables(): ReadonlyMap<string, tf.Variable> {
    return new Map(this.scales.flatMap(({ variables }) => [...variables]));
  }

  /** Returns the masked weights, as stored in model files. */
  async tensors(): Promise<Map<string, Float32Array>> {
    const parts = await Promise.all(this.scales.map((scale) => scale.tensors()));
    return new Map(parts.flatMap((part) => [...part]));
  }

  dispose(): void {
    for (const scale of this.scales) scale.dispose();
  }
}
