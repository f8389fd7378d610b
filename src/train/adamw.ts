import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import type { Checkpoint } from './checkpoint.js';
import type { TrainingOptimizer } from './trainable.js';

/** Beta 2, epsilon and weight decay as PyTorch has them by default; beta 1 is a setting. */
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;
const WEIGHT_DECAY = 0.01;

/** A variable with the running means of its gradient and of the gradient's square. */
interface Parameter {
  readonly variable: tf.Variable;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), which tfjs has not. The arithmetic is plain: a
 * network of a hundred thousand weights takes a millisecond.
 */
export class AdamW implements TrainingOptimizer {
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private steps = 0;

  /** `momentum` is the decay of the gradient's running mean. */
  constructor(
    variables: ReadonlyMap<string, tf.Variable>,
    private readonly momentum: number,
  ) {
    this.parameters = new Map(
      [...variables].map(([name, variable]) => {
        const moments = { first: new Float32Array(variable.size), second: new Float32Array(variable.size) };
        return [name, { variable, ...moments }] as const;
      }),
    );
  }

  step(gradients: tf.NamedTensorMap, rate: number, maxNorm: number): void {
    this.steps++;
    const values = new Map(Object.entries(gradients).map(([name, g]) => [name, g.dataSync() as Float32Array] as const));
    let squares = 0;
    for (const gradient of values.values()) for (const g of gradient) squares += g * g;
    const factor = Math.min(1, maxNorm / (Math.sqrt(squares) + 1e-12));
    for (const [name, gradient] of values) {
      const parameter = this.parameters.get(name);
      if (!parameter) throw new Error(`a gradient of an unknown variable ${name}`);
      this.update(parameter, gradient, factor, rate);
    }
    tf.dispose(gradients);
  }

  /** The count of steps, then both means of every variable. */
  state(): Promise<Checkpoint['optimizer']> {
    const vector = (name: string, values: Float32Array) => ({ name, shape: [values.length], values });
    const means = [...this.parameters].flatMap(([name, { first, second }]) => [
      vector(`${name}/m`, Float32Array.from(first)),
      vector(`${name}/v`, Float32Array.from(second)),
    ]);
    return Promise.resolve([{ name: 'iter', shape: [], values: Float32Array.of(this.steps) }, ...means]);
  }

  restore(state: Checkpoint['optimizer']): Promise<void> {
    const saved = new Map(state.map(({ name, values }) => [name, values] as const));
    const take = (name: string, into: Float32Array): void => {
      const values = saved.get(name);
      if (values?.length !== into.length) {
        throw new PixrnnError(
          'training',
          `the checkpoint has not all of AdamW's state: ${name}. Start without --resume.`,
        );
      }
      into.set(values);
    };
    const steps = new Float32Array(1);
    take('iter', steps);
    this.steps = steps[0] as number;
    for (const [name, { first, second }] of this.parameters) {
      take(`${name}/m`, first);
      take(`${name}/v`, second);
    }
    return Promise.resolve();
  }

  dispose(): void {
    // Nothing here is a tensor.
  }

  private update({ variable, first, second }: Parameter, gradient: Float32Array, factor: number, rate: number): void {
    const { momentum, steps } = this;
    const firstScale = rate / (1 - momentum ** steps);
    const secondScale = 1 / (1 - SECOND_DECAY ** steps);
    const kept = 1 - rate * WEIGHT_DECAY;
    // A new array: what tfjs hands out may be the variable's own.
    const weights = Float32Array.from(variable.dataSync() as Float32Array);
    for (let i = 0; i < weights.length; i++) {
      const g = (gradient[i] as number) * factor;
      const m = (first[i] = momentum * (first[i] as number) + (1 - momentum) * g);
      const v = (second[i] = SECOND_DECAY * (second[i] as number) + (1 - SECOND_DECAY) * g * g);
      weights[i] = kept * (weights[i] as number) - (firstScale * m) / (Math.sqrt(secondScale * v) + EPSILON);
    }
    tf.tidy(() => variable.assign(tf.tensor(weights, variable.shape)));
  }
}
