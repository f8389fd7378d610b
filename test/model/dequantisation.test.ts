import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { drawnModel } from './models.js';
import { PredictingEngine } from './predicting-engine.js';

/**
 * The paper compares bits/dim with models of a continuous density (section 5.1): real-valued pixels, the samples plus
 * uniform noise over 256, have a density that is constant within each sample's 256th of [0, 1).
 */
describe('the density of uniformly dequantised samples', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.create(await compileEngine());
  });

  for (const architecture of ['pixelcnn', 'row-lstm', 'diagonal-bilstm'] as const) {
    it(`has the discrete likelihood, ${architecture}`, () => {
      const model = drawnModel({ architecture });
      const raster = blobs({ width: 9, height: 7 });
      const { bits, centres } = new PredictingEngine(model).predict(raster);
      /** Returns the density of sub-pixel i at x in [0, 1), given the discrete samples before it. */
      const density = (i: number, x: number): number => {
        const value = Math.floor(256 * x);
        return 256 * 2 ** -(bits[256 * i + ((value - (centres[i] as number)) & 255)] as number);
      };

      const random = generator(5);
      let continuous = 0; // -log2 of the density, as in a model of real-valued pixels
      raster.samples.forEach((value, i) => {
        continuous -= Math.log2(density(i, (value + random()) / 256));
        // Midpoints of steps finer than those of the samples.
        const steps = 1024;
        const mass = Array.from({ length: steps }, (_, k) => density(i, (k + 0.5) / steps) / steps);
        assert.ok(
          Math.abs(mass.reduce((sum, m) => sum + m, 0) - 1) < 1e-6,
          `${i}: the density does not integrate to 1`,
        );
      });
      const { codeLengthBits } = engine.measure(model, raster, { effort: 1 });
      const discrete = codeLengthBits.reduce((sum, b) => sum + b, 0) / raster.samples.length;
      assert.ok(Math.abs(continuous / raster.samples.length + 8 - discrete) < 1e-9, `${continuous}, ${discrete}`);
    });
  }
});
