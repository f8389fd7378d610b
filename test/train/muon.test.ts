import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { adamW } from '#pixrnn/train/adamw.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { muon, orthogonalized } from '#pixrnn/train/muon.js';
import { Optimizer, type UpdateRule } from '#pixrnn/train/optimizer.js';
import { generator } from '../../fixtures/draw.js';

before(() => chooseBackend('wasm'));

/** Returns n orthonormal vectors of the given length, by Gram-Schmidt. */
function orthonormal(n: number, length: number, random: () => number): number[][] {
  const vectors: number[][] = [];
  while (vectors.length < n) {
    let vector = Array.from({ length }, () => random() - 0.5);
    for (const other of vectors) {
      const along = vector.reduce((sum, x, i) => sum + x * (other[i] as number), 0);
      vector = vector.map((x, i) => x - along * (other[i] as number));
    }
    const norm = Math.hypot(...vector);
    vectors.push(vector.map((x) => x / norm));
  }
  return vectors;
}

/** The sum of s u vt, row by row. */
function composed(singular: readonly number[], us: number[][], vs: number[][]): Float32Array {
  const [rows, columns] = [us[0]?.length ?? 0, vs[0]?.length ?? 0];
  return Float32Array.from({ length: rows * columns }, (_, i) =>
    singular.reduce((sum, s, k) => {
      const [u, v] = [us[k] as number[], vs[k] as number[]];
      return sum + s * (u[Math.floor(i / columns)] as number) * (v[i % columns] as number);
    }, 0),
  );
}

for (const [rows, columns] of [
  [4, 7],
  [7, 4],
  [5, 5],
] as const) {
  test(`a matrix of ${rows} by ${columns} keeps its singular vectors and gets singular values near 1`, () => {
    const random = generator(rows);
    const singular = [3, 1, 0.4, 0.2];
    const [us, vs] = [orthonormal(4, rows, random), orthonormal(4, columns, random)];
    const { numTensors } = tf.memory();
    const actual = orthogonalized(composed(singular, us, vs), rows, columns);
    assert.equal(tf.memory().numTensors, numTensors);
    const iterated = singular.map((s) => {
      let x = s / Math.hypot(...singular);
      for (let i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
      assert.ok(x > 0.65 && x < 1.25, `${s} becomes ${x}`);
      return x;
    });
    composed(iterated, us, vs).forEach((expected, i) => {
      assert.ok(Math.abs((actual[i] as number) - expected) < 1e-4, `${i}: ${actual[i]} instead of ${expected}`);
    });
  });
}

test('the zero matrix stays zero', () => {
  assert.ok(orthogonalized(new Float32Array(6), 2, 3).every((x) => x === 0));
});

const SHAPES = {
  'a.weight': [4, 6],
  'a.bias': [6],
  'scale.0.output.weight': [3, 2],
  'output.weight': [6, 1],
  'head.0.mixture.weight': [4, 3],
  cube: [2, 3, 2],
};
const GRADIENTS = Array.from({ length: 4 }, (_, step) => {
  const random = generator(step + 1);
  return Object.entries(SHAPES).map(([name, shape]) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.1 * (random() - 0.5));
    return { name, shape, values };
  });
});
const RATE = 0.01;

/** Returns the weights by name after the steps from 1, through a checkpoint after two of them if `resumes`. */
function trained(rule: UpdateRule, resumes = false): Map<string, Float32Array> {
  const variables = new Map(
    Object.entries(SHAPES).map(([name, shape]) => [name, tf.tidy(() => tf.variable(tf.ones(shape), true, name))]),
  );
  let optimizer = new Optimizer(variables, rule);
  GRADIENTS.forEach((gradients, i) => {
    if (resumes && i === 2) {
      const state = optimizer.state();
      optimizer = new Optimizer(variables, rule);
      optimizer.restore(state);
    }
    const tensors = gradients.map(({ name, shape, values }) => [name, tf.tensor(values, shape)] as const);
    assert.ok(optimizer.step(Object.fromEntries(tensors), RATE, Infinity));
  });
  const weights = [...variables].map(([name, variable]) => [name, Float32Array.from(variable.dataSync())] as const);
  for (const variable of variables.values()) variable.dispose();
  return new Map(weights);
}

test('matrices move by orthogonal steps of their mean gradient, biases and output layers by AdamW', () => {
  const [actual, others] = [trained(muon(0.9)), trained(adamW(0.9))];
  for (const name of Object.keys(SHAPES)) {
    if (name !== 'a.weight') assert.deepEqual(actual.get(name), others.get(name), name);
  }
  const mean = new Float64Array(24);
  const expected = new Float64Array(24).fill(1);
  for (const gradients of GRADIENTS) {
    const { values } = gradients.find(({ name }) => name === 'a.weight') ?? assert.fail();
    values.forEach((g, i) => (mean[i] = 0.9 * (mean[i] as number) + 0.1 * g));
    const ahead = Float32Array.from(mean, (m, i) => 0.9 * m + 0.1 * (values[i] as number));
    const step = orthogonalized(ahead, 4, 6);
    step.forEach((x, i) => (expected[i] = (expected[i] as number) - RATE * 0.2 * Math.sqrt(6) * x));
  }
  expected.forEach((w, i) => assert.ok(Math.abs((actual.get('a.weight')?.[i] as number) - w) < 1e-5, String(i)));
});

test('a matrix comes to rest when its gradient vanishes', () => {
  const random = generator(1);
  const gradient = Float32Array.from({ length: 24 }, () => random() - 0.5);
  const state = { weights: new Float32Array(24), first: new Float32Array(24), second: new Float32Array(24) };
  const rule = muon(0.9);
  const moveTo = (last: number, from: number, values: Float32Array): Float32Array => {
    for (let steps = from; steps <= last; steps++) {
      rule.update({ name: 'a.weight', shape: [4, 6], ...state, gradient: values, factor: 1, rate: RATE, steps });
    }
    return Float32Array.from(state.weights);
  };
  moveTo(1, 1, gradient);
  const zero = new Float32Array(24); // as if each ReLU were zero from then on
  const resting = moveTo(300, 2, zero);
  const later = moveTo(1500, 301, zero); // by then the mean is too small for f32
  later.forEach((x, i) => assert.ok(Math.abs(x - (resting[i] as number)) < 1e-6, `${i}: ${x} after ${resting[i]}`));
});

test('a run continues from its state to the last bit', () => {
  assert.deepEqual(trained(muon(0.9), true), trained(muon(0.9)));
});
