import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { copyOfValues, setValues } from './networks/variables.js';
import type { Checkpoint } from './checkpoint.js';

/** One step of one variable; every vector is as long as it. */
export interface Update {
  /** Moved in place. */
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  /** What clipping multiplies the gradient by. */
  readonly factor: number;
  readonly rate: number;
  /** Of the optimizer, this one included: 1 in the first. */
  readonly steps: number;
  /** What the rule remembers, updated in place, in the order of its `memories`. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** How an optimizer moves weights. */
export interface UpdateRule {
  readonly name: string;
  /** What checkpoints call the two vectors that it keeps of a variable. */
  readonly memories: readonly [string, string];
  update(update: Update): void;
}

/** A variable with what the rule remembers of it. */
interface Parameter {
  readonly variable: tf.Variable;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * A gradient that is so many times longer than they were in the mean is left out: it comes from an input on which the
 * layers multiply each other's values without end (Pascanu, Mikolov and Bengio 2013), and says nothing of the others.
 */
const EXPLODED = 10;
/** Decay of the gradients' mean length. */
const LENGTH_DECAY = 0.99;

/**
 * Steps of a rule, in plain arithmetic: a hundred thousand weights take a millisecond, where tensors
 * of a few hundred numbers would cost ten calls each.
 */
export class Optimizer {
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private steps = 0;
  /** Mean length of the gradients; 0 before the first one. */
  private length = 0;

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
   * One step at `rate`, the gradients' global norm clipped at `maxNorm`; none where it is far longer than usual. Disposes of
   * the gradients.
   */
  step(gradients: tf.NamedTensorMap, rate: number, maxNorm: number): void {
    const values = new Map(Object.entries(gradients).map(([name, g]) => [name, g.dataSync() as Float32Array] as const));
    let squares = 0;
    for (const gradient of values.values()) for (const g of gradient) squares += g * g;
    const length = Math.sqrt(squares);
    const usual = this.length > 0 ? this.length : length;
    const longest = EXPLODED * usual;
    // As a checkpoint keeps it.
    this.length = Math.fround(LENGTH_DECAY * usual + (1 - LENGTH_DECAY) * Math.min(length, longest));
    if (!(length > longest)) this.move(values, rate, Math.min(1, maxNorm / (length + 1e-12)));
    tf.dispose(gradients);
  }

  private move(gradients: ReadonlyMap<string, Float32Array>, rate: number, factor: number): void {
    const steps = ++this.steps;
    for (const [name, gradient] of gradients) {
      const parameter = this.parameters.get(name);
      if (!parameter) throw new Error(`a gradient of an unknown variable ${name}`);
      const { variable, first, second } = parameter;
      const weights = copyOfValues(variable);
      this.rule.update({ weights, gradient, factor, rate, steps, first, second });
      setValues(variable, weights);
    }
  }

  /**
   * What it knows beside the weights, for a checkpoint: the count of steps, the gradients' mean length, then both memories
   * of every variable.
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
    return [scalar('iter', this.steps), scalar('length', this.length), ...memories];
  }

  /** Takes over what a checkpoint holds. Throws `training` where something is missing. */
  restore(state: Checkpoint['optimizer']): void {
    const saved = new Map(state.map(({ name, values }) => [name, values] as const));
    const take = (name: string, into: Float32Array): void => {
      const values = saved.get(name);
      if (values?.length !== into.length) {
        throw new PixrnnError(
          'training',
          `the checkpoint has not all of ${this.rule.name}'s state: ${name}. Start without --resume.`,
        );
      }
      into.set(values);
    };
    const steps = new Float32Array(1);
    take('iter', steps);
    this.steps = steps[0] as number;
    this.length = saved.get('length')?.[0] ?? 0; // older versions had none
    const [firstName, secondName] = this.rule.memories;
    for (const [name, { first, second }] of this.parameters) {
      take(`${name}/${firstName}`, first);
      take(`${name}/${secondName}`, second);
    }
  }
}
