import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { ScanDirection } from '#pixrnn/train/networks/lstm-kernel.js';
import { byGate, lstmStates, shiftedDown } from '#pixrnn/train/networks/lstm-states.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { generator } from '../../fixtures/draw.js';

before(() => chooseBackend('wasm'));

const H = 4;

/** Sources of a state, pixel by pixel as in the paper: its taps, and the pixel whose cell it continues. */
const SEEN: Readonly<Record<ScanDirection, { taps: (readonly [number, number])[]; cell: readonly [number, number] }>> =
  {
    rows: {
      taps: [
        [-1, -1],
        [0, -1],
        [1, -1],
      ],
      cell: [0, -1],
    },
    left: {
      taps: [
        [0, -1],
        [-1, 0],
      ],
      cell: [-1, 0],
    },
    right: {
      taps: [
        [0, -1],
        [1, 0],
      ],
      cell: [1, 0],
    },
  };

/** Returns states in f64, by recursion over the definition. */
function statesOf(maps: Float32Array, weight: Float32Array, height: number, width: number, direction: ScanDirection) {
  const { taps, cell: carried } = SEEN[direction];
  const known = new Map<number, { state: number[]; cell: number[] }>();
  const none = { state: new Array<number>(H).fill(0), cell: new Array<number>(H).fill(0) };
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const at = (x: number, y: number): { state: number[]; cell: number[] } => {
    if (x < 0 || x >= width || y < 0 || y >= height) return none;
    const pixel = y * width + x;
    const found = known.get(pixel);
    if (found) return found;
    const seen = taps.flatMap(([dx, dy]) => at(x + dx, y + dy).state);
    const sum = (j: number): number =>
      seen.reduce((total, s, k) => total + s * (weight[k * 4 * H + j] as number), maps[pixel * 4 * H + j] as number);
    const before = at(x + carried[0], y + carried[1]).cell;
    const cell = before.map((c, k) => sigmoid(sum(H + k)) * c + sigmoid(sum(2 * H + k)) * Math.tanh(sum(3 * H + k)));
    const result = { state: cell.map((c, k) => sigmoid(sum(k)) * Math.tanh(c)), cell };
    known.set(pixel, result);
    return result;
  };
  return Array.from({ length: height * width }, (_, i) => at(i % width, Math.floor(i / width)).state).flat();
}

describe('lstmStates', () => {
  const sizes = [
    [2, 4, 3],
    [1, 3, 7],
    [3, 5, 1],
    [2, 1, 6],
    [1, 1, 1],
  ] as const;
  for (const direction of ['rows', 'left', 'right'] as const) {
    const random = generator(7);
    const drawn = (shape: number[], scale = 2): Float32Array =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * (random() - 0.5));

    it(`equals the definition, ${direction}`, () => {
      for (const [batch, height, width] of sizes) {
        const shape = [batch, height, width, 4 * H] as [number, number, number, number];
        const maps = drawn(shape, 4);
        const kernel = drawn([SEEN[direction].taps.length * H, 4 * H]);
        const states = tf.tidy(() =>
          lstmStates(
            tf.tensor4d(maps, shape),
            tf.tensor2d(kernel, [kernel.length / (4 * H), 4 * H]),
            direction,
          ).dataSync(),
        );
        const size = height * width * 4 * H;
        const expected = Array.from({ length: batch }, (_, b) =>
          statesOf(maps.subarray(b * size, (b + 1) * size), kernel, height, width, direction),
        ).flat();
        states.forEach((s, i) => assert.ok(Math.abs(s - (expected[i] as number)) < 1e-5, `${i}: ${s}`));
      }
    });

    it(`has the gradient of its sum, ${direction}`, () => {
      for (const [batch, height, width] of sizes) {
        const shapes = [
          [batch, height, width, 4 * H],
          [SEEN[direction].taps.length * H, 4 * H],
        ];
        const inputs = shapes.map((shape) => tf.tensor(drawn(shape), shape));
        const size = batch * height * width * H;
        const weights = tf.tensor2d(drawn([size]), [size, 1]);
        const loss = (...given: tf.Tensor[]): tf.Scalar => {
          const states = lstmStates(given[0] as tf.Tensor4D, given[1] as tf.Tensor2D, direction);
          return tf.reshape(tf.matMul(tf.reshape(states, [1, size]), weights), []);
        };
        const gradients = tf.grads(loss)(inputs);
        inputs.forEach((input, which) => {
          const gradient = (gradients[which] as tf.Tensor).dataSync();
          const values = input.dataSync();
          for (let trial = 0; trial < 12; trial++) {
            const i = Math.floor(random() * values.length);
            const at = (distance: number): number =>
              tf.tidy(() => {
                const moved = tf.tensor(
                  values.map((v, j) => (j === i ? v + distance : v)),
                  input.shape,
                );
                return loss(...inputs.map((other, j) => (j === which ? moved : other))).dataSync()[0] as number;
              });
            const slope = (at(0.01) - at(-0.01)) / 0.02;
            assert.ok(Math.abs(slope - (gradient[i] as number)) < 1e-3, `${slope}, not ${gradient[i]}`);
          }
        });
      }
    });
  }

  it('byGate reorders columns by channel group and gate into columns by gate', () => {
    // Two features per group: column = group * 8 + gate * 2 + feature.
    const columns = tf.tensor2d([...Array(24).keys()], [1, 24]);
    const expected = [0, 1, 8, 9, 16, 17, 2, 3, 10, 11, 18, 19, 4, 5, 12, 13, 20, 21, 6, 7, 14, 15, 22, 23];
    assert.deepEqual([...byGate(columns, 3).dataSync()], expected);
  });

  it('shiftedDown moves every row down and leaves zeros above', () => {
    const map = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 3, 2, 1]);
    assert.deepEqual([...shiftedDown(map).dataSync()], [0, 0, 1, 2, 3, 4]);
  });
});
