import type * as tf from '@tensorflow/tfjs-core';
import { copyOfValues, setValues } from './networks/variables.js';
import type { Average } from './checkpoint.js';

/** Initially, the mean covers about this share of the steps so far, so that the first weights are soon forgotten. */
const SHARE = 0.1;

/**
 * The running mean of the weights over training steps (Polyak and Juditsky 1992; used by PixelCNN++, Salimans et al. 2017).
 * Except at the lowest learning rates, it is a better model than the last weights, which gradient noise perturbs.
 */
export class WeightAverage {
  private readonly means: ReadonlyMap<string, Float32Array>;
  private steps = 0;

  /** @param decay d: the weights of a step contribute (1 - d) d^n after n further steps */
  constructor(
    private readonly variables: ReadonlyMap<string, tf.Variable>,
    private readonly decay: number,
  ) {
    this.means = new Map([...variables].map(([name, { size }]) => [name, new Float32Array(size)] as const));
  }

  /** Adds the current weights to the mean. */
  update(): void {
    const decay = Math.min(this.decay, this.steps / (this.steps + 1 / SHARE));
    this.steps++;
    for (const [name, variable] of this.variables) {
      const mean = this.means.get(name) as Float32Array;
      const weights = variable.dataSync();
      for (let i = 0; i < mean.length; i++)
        mean[i] = decay * (mean[i] as number) + (1 - decay) * (weights[i] as number);
    }
  }

  /** Runs `action` with the variables set to the mean, then restores them. */
  async withMeans<T>(action: () => Promise<T>): Promise<T> {
    const weights = [...this.variables].map(([name, variable]) => {
      const values = copyOfValues(variable);
      setValues(variable, Float32Array.from(this.means.get(name) as Float32Array));
      return [variable, values] as const;
    });
    try {
      return await action();
    } finally {
      for (const [variable, values] of weights) setValues(variable, values);
    }
  }

  /** Returns the state for a checkpoint. */
  state(): Average {
    return { steps: this.steps, means: this.means };
  }

  /** Restores the state of a checkpoint. */
  restore({ steps, means }: Average): void {
    this.steps = steps;
    for (const [name, mean] of this.means) mean.set(means.get(name) ?? []);
  }
}
