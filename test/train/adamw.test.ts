import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '#pixrnn/errors.js';
import { AdamW } from '#pixrnn/train/adamw.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { generator } from '../../fixtures/draw.js';

const SIZES = { a: 3, b: 2 } as const;
type Vectors = Record<keyof typeof SIZES, number[]>;

const random = generator(2);
/** Gradients of steps, some of them so long that they are clipped. */
const STEPS = Array.from({ length: 6 }, (_, step) => {
  const drawn = (n: number): number[] => Array.from({ length: n }, () => (step % 2 === 0 ? 4 : 0.1) * (random() - 0.5));
  return { gradients: { a: drawn(SIZES.a), b: drawn(SIZES.b) }, rate: 0.05 / (step + 1) };
});
const FIRST: Vectors = { a: [1, -2, 0], b: [0.5, 30] };
const MAX_NORM = 0.8;
const MOMENTUM = 0.8;

/** torch.optim.AdamW and clip_grad_norm_ as their documentation has them, in f64. */
function reference(): Vectors {
  const names = ['a', 'b'] as const;
  const weights: Vectors = { a: [...FIRST.a], b: [...FIRST.b] };
  const m: Vectors = { a: [0, 0, 0], b: [0, 0] };
  const v: Vectors = { a: [0, 0, 0], b: [0, 0] };
  STEPS.forEach(({ gradients, rate }, i) => {
    const t = i + 1;
    const norm = Math.hypot(...gradients.a, ...gradients.b);
    for (const name of names) {
      gradients[name].forEach((raw, j) => {
        const g = norm > MAX_NORM ? (raw * MAX_NORM) / norm : raw;
        const decayed = (weights[name][j] as number) * (1 - rate * 0.01);
        m[name][j] = MOMENTUM * (m[name][j] as number) + (1 - MOMENTUM) * g;
        v[name][j] = 0.999 * (v[name][j] as number) + 0.001 * g * g;
        const mean = m[name][j] / (1 - MOMENTUM ** t);
        const square = v[name][j] / (1 - 0.999 ** t);
        weights[name][j] = decayed - (rate * mean) / (Math.sqrt(square) + 1e-8);
      });
    }
  });
  return weights;
}

/** Variables a and b and their optimizer. */
function begin() {
  const variables = new Map(
    (['a', 'b'] as const).map((name) => [name, tf.tidy(() => tf.variable(tf.tensor1d(FIRST[name]), true, name))]),
  );
  const adam = new AdamW(variables, MOMENTUM);
  const weights = () => [...variables.values()].map((variable) => [...variable.dataSync()]);
  const take = (steps: typeof STEPS): void => {
    for (const { gradients, rate } of steps) {
      adam.step({ b: tf.tensor1d(gradients.b), a: tf.tensor1d(gradients.a) }, rate, MAX_NORM);
    }
  };
  const end = (): void => {
    for (const variable of variables.values()) variable.dispose();
    adam.dispose();
  };
  return { adam, weights, take, end };
}

describe('AdamW', () => {
  before(() => chooseBackend('wasm'));

  it('moves weights as the plain formulas do, the gradient clipped by its whole length', () => {
    const norms = STEPS.map(({ gradients: { a, b } }) => Math.hypot(...a, ...b));
    assert.ok(norms.some((n) => n > MAX_NORM) && norms.some((n) => n < MAX_NORM));
    const { numTensors } = tf.memory();
    const { weights, take, end } = begin();
    take(STEPS);
    const { a, b } = reference();
    weights().flatMap((actual, i) => {
      const expected = [a, b][i] as number[];
      actual.forEach((w, j) => {
        assert.ok(Math.abs(w - (expected[j] as number)) < 2e-6 * Math.max(1, Math.abs(w)), `${i} ${j}: ${w}`);
      });
    });
    end();
    assert.equal(tf.memory().numTensors, numTensors);
  });

  it('goes on from its state to the last bit', async () => {
    const whole = begin();
    whole.take(STEPS);
    const expected = whole.weights();
    whole.end();

    const half = begin();
    half.take(STEPS.slice(0, 3));
    const state = await half.adam.state();
    const kept = structuredClone(state);
    const other = new AdamW(new Map(), MOMENTUM);
    await other.restore(state); // of no variables: only the count
    assert.equal((await other.state())[0]?.values[0], 3);
    half.take(STEPS.slice(3));
    assert.deepEqual(half.weights(), expected);
    assert.deepEqual(state, kept, 'a state does not change any more');
    half.end();

    const begun = begin();
    begun.take(STEPS.slice(0, 3));
    const weights = begun.weights();
    begun.end();
    const resumed = begin();
    tf.tidy(() =>
      weights.forEach((w, i) => tf.engine().registeredVariables[i === 0 ? 'a' : 'b']?.assign(tf.tensor(w))),
    );
    await resumed.adam.restore(kept);
    resumed.take(STEPS.slice(3));
    assert.deepEqual(resumed.weights(), expected);
    resumed.end();
  });

  it('refuses a state that is not whole', () => {
    const { adam, end } = begin();
    const vector = (name: string, length: number) => ({ name, shape: [length], values: new Float32Array(length) });
    const whole = [vector('iter', 1), vector('a/m', 3), vector('a/v', 3), vector('b/m', 2), vector('b/v', 2)];
    const refused = (state: typeof whole) =>
      assert.throws(
        () => adam.restore(state),
        (error) => error instanceof PixrnnError && error.code === 'training' && /AdamW/.test(error.message),
      );
    refused([]);
    whole.forEach((_, i) => refused(whole.filter((_, j) => j !== i)));
    refused([...whole.slice(0, 4), vector('b/v', 3)]);
    end();
  });
});
