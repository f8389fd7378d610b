import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Checkpoint } from '#pixrnn/train/checkpoint.js';
import { meanCheckpoint } from '../../scripts/mean-checkpoint.js';
import { tinyModel } from '../../fixtures/tiny-model.js';

const run = (step: number, values: number[], optimizer = 'mean'): Checkpoint => ({
  ...{ spec: tinyModel(1, 'local').spec, step, random: step, seconds: step, settings: { seed: step }, heldOut: null },
  weights: new Map([['w', Float32Array.from(values)]]),
  optimizer: [{ name: optimizer, shape: [values.length], values: Float32Array.from(values, (x) => 2 * x) }],
  average: { steps: step, means: new Map([['w', Float32Array.from(values, (x) => 3 * x)]]) },
});

test('a run gets the means of all, and keeps its crops, seconds and settings', () => {
  const [a, b] = [run(100, [1, 2]), run(103, [3, 6])];
  const { weights, optimizer, average, step, random, seconds, settings } = meanCheckpoint(b, [a, b]);
  assert.deepEqual(weights.get('w'), Float32Array.of(2, 4));
  assert.deepEqual(optimizer, [{ name: 'mean', shape: [2], values: Float32Array.of(4, 8) }]);
  assert.deepEqual(average, { steps: 103, means: new Map([['w', Float32Array.of(6, 12)]]) });
  assert.deepEqual(
    { step, random, seconds, settings },
    { step: 102, random: 103, seconds: 103, settings: { seed: 103 } },
  );
});

test('runs of other networks or optimizers are refused', () => {
  const a = run(100, [1, 2]);
  assert.throws(() => meanCheckpoint(a, [a, run(100, [1])]), RangeError);
  assert.throws(() => meanCheckpoint(a, [a, run(100, [1, 2], 'iter')]), RangeError);
});
