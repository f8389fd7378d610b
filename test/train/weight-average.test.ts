import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { WeightAverage } from '#pixrnn/train/weight-average.js';
import { generator } from '../../fixtures/draw.js';

const DECAY = 0.8;
const random = generator(11);
/** Values of the variables after each step. */
const STEPS = Array.from({ length: 60 }, () => ({ a: [random(), random() - 3], b: [10 * random()] }));

function variables(): Map<'a' | 'b', tf.Variable> {
  return new Map([
    ['a', tf.variable(tf.tensor([0, 0], [1, 2]), true, 'average/a')],
    ['b', tf.variable(tf.tensor([0]), true, 'average/b')],
  ]);
}

/** Takes the steps from `from` on. */
function take(average: WeightAverage, of: Map<'a' | 'b', tf.Variable>, from: number, to: number): void {
  for (const step of STEPS.slice(from, to)) {
    for (const [name, v] of of) v.assign(tf.tensor(step[name], v.shape));
    average.update();
  }
}

/** Returns the average of this decay over a list of numbers, in f64. */
function reference(values: number[], decay = DECAY): number {
  return values.reduce((mean, value, i) => {
    const weight = Math.min(decay, i / (i + 10));
    return weight * mean + (1 - weight) * value;
  }, 0);
}

function near(actual: ArrayLike<number>, expected: number[]): void {
  expected.forEach((value, i) => assert.ok(Math.abs((actual[i] as number) - value) < 1e-5, `${actual[i]}, ${value}`));
}

describe('the running mean of the weights', () => {
  before(() => chooseBackend('wasm'));

  it('forgets the beginning, then decays', async (context) => {
    const of = variables();
    context.after(() => of.forEach((v) => v.dispose()));
    const average = new WeightAverage(of, DECAY);
    const expected = (steps: typeof STEPS) => ({
      a: [0, 1].map((i) => reference(steps.map(({ a }) => a[i] as number))),
      b: [reference(steps.map(({ b }) => b[0] as number))],
    });
    take(average, of, 0, 1);
    near(average.state().means.get('a') as Float32Array, STEPS[0]?.a as number[]);
    take(average, of, 1, 60);
    assert.equal(average.state().steps, 60);
    const { a, b } = expected(STEPS);
    await average.withMeans(() => {
      near(of.get('a')?.dataSync() as Float32Array, a);
      near(of.get('b')?.dataSync() as Float32Array, b);
      assert.deepEqual(of.get('a')?.shape, [1, 2]);
      return Promise.resolve();
    });
    near(of.get('a')?.dataSync() as Float32Array, STEPS[59]?.a as number[]);
  });

  it('continues from a state as if it had never stopped', (context) => {
    const of = variables();
    context.after(() => of.forEach((v) => v.dispose()));
    const [whole, first, second] = [0, 1, 2].map(() => new WeightAverage(of, DECAY)) as [
      WeightAverage,
      WeightAverage,
      WeightAverage,
    ];
    take(whole, of, 0, 60);
    take(first, of, 0, 7);
    second.restore(first.state());
    take(second, of, 7, 60);
    assert.deepEqual(second.state(), whole.state());
  });

  it('restores the weights if the work fails', async (context) => {
    const of = variables();
    context.after(() => of.forEach((v) => v.dispose()));
    const average = new WeightAverage(of, DECAY);
    take(average, of, 0, 20);
    const { numTensors } = tf.memory();
    await assert.rejects(
      average.withMeans(() => Promise.reject(new Error('no room'))),
      /no room/,
    );
    near(of.get('b')?.dataSync() as Float32Array, STEPS[19]?.b as number[]);
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
