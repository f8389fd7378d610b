import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { baseValues, squash } from '#pixrnn/model/frame.js';
import { channelMask, featureGroups } from '#pixrnn/model/masks.js';
import { pixelRnnMasks } from '#pixrnn/model/pixelrnn/tensors.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { blobs, generator, noise, type Plain } from '../../fixtures/draw.js';
import { TestingEngine } from '../engine/testing-engine.js';
import { logProbabilities } from './log-probabilities.js';
import { type PixelCnnModel, drawnModel } from './models.js';
import { PredictingEngine } from './predicting-engine.js';
import { tfjsDistributions } from './tfjs-network.js';

const random = generator(3);
const drawn = (n: number): Float32Array => Float32Array.from({ length: n }, () => 2 * random() - 1);

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    if (!(difference <= worst)) worst = difference;
  }
  assert.ok(worst <= tolerance, `${what}: ${worst}`);
}

/** Returns bias + x W in tfjs; x [inputs], W [inputs][outputs]. */
function tfjsDense(x: Float32Array, w: Float32Array, bias: Float32Array): Float32Array {
  const [inputs, outputs] = [x.length, bias.length];
  if (inputs === 0) return bias;
  return tf.tidy(
    () =>
      tf
        .add(tf.matMul(tf.tensor2d(x, [1, inputs]), tf.tensor2d(w, [inputs, outputs])), tf.tensor1d(bias))
        .dataSync() as Float32Array,
  );
}

before(() => chooseBackend('wasm'));

describe('kernels', () => {
  it('dense computes from + x W, for every width and for odd depths', () => {
    const { engine, exports } = testing();
    for (let width = 4; width <= 64; width += 4) {
      for (const depth of [0, 1, 3, 17, 75, 131]) {
        const [x, w, y] = [drawn(depth), drawn(depth * width), drawn(width)];
        // Four more values, which must stay unchanged.
        const at = engine.put(Float32Array.of(...y, 1, 2, 3, 4));
        exports.dense(engine.put(x), depth, engine.put(w), width, at, at);
        const result = engine.floats(at, width + 4);
        assert.deepEqual([...result.subarray(width)], [1, 2, 3, 4]);
        assertClose(result.subarray(0, width), tfjsDense(x, w, y), 2e-5, `${depth} x ${width}`);
      }
    }
  });

  it('dense adds in the order of the inputs and rounds each sum to f32: the format defines the order', () => {
    const { engine, exports } = testing();
    const [depth, width] = [97, 60];
    const [x, w, y] = [drawn(depth), drawn(depth * width), drawn(width)];
    const at = engine.put(y);
    exports.dense(engine.put(x), depth, engine.put(w), width, at, at);
    const expected = y.map((start, n) =>
      x.reduce((sum, value, k) => Math.fround(sum + Math.fround(value * (w[k * width + n] as number))), start),
    );
    assert.deepEqual(engine.floats(at, width), expected);
  });

  it('relu and addTo', () => {
    const { engine, exports } = testing();
    const values = Float32Array.of(-1, 0, 2, -0, 1e-30, -1e30, 3e38, NaN);
    const at = engine.put(values);
    const to = engine.allocate(values.byteLength);
    exports.relu(at, to, 8);
    assert.deepEqual([...engine.floats(to, 7)], [...tf.relu(tf.tensor1d(values.subarray(0, 7))).dataSync()]);
    assert.equal(engine.floats(to, 8)[7], 0, 'relu maps NaN to 0');
    exports.relu(at, at, 8);
    assert.deepEqual(engine.floats(at, 8), engine.floats(to, 8));
    exports.addTo(to, engine.put(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)), 4);
    assert.deepEqual([...engine.floats(to, 5)], [1, 2, 5, 4, Math.fround(1e-30)]);
  });
});

describe('a grouped layer', () => {
  for (const [mask, type] of [
    [0, 'A'],
    [1, 'B'],
  ] as const) {
    it(`is a matrix product under mask ${type}`, () => {
      for (const [groups, shared, own, outputs] of [
        [3, 7, 1, 8],
        [3, 0, 4, 12],
        [3, 48, 12, 12],
        [1, 25, 0, 16],
        [1, 0, 8, 256],
      ] as const) {
        const { engine, exports } = testing();
        const inputs = exports.visibleInputs(groups - 1, shared, own, mask);
        const width = groups * outputs;
        const [x, weight, bias] = [drawn(inputs), drawn(inputs * width), drawn(width)];
        const from = engine.put(Float32Array.of(...weight, ...bias));
        const floats = exports.packedFloats(groups, shared, own, outputs, mask);
        const packed = engine.allocate(4 * floats);
        assert.equal(
          exports.packLayer(from, groups, shared, own, outputs, mask, packed),
          from + 4 * (inputs + 1) * width,
        );

        const visible = [...new Array<number>(shared).fill(-1), ...featureGroups(own * groups, groups)];
        const masked = channelMask(visible.slice(0, inputs), featureGroups(width, groups), type);
        const expected = tfjsDense(
          x,
          weight.map((w, i) => w * (masked[i] as number)),
          bias,
        );
        const at = engine.put(x);
        const to = engine.allocate(4 * outputs);
        for (let g = 0; g < groups; g++) {
          exports.applyGroup(packed, g, shared, own, outputs, mask, at, to);
          const part = expected.subarray(g * outputs, (g + 1) * outputs);
          assertClose(engine.floats(to, outputs), part, 2e-5, `group ${g} of ${groups}, ${shared} + ${own} inputs`);
        }
      }
    });
  }
});

