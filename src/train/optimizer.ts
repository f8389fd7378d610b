import * as tf from '@tensorflow/tfjs-core';

/** RMSProp as the paper trains with; tfjs's own, with a learning rate that a schedule may move. */
export class ScheduledRmsProp extends tf.RMSPropOptimizer {
  constructor(momentum: number) {
    super(0, 0.95, momentum, 1e-8);
  }

  /** One step at `rate`, the gradient's global norm clipped at `maxNorm`. Disposes of the gradients; returns that norm. */
  step(gradients: tf.NamedTensorMap, rate: number, maxNorm: number): tf.Scalar {
    this.learningRate = rate;
    const { clipped, norm } = tf.tidy(() => {
      const squares = Object.values(gradients).map((g) => tf.sum<tf.Scalar>(tf.square(g)));
      const length = tf.sqrt(tf.addN<tf.Scalar>(squares));
      const factor = tf.minimum(1, tf.div(maxNorm, tf.add(length, 1e-12)));
      const scaled = Object.entries(gradients).map(([name, g]) => [name, tf.mul(g, factor)] as const);
      const shorter: tf.NamedTensorMap = Object.fromEntries(scaled);
      return { clipped: shorter, norm: length };
    });
    this.applyGradients(clipped);
    tf.dispose([gradients, clipped]);
    return norm;
  }
}

/** Warm-up over `warmup` steps, then a half cosine from `peak` down to 2 % of it at the last step. */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * done)));
}
