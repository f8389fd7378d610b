import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { blobs, checkerboard, gradient, noise, type Plain } from '../../fixtures/draw.js';
import { type PixelCnnModel, alpine, drawnModels, loadShippedPixelCnns } from './models.js';
import { PredictingEngine } from './predicting-engine.js';
import { tfjsDistributions } from './tfjs-network.js';

const MAX_NATS = 1e-3;
const MAX_BITS_PER_DIM = 1e-5;
/** Below this probability, the rounding of the largest logits dominates. */
const LIKELY_BITS = -Math.log2(1e-6);

/** Compares one model in three places: the engine, its parts in the testing build, and tfjs. */
function compare(
  engine: Engine,
  predicting: PredictingEngine,
  model: PixelCnnModel,
  raster: Plain,
  what: string,
): void {
  const { channels, samples } = raster;
  const { bits } = predicting.predict(raster);
  const { logs, classes } = tfjsDistributions(model, [raster]);
  assert.equal(logs.length, bits.length);

  let worst = 0;
  let likely = 0;
  bits.forEach((b, i) => {
    if (b >= LIKELY_BITS) return;
    likely++;
    const difference = Math.abs(b * Math.LN2 + (logs[i] as number));
    if (!(difference <= worst)) worst = difference; // keeps a NaN
  });
  assert.ok(likely >= samples.length);
  assert.ok(worst < MAX_NATS, `${what}: ${worst} nats`);

  const inParts = new Array<number>(channels).fill(0);
  let tfjs = 0;
  classes.forEach((k, i) => {
    inParts[i % channels] = (inParts[i % channels] as number) + (bits[256 * i + k] as number);
    tfjs -= (logs[256 * i + k] as number) / Math.LN2;
  });
  const { codeLengthBits } = engine.measure(model, raster, { effort: 1 });
  assert.deepEqual(codeLengthBits, inParts, `${what}: the testing build is not the engine`);
  const measured = codeLengthBits.reduce((sum, b) => sum + b, 0);
  const apart = Math.abs(measured - tfjs) / samples.length;
  assert.ok(apart < MAX_BITS_PER_DIM, `${what}: ${apart} bits/dim apart`);
}

describe('engine and tfjs', () => {
  let engine: Engine;
  before(async () => {
    await chooseBackend('wasm');
    engine = await Engine.create(await compileEngine());
  });

  it('agree on the shipped weights', async () => {
    for (const model of await loadShippedPixelCnns()) {
      const { channels } = model.spec;
      const images = {
        photograph: await alpine(200, 120, { width: 64, height: 48, channels }),
        sky: await alpine(300, 8, { width: 24, height: 24, channels }),
        blobs: blobs({ width: 33, height: 21, channels }),
        noise: noise({ width: 19, height: 11, channels }),
        board: checkerboard({ width: 16, height: 16, channels }, 3),
      };
      const predicting = new PredictingEngine(model);
      for (const [name, raster] of Object.entries(images)) {
        compare(engine, predicting, model, raster, `${model.name}, ${name}`);
      }
    }
  });

  for (const model of drawnModels()) {
    it(`agree on drawn weights (${model.name}) for any shape`, () => {
      const { channels } = model.spec;
      const predicting = new PredictingEngine(model);
      for (const [width, height] of [
        [23, 17],
        [1, 1],
        [2, 5],
        [1, 9],
        [9, 1],
        [3, 3],
      ] as const) {
        const size = { width, height, channels };
        for (const draw of [blobs, gradient, noise]) {
          compare(engine, predicting, model, draw(size), `${draw.name} ${width}x${height}`);
        }
      }
    });
  }

  it('differ if a weight differs', () => {
    const [model] = drawnModels() as [PixelCnnModel];
    const raster = blobs({ width: 12, height: 8, channels: model.spec.channels });
    const tensors = new Map(model.tensors);
    const changed = Float32Array.from(tensors.get('block.1.conv.weight') as Float32Array);
    changed[3] = (changed[3] as number) + 0.1;
    tensors.set('block.1.conv.weight', changed);
    const predicting = new PredictingEngine({ ...model, tensors });
    assert.throws(() => compare(engine, predicting, model, raster, 'changed'), /nats/);
  });
});
