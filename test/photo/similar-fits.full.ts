import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { recordLayout } from '#pixrnn/model/photo.js';
import { alpine } from '../model/models.js';
import { similarPredictions } from './reference-similar-fits.js';

/** Predictor A is the centre of the mixture: a model has at least one of A to E. */
const PREDICTORS = 'AFGH';
const SETS = PREDICTORS.length;

let features: PhotoFeatures;
before(async () => {
  features = await PhotoFeatures.create();
});

describe('fits to similar pixels in the engine', () => {
  /** Returns the differences from the reference of all predictions that the record does not clamp. */
  async function differences(width: number, height: number, channels: 1 | 3): Promise<number[]> {
    const { samples } = await alpine(100, 90, { width, height, channels });
    const spec = { channels, predictors: PREDICTORS };
    const records = features.records(samples, width, height, spec);
    const layout = recordLayout(spec);
    const order = channels === 3 ? [1, 0, 2] : [0];
    const plane = (c: number, x: number, y: number): number =>
      samples[(y * width + x) * channels + (order[c] as number)] as number;
    const reference = similarPredictions({ plane, width, height, channels });
    const found: number[] = [];
    for (let i = 0; i < width * height; i++) {
      const record = records.subarray(i * layout.size, (i + 1) * layout.size);
      for (let c = 0; c < channels; c++) {
        const base = (record[71 * channels + c] as number) * 64 + 128;
        reference.forEach((fit, s) => {
          const d = record[layout.extras + 2 * SETS * c + 1 + s] as number;
          if (Math.abs(d) < 6) found.push(Math.abs(base + 8 * d - (fit[i * channels + c] as number)));
        });
      }
    }
    assert.ok(found.length > 0.8 * width * height * channels * reference.length);
    return found;
  }

  for (const channels of [1, 3] as const) {
    for (const width of [1, 5, 26]) {
      // Where there are hardly more pixels than regressors, f32 differs from f64 by a tenth of a gray level.
      test(`agree with a plain f64 version, ${channels} channels, ${width} columns`, async () => {
        const found = await differences(width, 18, channels);
        assert.ok(Math.max(...found) < 0.3, `${Math.max(...found)}`);
        const mean = found.reduce((a, b) => a + b) / found.length;
        assert.ok(mean < 0.003, `mean ${mean}`);
      });
    }
  }

  test('do not depend on earlier tiles, and stay finite', async () => {
    const { samples } = await alpine(300, 60, { width: 40, height: 30, channels: 3 });
    const of = (values: Uint8Array): Float32Array =>
      features.records(values, 40, 30, { channels: 3, predictors: PREDICTORS });
    const first = of(samples);
    for (const pattern of [() => 0, (i: number) => (i & 1) * 255, (i: number) => (i * 7919) & 255]) {
      assert.ok(of(samples.map((_, i) => pattern(i))).every(Number.isFinite));
    }
    assert.deepEqual(of(samples), first);
  });
});
