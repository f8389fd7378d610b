import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropySum } from '#pixrnn/train/networks/likelihood.js';
import { logProbabilities } from '../model/log-probabilities.js';
import { PixelRnnNetwork } from '#pixrnn/train/networks/pixelrnn.js';
import { pixelRnnMasks } from '#pixrnn/model/pixelrnn/tensors.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { makeBatch, meanNats } from '#pixrnn/train/objective.js';
import { blobs } from '../../fixtures/draw.js';
import { KINDS } from '../model/kinds.js';
import { drawnModel } from '../model/models.js';

before(() => chooseBackend('wasm'));

describe('likelihood', () => {
  const logits = [...Array(512).keys()].map((i) => Math.sin(i) * 3 + (i === 300 ? 9 : 0));
  const lnP = (row: number, k: number): number => {
    const part = logits.slice(256 * row, 256 * (row + 1));
    return (part[k] as number) - Math.log(part.reduce((sum, x) => sum + Math.exp(x), 0));
  };

  it('crossEntropySum is the sum of -ln p, and its gradient is softmax minus one-hot', () => {
    const x = tf.tensor2d(logits, [2, 256]);
    const { value, grad } = tf.valueAndGrad((l) => crossEntropySum(l as tf.Tensor2D, tf.tensor1d([7, 44], 'int32')))(x);
    assert.ok(Math.abs((value.dataSync()[0] as number) + lnP(0, 7) + lnP(1, 44)) < 1e-4);
    grad.dataSync().forEach((g, i) => {
      const [row, k] = [i >> 8, i & 255];
      const expected = Math.exp(lnP(row, k)) - (k === [7, 44][row] ? 1 : 0);
      assert.ok(Math.abs(g - expected) < 1e-6, `${i}: ${g}, not ${expected}`);
    });
  });

  it("logProbabilities equals the engine's probability: never zero, with the sum one", () => {
    const logs = logProbabilities(tf.tensor2d(logits, [2, 256])).dataSync();
    logs.forEach((l, i) => {
      const q = (1 - 2 ** -14) * Math.exp(lnP(i >> 8, i & 255)) + 2 ** -22;
      assert.ok(Math.abs(l - Math.log(q)) < 1e-5);
    });
    const sum = [...logs.subarray(0, 256)].reduce((total, l) => total + Math.exp(l), 0);
    assert.ok(Math.abs(sum - 1) < 1e-5);
    const certain = logProbabilities(tf.tensor2d([500, ...new Array<number>(255).fill(-500)], [1, 256])).dataSync();
    assert.ok(Math.abs((certain[1] as number) + 22 * Math.LN2) < 1e-4);
  });
});

describe('gradients on WebAssembly', () => {
  for (const [what, given] of KINDS) {
    const spec = { channels: 3, blocks: 1, hidden: 12, head: 12, ...given } as const;
    it(`are those of the loss in every tensor: ${what}`, (context) => {
      const model = drawnModel(spec);
      const network = new PixelRnnNetwork(model.spec, model.tensors);
      context.after(() => network.dispose());
      const images = [1, 2].map((seed) => blobs({ width: 6, height: 5, channels: spec.channels }, seed).samples);
      const seen = model.spec.output === 'bernoulli' ? images.map((samples) => samples.map((v) => v >> 7)) : images;
      const batch = makeBatch(seen, 6, 5, model.spec);
      const loss = (): number => tf.tidy(() => meanNats(network, batch).dataSync()[0] as number);
      const { grads } = tf.variableGrads(() => meanNats(network, batch), [...network.variables.values()]);
      const masks = pixelRnnMasks(model.spec);
      for (const [name, variable] of network.variables) {
        const gradient = (grads[name] as tf.Tensor).dataSync() as Float32Array;
        assert.ok(
          gradient.every((g, i) => masks.get(name)?.[i] !== 0 || g === 0),
          `${name}: a masked weight moves`,
        );
        // Along the gradient the loss rises by the gradient's norm.
        const length = Math.hypot(...gradient);
        assert.ok(length > 0, name);
        const values = model.tensors.get(name) as Float32Array;
        const at = (distance: number): number => {
          const moved = values.map((w, i) => w + (distance * (gradient[i] as number)) / length);
          tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
          return loss();
        };
        const reach = 0.003; // relu has kinks
        const slope = (at(reach) - at(-reach)) / (2 * reach);
        at(0);
        // f32 losses are exact to about 1e-6: to 2e-4 over this distance.
        assert.ok(Math.abs(slope - length) < 0.03 * length + 6e-4, `${name}: ${slope} for ${length}`);
      }
    });
  }
});