describe('a grouped layer padded to whole vectors', () => {
  it('writes zeros after the outputs of a group, whatever memory held', () => {
    const { engine, exports } = testing();
    for (const [groups, outputs, room] of [
      [1, 1, 4],
      [3, 9, 12],
      [3, 4, 4],
    ] as const) {
      const own = 4;
      const inputs = exports.visibleInputs(groups - 1, 0, own, 1);
      const width = groups * outputs;
      const [x, weight, bias] = [drawn(inputs), drawn(inputs * width), drawn(width)];
      const floats = exports.packedFloats(groups, 0, own, room, 1);
      const packed = engine.put(new Float32Array(floats).fill(NaN));
      const from = engine.put(Float32Array.of(...weight, ...bias));
      assert.equal(exports.packPadded(from, groups, 0, own, outputs, room, 1, packed), from + 4 * (inputs + 1) * width);
      const plain = engine.allocate(4 * exports.packedFloats(groups, 0, own, outputs, 1));
      exports.packLayer(from, groups, 0, own, outputs, 1, plain);
      const [at, to] = [engine.put(x), engine.allocate(4 * room)];
      for (let g = 0; g < groups; g++) {
        exports.applyGroup(packed, g, 0, own, room, 1, at, to);
        const found = [...engine.floats(to, room)];
        assert.deepEqual(found.slice(outputs), new Array(room - outputs).fill(0));
        const expected = Array.from({ length: outputs }, (_, j) =>
          x
            .subarray(0, (g + 1) * own)
            .reduce(
              (sum, v, k) => Math.fround(sum + Math.fround(v * (weight[k * width + g * outputs + j] as number))),
              bias[g * outputs + j] as number,
            ),
        );
        assert.deepEqual(found.slice(0, outputs), expected);
      }
    }
  });
});

describe('PixelCNN as the paper defines it, with masked convolutions over the image', () => {
  for (const channels of [1, 3] as const) {
    it(`equals the engine and the tfjs network, ${channels} channels`, () => {
      const model = drawnModel({ channels, frame: 'absolute', hidden: 12, head: 12 });
      for (const raster of [blobs({ width: 13, height: 9, channels }), noise({ width: 4, height: 6, channels })]) {
        const paper = paperLogProbabilities(model, raster);
        assertClose(tfjsDistributions(model, [raster]).logs, paper, 1e-4, 'tfjs');
        const { bits } = new PredictingEngine(model).predict(raster);
        assertClose(
          bits.map((b) => -b * Math.LN2),
          paper,
          1e-4,
          'engine',
        );
      }
    });
  }
});

function testing() {
  const engine = new TestingEngine();
  return { engine, exports: engine.exports };
}

/**
 * Returns ln q, [sub-pixels][256], computed by `tf.conv2d` with masked kernels: 7x7 A, then 3x3 B and 1x1. In the
 * absolute frame the first layer's window is a convolution of the image itself.
 */
function paperLogProbabilities({ spec, tensors }: PixelCnnModel, raster: Plain): Float32Array {
  const { channels, hidden, blocks, head } = spec;
  const { width, height, samples } = raster;
  const masks = pixelRnnMasks(spec);
  const weight = (layer: string): Float32Array => {
    const values = tensors.get(`${layer}.weight`) as Float32Array;
    const mask = masks.get(`${layer}.weight`) as Float32Array;
    return values.map((w, i) => w * (mask[i] as number));
  };
  /**
   * Convolves with a k x k kernel whose causal positions, followed by those of the pixel itself, are rows of `rows`;
   * zero elsewhere.
   */
  const convolve = (x: tf.Tensor3D, layer: string, rows: Float32Array, k: number, outputs: number): tf.Tensor3D => {
    const inputs = x.shape[2];
    const kernel = new Float32Array(k * k * inputs * outputs);
    kernel.set(rows);
    const y = tf.conv2d(x, tf.tensor4d(kernel, [k, k, inputs, outputs]), 1, 'same');
    return tf.add(y, tf.tensor1d(tensors.get(`${layer}.bias`) as Float32Array));
  };
  const dense = (x: tf.Tensor3D, layer: string, outputs: number) => convolve(x, layer, weight(layer), 1, outputs);

  return tf.tidy(() => {
    const base = baseValues(samples, width, channels, 'absolute');
    const seen = Float32Array.from(samples, (v, i) => squash(v - (base[i] as number)));
    const image = tf.tensor3d(seen, [height, width, channels]);
    // Inputs of the first layer: 24 positions of the window; the base values, zero here; all but the last of the
    // pixel's own channels.
    const first = weight('input');
    const outputs = 2 * hidden;
    const own = first.subarray((24 + 1) * channels * outputs);
    const kernel = new Float32Array(25 * channels * outputs);
    kernel.set(first.subarray(0, 24 * channels * outputs));
    kernel.set(own, 24 * channels * outputs);
    let x = convolve(image, 'input', kernel, 7, outputs);
    for (let i = 0; i < blocks; i++) {
      const reduced = tf.relu(dense(tf.relu(x), `block.${i}.reduce`, hidden));
      const convolved = tf.relu(convolve(reduced, `block.${i}.conv`, weight(`block.${i}.conv`), 3, hidden));
      x = tf.add(x, dense(convolved, `block.${i}.expand`, outputs));
    }
    const top = tf.relu(dense(tf.relu(x), 'head', head));
    const logits = dense(top, 'softmax', 256 * channels);
    return logProbabilities(tf.reshape(logits, [-1, 256])).dataSync() as Float32Array;
  });
}
