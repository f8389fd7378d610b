import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '#pixrnn/errors.js';
import { adamW } from '#pixrnn/train/adamw.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { Optimizer, type UpdateRule } from '#pixrnn/train/optimizer.js';
import { rmsProp } from '#pixrnn/train/rmsprop.js';
import { generator } from '../../fixtures/draw.js';

const SIZES = { a: 3, b: 2 } as const;
type Vectors = Record<keyof typeof SIZES, number[]>;

const random = generator(2);
/** Gradients of steps, some of them long enough to be clipped. */
const STEPS = Array.from({ length: 6 }, (_, step) => {
  const drawn = (n: number): number[] => Array.from({ length: n }, () => (step % 2 === 0 ? 4 : 0.1) * (random() - 0.5));
  return { gradients: { a: drawn(SIZES.a), b: drawn(SIZES.b) }, rate: 0.05 / (step + 1) };
});
const FIRST: Vectors = { a: [1, -2, 0], b: [0.5, 30] };
const MAX_NORM = 0.8;
const MOMENTUM = 0.8;

/** The result of a rule for one weight in one step, in f64: its new value and both running means. */
type Plain = (at: { w: number; g: number; means: readonly [number, number]; rate: number; t: number }) => {
  w: number;
  means: readonly [number, number];
};

/** torch.optim.AdamW as documented. */
const plainAdamW: Plain = ({ w, g, means: [m0, v0], rate, t }) => {
  const m = MOMENTUM * m0 + (1 - MOMENTUM) * g;
  const v = 0.999 * v0 + 0.001 * g * g;
  const mean = m / (1 - MOMENTUM ** t);
  const square = v / (1 - 0.999 ** t);
  return { w: w * (1 - rate * 0.01) - (rate * mean) / (Math.sqrt(square) + 1e-8), means: [m, v] };
};

/** tf.keras.optimizers.RMSprop, legacy, with momentum. */
const plainRmsProp: Plain = ({ w, g, means: [square0, moment0], rate }) => {
  const square = 0.95 * square0 + 0.05 * g * g;
  const moment = MOMENTUM * moment0 + (rate * g) / Math.sqrt(square + 1e-14);
  return { w: w - moment, means: [square, moment] };
};

/** Runs all steps, with the gradient clipped as torch's clip_grad_norm_ does. */
function reference(plain: Plain): Vectors {
  const names = ['a', 'b'] as const;
  const weights: Vectors = { a: [...FIRST.a], b: [...FIRST.b] };
  const means = { a: FIRST.a.map(() => [0, 0] as const), b: FIRST.b.map(() => [0, 0] as const) } as Record<
    keyof typeof SIZES,
    (readonly [number, number])[]
  >;
  STEPS.forEach(({ gradients, rate }, i) => {
    const norm = Math.hypot(...gradients.a, ...gradients.b);
    for (const name of names) {
      gradients[name].forEach((raw, j) => {
        const g = norm > MAX_NORM ? (raw * MAX_NORM) / norm : raw;
        const old = { w: weights[name][j] as number, means: means[name][j] as readonly [number, number] };
        const after = plain({ ...old, g, rate, t: i + 1 });
        weights[name][j] = after.w;
        means[name][j] = after.means;
      });
    }
  });
  return weights;
}

/** Creates variables a and b and their optimizer. */
function begin(rule: UpdateRule) {
  const variables = new Map(
    (['a', 'b'] as const).map((name) => [name, tf.tidy(() => tf.variable(tf.tensor1d(FIRST[name]), true, name))]),
  );
  const optimizer = new Optimizer(variables, rule);
  const weights = () => [...variables.values()].map((variable) => [...variable.dataSync()]);
  const take = (steps: typeof STEPS): boolean[] =>
    steps.map(({ gradients, rate }) =>
      optimizer.step({ b: tf.tensor1d(gradients.b), a: tf.tensor1d(gradients.a) }, rate, MAX_NORM),
    );
  const end = (): void => {
    for (const variable of variables.values()) variable.dispose();
  };
  return { optimizer, weights, take, end };
}

