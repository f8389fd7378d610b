import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from './checkpoint.js';
import type { TrainingOptimizer } from './trainable.js';

/** RMSProp as the paper trains with; tfjs's own, with a learning rate that a schedule may move. */
export class ScheduledRmsProp extends tf.RMSPropOptimizer implements TrainingOptimizer {
  constructor(momentum: number) {
    // Added to the mean square under the root: 1e-8 would be as much as a gradient of 1e-4, and most of bits/dim are of 1e-5.
    super(0, 0.95, momentum, 1e-14);
  }

  step(gradients: tf.NamedTensorMap, rate: number, maxNorm: number): void {
    this.learningRate = rate;
    const clipped = tf.tidy(() => {
      const squares = Object.values(gradients).map((g) => tf.sum<tf.Scalar>(tf.square(g)));
      const length = tf.sqrt(tf.addN<tf.Scalar>(squares));
      const factor = tf.minimum(1, tf.div(maxNorm, tf.add(length, 1e-12)));
      const scaled = Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, factor)] as const);
      return Object.fromEntries<tf.Tensor>(scaled);
    });
    this.applyGradients(clipped);
    tf.dispose([gradients, clipped]);
  }

  async state(): Promise<Checkpoint['optimizer']> {
    const named = await this.getWeights();
    const state = await Promise.all(
      named.map(async ({ name, tensor }) => ({
        name,
        shape: tensor.shape,
        values: Float32Array.from(await tensor.data()),
      })),
    );
    named[0]?.tensor.dispose(); // the count of steps, made for this call; the others are the optimizer's own
    return state;
  }

  async restore(state: Checkpoint['optimizer']): Promise<void> {
    const [iterations, ...rest] = state;
    if (!iterations) return;
    const weights = [
      { name: iterations.name, tensor: tf.scalar(iterations.values[0] as number, 'int32') },
      ...rest.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, [...shape]) })),
    ];
    await this.setWeights(weights);
    tf.dispose(weights.map(({ tensor }) => tensor)); // the optimizer has variables of its own
  }
}

/** Warm-up over `warmup` steps, then a half cosine from `peak` down to 2 % of it at the last step. */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
}
