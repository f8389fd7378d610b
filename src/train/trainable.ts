import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '../model/architectures.js';
import type { TrainingImage } from './dataset.js';
import type { Random } from './random.js';
import type { RunSettings } from './settings.js';

/** The tfjs implementation of a model. */
export interface TrainableNetwork {
  /** Unmasked weights by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Returns the weights for a model file, masks applied. */
  tensors(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

/** An endless sequence of batches, determined by images, settings and seed. */
export interface BatchSource<B> {
  /** Position in the sequence, for a checkpoint: a source that starts there continues the sequence. */
  readonly position: number;
  /** Returns the next batch, which is valid until the next call. */
  next(): Promise<B>;
  close(): Promise<void>;
}

/** Options of a source of batches. */
export interface BatchOptions<S extends ModelSpec> {
  readonly images: readonly TrainingImage[];
  readonly spec: S;
  readonly settings: RunSettings;
  /** Start position from a checkpoint; undefined for a new run. */
  readonly position: number | undefined;
  /** The generator that drew the weights of a new run. */
  readonly random: Random;
}

/** Training of an architecture with spec S, network N and batches B. */
export interface Trainable<S extends ModelSpec, N extends TrainableNetwork, B> {
  /** Maximum side of crops in pixels. */
  readonly maxCrop: number;
  /** Creates a network with the given weights, or with new ones drawn from a generator. */
  network(spec: S, weights: ReadonlyMap<string, Float32Array> | Random): N;
  batches(options: BatchOptions<S>): BatchSource<B>;
  /** Returns the loss, a tensor with gradients: the mean code length of a sub-pixel. */
  loss(network: N, batch: B): tf.Scalar;
  /** The loss equal to one bit. */
  readonly lossOfBit: number;
}
