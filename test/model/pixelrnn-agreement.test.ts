import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { PixelRnnNetwork } from '#pixrnn/train/networks/pixelrnn.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { makeBatch, sumOfNats } from '#pixrnn/train/objective.js';
import { subsample } from '#pixrnn/subsample.js';
import { blobs } from '../../fixtures/draw.js';
import { KINDS } from './kinds.js';
import { drawnModel } from './models.js';

/** The engine's floor on a class, 2^-22, costs a likely sample less than this. */
const MAX_BITS_PER_DIM = 2e-4;

describe('the code length of an image, by the engine and by tfjs', () => {
  let engine: Engine;
  before(async () => {
    await chooseBackend('wasm');
    engine = await Engine.create(await compileEngine());
  });

  for (const [what, given] of KINDS) {
    it(`is the same: ${what}`, () => {
      for (const [width, height] of [
        [11, 9],
        [1, 5],
        [6, 1],
        [2, 2],
      ] as const) {
        const { spec, ...model } = drawnModel({ hidden: 12, head: 12, blocks: 2, ...given });
        const { channels, output, condition } = spec;
        const drawn = blobs({ width, height, channels }, 3).samples;
        const isBits = output === 'bernoulli';
        const samples = isBits ? drawn.map((v) => v >> 7) : drawn;
        const small = condition && subsample(samples, { width, height }, channels, condition.factor);
        const tile = { width, height, channels, depth: isBits ? 1 : 8, samples } as const;
        const { codeLengthBits } = engine.measure({ ...model, spec }, tile, { effort: 1, small });
        const network = new PixelRnnNetwork(spec, model.tensors);
        const nats = tf.tidy(
          () => sumOfNats(network, makeBatch([samples], width, height, spec)).dataSync()[0] as number,
        );
        network.dispose();
        const bits = codeLengthBits.reduce((sum, b) => sum + b, 0);
        const difference = Math.abs(bits - nats / Math.LN2) / samples.length;
        assert.ok(difference < MAX_BITS_PER_DIM, `${width} x ${height}: ${bits} bits and ${nats / Math.LN2}`);
      }
    });
  }
});
