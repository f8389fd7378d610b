import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '../model/architectures.js';
import type { TrainingImage } from './dataset.js';
import type { UpdateRule } from './optimizer.js';
import type { Random } from './random.js';
import type { RunSettings } from './settings.js';

/** The tfjs half of a model, as the trainer uses it. */
export interface TrainableNetwork {
  /** Unmasked weights by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** The weights as they are shipped. */
  tensors(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

/** An endless sequence of batches: the same for the same images, settings and seed. */
export interface BatchSource<B> {
  /** Where the sequence stands, for a checkpoint: a source that starts there gives the batches that this one would. */
  readonly position: number;
  /** The next batch; it is valid until the next one is asked for. */
  next(): Promise<B>;
  close(): Promise<void>;
}

/** What a source of batches is made of. */
export interface BatchOptions<S extends ModelSpec> {
  readonly images: readonly TrainingImage[];
  readonly spec: S;
  readonly settings: RunSettings;
  /** Where to begin, by a checkpoint; undefined in a new run. */
  readonly position: number | undefined;
  /** The generator that has drawn the weights of a new run. */
  readonly random: Random;
}

/** What training must know of an architecture: its spec S, its network N and the batches B that this takes. */
export interface Trainable<S extends ModelSpec, N extends TrainableNetwork, B> {
  /** Side of the largest crops that it can be trained on, in pixels. */
  readonly largestCrop: number;
  /** A network with these weights, or with new ones. */
  network(spec: S, weights: ReadonlyMap<string, Float32Array> | Random): N;
  batches(options: BatchOptions<S>): BatchSource<B>;
  /** What is minimised, a tensor with gradients: mean code length of a sub-pixel. */
  loss(network: N, batch: B): tf.Scalar;
  /** The loss that is one bit. */
  readonly lossOfBit: number;
  /** How the optimizer moves weights. */
  updateRule(settings: RunSettings): UpdateRule;
}
