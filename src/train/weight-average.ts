import type * as tf from '@tensorflow/tfjs-core';
import { copyOfValues, setValues } from './networks/variables.js';
import type { Average } from './checkpoint.js';

/** In its first steps the mean is over about this part of them: the beginning is soon forgotten. */
const SHARE = 0.1;

/**
 * The running mean of the weights over the steps of training (Polyak and Juditsky 1992; in the PixelRNN family with
 * PixelCNN++, Salimans et al. 2017). At any rate but the lowest ones it is a better model than the weights of the last
 * step, which the noise of the gradients throws about.
 */
export class WeightAverage {
  private readonly means: ReadonlyMap<string, Float32Array>;
  private steps = 0;

  /** @param decay d: a step's weights count (1 - d) d^n after n further steps */
  constructor(
    private readonly variables: ReadonlyMap<string, tf.Variable>,
    private readonly decay: number,
  ) {
    this.means = new Map([...variables].map(([name, { size }]) => [name, new Float32Array(size)] as const));
  }

  /** Takes in the weights as a step has left them. */
  note(): void {
    const keep = Math.min(this.decay, this.steps / (this.steps + 1 / SHARE));
    this.steps++;
    for (const [name, variable] of this.variables) {
      const mean = this.means.get(name) as Float32Array;
      const weights = variable.dataSync();
      for (let i = 0; i < mean.length; i++) mean[i] = keep * (mean[i] as number) + (1 - keep) * (weights[i] as number);
    }
  }

  /** Does `work` while the variables have the mean as their values. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    const weights = [...this.variables].map(([name, variable]) => {
      const values = copyOfValues(variable);
      setValues(variable, Float32Array.from(this.means.get(name) as Float32Array));
      return [variable, values] as const;
    });
    try {
      return await work();
    } finally {
      for (const [variable, values] of weights) setValues(variable, values);
    }
  }

  /** For a checkpoint. */
  state(): Average {
    return { steps: this.steps, means: this.means };
  }

  /** Takes over what a checkpoint holds. */
  restore({ steps, means }: Average): void {
    this.steps = steps;
    for (const [name, mean] of this.means) mean.set(means.get(name) ?? []);
  }
}
