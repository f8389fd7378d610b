import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '../model/architecture.js';
import { PixelCnnNetwork } from '../model/tfjs/pixelcnn.js';
import { type Batch, type Predictor, makeBatch } from './objective.js';

/** The tfjs half of a model, as the trainer uses it. */
export interface TrainableNetwork extends Predictor {
  /** Unmasked weights by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** The weights as they are shipped. */
  tensors(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

/** What training must know of an architecture. */
export interface Trainable<S extends ModelSpec> {
  /** A network with these weights, or with new ones drawn from standard normal numbers. */
  network(spec: S, weights: ReadonlyMap<string, Float32Array> | { random: () => number }): TrainableNetwork;
  /** Images of one size, each [height][width][channels], as the network takes them. */
  batch(images: readonly Uint8Array[], width: number, height: number, spec: S): Batch;
}

/** By architecture; a new model adds its line. */
const TRAINABLE: Readonly<Record<ModelSpec['architecture'], Trainable<ModelSpec>>> = {
  pixelcnn: { network: (spec, weights) => new PixelCnnNetwork(spec, weights), batch: makeBatch },
};

export function trainableOf({ architecture }: ModelSpec): Trainable<ModelSpec> {
  return TRAINABLE[architecture];
}
