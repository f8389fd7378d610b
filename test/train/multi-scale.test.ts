import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { createModel } from '#pixrnn/model/model.js';
import type { MultiScaleSpec } from '#pixrnn/model/multi-scale.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { multiScaleTraining } from '#pixrnn/train/multi-scale.js';
import { updateRule } from '#pixrnn/train/update-rules.js';
import { Optimizer } from '#pixrnn/train/optimizer.js';
import { Random } from '#pixrnn/train/random.js';
import { DEFAULT_SETTINGS } from '#pixrnn/train/settings.js';
import { specOf } from '#pixrnn/train/spec-options.js';
import { blobs } from '../../fixtures/draw.js';

const SIDE = 13; // no multiple of the factors

function specWith(scales: number, network: 'pixelcnn' | 'row-lstm' | 'diagonal-bilstm'): MultiScaleSpec {
  const sizes = { hidden: 12, blocks: 1, head: 12, upsampled: 4 } as const;
  const spec = specOf({ architecture: 'multi-scale', scales, factor: 2, network, ...sizes });
  assert.ok(spec.architecture === 'multi-scale');
  return spec;
}

describe('training of Multi-Scale PixelRNN', () => {
  before(() => chooseBackend('wasm'));

  for (const [scales, network] of [
    [2, 'diagonal-bilstm'],
    [3, 'pixelcnn'],
    [2, 'row-lstm'],
  ] as const) {
    it(`minimizes what the codec measures, ${scales} scales of ${network}`, async () => {
      const spec = specWith(scales, network);
      const image = { name: 'a', width: SIDE, height: SIDE, depth: 8 as const, ...samplesOf(5) };
      const settings = { ...DEFAULT_SETTINGS['multi-scale'], batch: 1, crop: SIDE, orientations: 1 };
      const random = new Random(3);
      const trained = multiScaleTraining.network(spec, random);
      const batches = multiScaleTraining.batches({ images: [image], spec, settings, position: undefined, random });
      const batch = await batches.next();
      const loss = tf.tidy(() => multiScaleTraining.loss(trained, batch).dataSync()[0] as number);
      const model = createModel('drawn', spec, await trained.tensors());
      trained.dispose();
      const raster = { ...image, channels: 3 as const, indexed: false };
      const pool = await EnginePool.create({ threads: 1 });
      try {
        const bits = (await measureRaster(raster, { model, effort: 1, pool })).reduce((sum, b) => sum + b, 0);
        const perDim = bits / raster.samples.length;
        assert.ok(Math.abs(perDim - loss / Math.LN2) < 5e-4, `${perDim} and ${loss / Math.LN2} bits/dim`);
      } finally {
        await pool.close();
      }
    });
  }

  it('improves on its training images', async () => {
    const spec = specWith(2, 'pixelcnn');
    const images = [1, 2].map((seed) => ({
      name: `${seed}`,
      width: SIDE,
      height: SIDE,
      depth: 8 as const,
      ...samplesOf(seed),
    }));
    const settings = { ...DEFAULT_SETTINGS['multi-scale'], batch: 2, crop: SIDE, orientations: 1 };
    const random = new Random(1);
    const network = multiScaleTraining.network(spec, random);
    const batches = multiScaleTraining.batches({ images, spec, settings, position: undefined, random });
    const optimizer = new Optimizer(network.variables, updateRule(settings));
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) {
      const batch = await batches.next();
      const variables = [...network.variables.values()];
      const { value, grads } = tf.variableGrads(() => multiScaleTraining.loss(network, batch), variables);
      losses.push(value.dataSync()[0] as number);
      optimizer.step(grads, 0.002, 1);
      value.dispose();
    }
    network.dispose();
    assert.ok((losses.at(-1) as number) < (losses[0] as number) - 0.3, losses.join(' '));
  });
});

function samplesOf(seed: number): { samples: Uint8Array } {
  return { samples: blobs({ width: SIDE, height: SIDE, channels: 3 }, seed).samples };
}
