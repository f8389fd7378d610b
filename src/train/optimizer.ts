import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { copyOfValues, setValues } from './networks/variables.js';
import type { Checkpoint } from './checkpoint.js';

/** One update of one variable; all vectors have its length. */
export interface Update {
  readonly name: string;
  readonly shape: readonly number[];
  /** Updated in place. */
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  /** Clipping factor of the gradient. */
  readonly factor: number;
  readonly rate: number;
  /** Number of optimizer steps including this one. */
  readonly steps: number;
  /** State of the rule, updated in place, in the order of its `memories`. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Update rule of an optimizer. */
export interface UpdateRule {
  readonly name: string;
  /** Names in checkpoints of the two state vectors per variable. */
  readonly memories: readonly [string, string];
  update(update: Update): void;
}

/** A variable and the rule's state for it. */
interface Parameter {
  readonly variable: tf.Variable;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * A step whose gradient norm exceeds the running mean by this factor is skipped: it is an exploding gradient (Pascanu, Mikolov
 * and Bengio 2013) on one input and says nothing about the others.
 */
const EXPLODED = 10;
/** Decay of the running mean of the gradient norm. */
const NORM_DECAY = 0.99;

/**
 * Applies an update rule in plain arithmetic: a hundred thousand weights need a millisecond, whereas tfjs needs ten calls
 * for every tensor of a few hundred numbers.
 */
export class Optimizer {
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private steps = 0;
  /** Running mean of the gradient norm; 0 before the first step. */
  private meanNorm = 0;

  constructor(
    variables: ReadonlyMap<string, tf.Variable>,
    private readonly rule: UpdateRule,
  ) {
    this.parameters = new Map(
      [...variables].map(([name, variable]) => {
        const memories = { first: new Float32Array(variable.size), second: new Float32Array(variable.size) };
        return [name, { variable, ...memories }] as const;
      }),
    );
  }

  /**
   * Makes one step at learning rate `rate`, with the global gradient norm clipped to `maxNorm`, or skips it if the norm
   * exceeds EXPLODED times its running mean. Disposes of the gradients.
   * @returns whether the step was made
   */
  step(gradients: tf.NamedTensorMap, rate: number, maxNorm: number): boolean {
    const values = new Map(Object.entries(gradients).map(([name, g]) => [name, g.dataSync() as Float32Array] as const));
    let squares = 0;
    for (const gradient of values.values()) squares += squaredNorm(gradient);
    const norm = Math.sqrt(squares);
    const mean = this.meanNorm > 0 ? this.meanNorm : norm;
    const limit = EXPLODED * mean;
    // In f32, as in a checkpoint.
    this.meanNorm = Math.fround(NORM_DECAY * mean + (1 - NORM_DECAY) * Math.min(norm, limit));
    const isMade = !(norm > limit); // NaN too: a divergence must not pass as an outlier
    if (isMade) this.move(values, rate, Math.min(1, maxNorm / (norm + 1e-12)));
    tf.dispose(gradients);
    return isMade;
  }

  private move(gradients: ReadonlyMap<string, Float32Array>, rate: number, factor: number): void {
    const steps = ++this.steps;
    for (const [name, gradient] of gradients) {
      const parameter = this.parameters.get(name);
      if (!parameter) throw new Error(`gradient of an unknown variable ${name}`);
      const { variable, first, second } = parameter;
      const weights = copyOfValues(variable);
      this.rule.update({ name, shape: variable.shape, weights, gradient, factor, rate, steps, first, second });
      setValues(variable, weights);
    }
  }

  /**
   * Returns the state for a checkpoint: the number of steps, the running mean of the gradient norm, then both state vectors of
   * every variable.
   */
  state(): Checkpoint['optimizer'] {
    const [first, second] = this.rule.memories;
    const vector = (name: string, values: Float32Array) => ({
      name,
      shape: [values.length],
      values: Float32Array.from(values),
    });
    const memories = [...this.parameters].flatMap(([name, parameter]) => [
      vector(`${name}/${first}`, parameter.first),
      vector(`${name}/${second}`, parameter.second),
    ]);
    const scalar = (name: string, value: number) => ({ name, shape: [], values: Float32Array.of(value) });
    return [scalar('iter', this.steps), scalar('length', this.meanNorm), ...memories];
  }

  /** Restores the state of a checkpoint. Throws `training` if something is missing. */
  restore(state: Checkpoint['optimizer']): void {
    const saved = new Map(state.map(({ name, values }) => [name, values] as const));
    const take = (name: string, into: Float32Array): void => {
      const values = saved.get(name);
      if (values?.length !== into.length) {
        throw new PixrnnError(
          'training',
          `the checkpoint lacks ${name} of the state of ${this.rule.name}. Start without --resume.`,
        );
      }
      into.set(values);
    };
    const steps = new Float32Array(1);
    take('iter', steps);
    this.steps = steps[0] as number;
    this.meanNorm = saved.get('length')?.[0] ?? 0; // not stored by older versions
    const [firstName, secondName] = this.rule.memories;
    for (const [name, { first, second }] of this.parameters) {
      take(`${name}/${firstName}`, first);
      take(`${name}/${secondName}`, second);
    }
  }
}

/** Returns the sum of the squares; an index, because iterators and callbacks take ten times as long. */
export function squaredNorm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum;
}
