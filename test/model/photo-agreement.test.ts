import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { createModel } from '#pixrnn/model/model.js';
import type { PhotoSpec } from '#pixrnn/model/photo.js';
import { PhotoNetwork } from '#pixrnn/train/networks/photo.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { cutCrop, sectionsIn, tilesOf } from '#pixrnn/train/photo-crops.js';
import { blobs, checkerboard, gradient, noise } from '../../fixtures/draw.js';
import { drawnPhotoTensors } from './drawn-photo.js';
import { referenceMeanBits } from './reference-photo.js';

/**
 * Difference in bits/dim between plain loops in f64 and tfjs, which sums code lengths in f32, and between plain loops
 * and the engine, which multiplies integers; for one pixel (less on average over a tile).
 */
const TFJS_FROM_PLAIN = 3e-5;
const ENGINE_FROM_PLAIN = 6e-3;

describe('the photo model in the engine, in tfjs and in plain loops', () => {
  let engine: Engine;
  let features: PhotoFeatures;
  before(async () => {
    await chooseBackend('wasm');
    engine = await Engine.create(await compileEngine());
    features = await PhotoFeatures.create();
  });

  for (const [channels, predictors] of [
    [1, 'ABCDE'],
    [3, 'ABCDE'],
    [1, 'CDE'],
    [3, 'BC'],
  ] as const) {
    it(`has the same code length, ${channels} channels, predictors ${predictors}`, () => {
      const sizes = { features: 16, blocks: 2, components: 3, head: 8 };
      const spec: PhotoSpec = { architecture: 'photo', channels, ...sizes, predictors };
      const tensors = drawnPhotoTensors(spec);
      const model = createModel('drawn', spec, tensors);
      const network = new PhotoNetwork(spec, tensors);
      for (const side of [1, 2, 21]) {
        for (const draw of [blobs, gradient, noise, checkerboard]) {
          const raster = draw({ width: side, height: side, channels });
          const n = side * side;
          const crop = cutCrop(features.records(raster.samples, side, side, spec), side, spec, [0, 0], side);
          const tiles = tilesOf(sectionsIn(crop, spec, n), spec, { batch: 1, height: side, width: side });
          const tfjs = tf.tidy(() => network.meanBits(tiles).dataSync()[0] as number);
          const { codeLengthBits } = engine.measure(model, raster, { flags: 0 });
          const measured = codeLengthBits.reduce((sum, b) => sum + b, 0) / (n * channels);
          const plain = referenceMeanBits(spec, tensors, tiles);
          const what = `${draw.name} ${side}: ${measured} in the engine, ${tfjs} in tfjs, ${plain} in plain loops`;
          assert.ok(Math.abs(tfjs - plain) < TFJS_FROM_PLAIN, what);
          assert.ok(Math.abs(measured - plain) < ENGINE_FROM_PLAIN / Math.sqrt(side), what);
        }
      }
      network.dispose();
    });
  }
});