before(() => chooseBackend('wasm'));

for (const [rule, plain] of [
  [adamW(MOMENTUM), plainAdamW],
  [rmsProp(MOMENTUM), plainRmsProp],
] as const) {
  describe(rule.name, () => {
    it('updates weights by the plain formulas, with the gradient clipped by its global norm', () => {
      const norms = STEPS.map(({ gradients: { a, b } }) => Math.hypot(...a, ...b));
      assert.ok(norms.some((n) => n > MAX_NORM) && norms.some((n) => n < MAX_NORM));
      const { numTensors } = tf.memory();
      const { weights, take, end } = begin(rule);
      take(STEPS);
      const { a, b } = reference(plain);
      weights().flatMap((actual, i) => {
        const expected = [a, b][i] as number[];
        actual.forEach((w, j) => {
          assert.ok(Math.abs(w - (expected[j] as number)) < 2e-6 * Math.max(1, Math.abs(w)), `${i} ${j}: ${w}`);
        });
      });
      end();
      assert.equal(tf.memory().numTensors, numTensors);
    });

    it('skips an exploded gradient', () => {
      const { optimizer, weights, take, end } = begin(rule);
      const long = STEPS.map(({ gradients: { a, b } }) => ({
        gradients: { a: a.map((g) => 5000 * g), b },
        rate: 0.05,
      }));
      assert.deepEqual(take(STEPS.slice(0, 3)), [true, true, true]);
      const before = weights();
      const [count] = optimizer.state();
      assert.deepEqual(take(long.slice(3, 4)), [false]);
      assert.deepEqual(weights(), before);
      assert.deepEqual(optimizer.state()[0], count);
      take(STEPS.slice(4));
      assert.notDeepEqual(weights(), before);
      // If all gradients are long from now on, the running mean adapts.
      const then = weights();
      for (let i = 0; i < 200 && weights()[0]?.[0] === then[0]?.[0]; i++) take(long.slice(4, 5));
      assert.notDeepEqual(weights(), then);
      end();
    });

    it('continues from its state to the last bit', () => {
      const whole = begin(rule);
      whole.take(STEPS);
      const expected = whole.weights();
      whole.end();

      const half = begin(rule);
      half.take(STEPS.slice(0, 3));
      const state = half.optimizer.state();
      const kept = structuredClone(state);
      const other = new Optimizer(new Map(), rule);
      other.restore(state); // without variables: only the count
      assert.equal(other.state()[0]?.values[0], 3);
      half.take(STEPS.slice(3));
      assert.deepEqual(half.weights(), expected);
      assert.deepEqual(state, kept, 'a returned state does not change later');
      half.end();

      const begun = begin(rule);
      begun.take(STEPS.slice(0, 3));
      const weights = begun.weights();
      begun.end();
      const resumed = begin(rule);
      tf.tidy(() =>
        weights.forEach((w, i) => tf.engine().registeredVariables[i === 0 ? 'a' : 'b']?.assign(tf.tensor(w))),
      );
      resumed.optimizer.restore(kept);
      resumed.take(STEPS.slice(3));
      assert.deepEqual(resumed.weights(), expected);
      resumed.end();
    });

    it('rejects an incomplete state', () => {
      const { optimizer, end } = begin(rule);
      const vector = (name: string, length: number) => ({ name, shape: [length], values: new Float32Array(length) });
      const [first, second] = rule.memories.map((name) => [vector(`a/${name}`, 3), vector(`b/${name}`, 2)]);
      const whole = [vector('iter', 1), ...(first ?? []), ...(second ?? [])];
      const refused = (state: typeof whole) =>
        assert.throws(
          () => optimizer.restore(state),
          (error) => error instanceof PixrnnError && error.code === 'training' && error.message.includes(rule.name),
        );
      refused([]);
      whole.forEach((_, i) => refused(whole.filter((_, j) => j !== i)));
      refused([...whole.slice(0, 4), vector(`b/${rule.memories[1]}`, 3)]);
      end();
    });
  });
}
