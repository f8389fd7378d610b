import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Raster } from '#pixrnn/image/raster.js';
import { blobs, checkerboard, draw, flat, gradient, noise } from '../../fixtures/draw.js';
import { mixerFloats } from '#pixrnn/model/mixer-state.js';
import { MixingEngine, type Model, codeLength, mixRaster, plainModel } from './mixing-engine.js';

const size = { width: 40, height: 24 };
const pictures: Record<string, (channels: 1 | 3) => Raster> = {
  blobs: (channels) => blobs({ ...size, channels }),
  gradient: (channels) => gradient({ ...size, channels }),
  noise: (channels) => noise({ ...size, channels }),
  black: (channels) => flat({ ...size, channels }, 0),
  white: (channels) => flat({ ...size, channels }, 255),
  checkerboard: (channels) => checkerboard({ ...size, channels }),
  'stripes of 0 and 255': (channels) => draw({ ...size, channels }, (x) => (x % 2) * 255),
  'one column': (channels) => blobs({ width: 1, height: 200, channels }),
  'one row': (channels) => noise({ width: 1024, height: 1, channels }),
};
/** Confident of the wrong value: as wrong as a model can be. */
const wrongModel: Model = (raster, x, y, c) => {
  const value = raster.samples[(y * raster.width + x) * raster.channels + c] as number;
  return { mean: 255 - value, a: 255 - value, b: -20, below: (b) => (b > (value ^ 255) ? 1 : 0) };
};

for (const [channels, lean] of [
  [1, false],
  [3, false],
  [1, true],
  [3, true],
] as const) {
  describe(`the ${lean ? 'lean' : 'full'} mixer, ${channels} channel(s)`, () => {
    const used = new MixingEngine(channels, lean);

    for (const [name, picture] of Object.entries(pictures)) {
      it(`gives finite probabilities between 0 and 1, independent of earlier tiles: ${name}`, () => {
        for (const model of [plainModel, wrongModel]) {
          const raster = picture(channels);
          const refined = mixRaster(used, model, raster);
          assert.ok(refined.every((p) => p >= 2 ** -17 && p <= 1 - 2 ** -17));
          assert.deepEqual(mixRaster(new MixingEngine(channels, lean), model, raster), refined);
          assert.deepEqual(mixRaster(used, model, raster), refined);
          assert.ok(used.state.every((x) => Number.isFinite(x)));
        }
      });
    }

    it('makes a picture smaller', () => {
      const raster = blobs({ width: 96, height: 96, channels });
      const before = codeLength(raster, mixRaster(identity, plainModel, raster));
      const after = codeLength(raster, mixRaster(used, plainModel, raster));
      assert.ok(after < 0.9 * before, `${before} -> ${after}`);
    });

    it('learns a picture with few colours', () => {
      const raster = draw(
        { width: 64, height: 64, channels },
        (x, y, c) => [17, 90, 203][((x >> 3) * (y >> 3) + c) % 3]!,
      );
      const before = codeLength(raster, mixRaster(identity, plainModel, raster));
      const after = codeLength(raster, mixRaster(used, plainModel, raster));
      assert.ok(after < 0.4 * before, `${before} -> ${after}`);
    });

    it('has the state that a model file holds', () => {
      assert.equal(used.stateFloats, mixerFloats({ channels, ...(lean && { mixer: 'lean' }) }));
    });

    it('begins with the given state', () => {
      const raster = blobs({ ...size, channels });
      const untrained = mixRaster(used, plainModel, raster);
      const trained = used.state;
      const other = new MixingEngine(channels, lean);
      other.startState = trained;
      const refined = mixRaster(other, plainModel, raster);
      assert.ok(codeLength(raster, refined) < codeLength(raster, untrained));
      used.startState = trained;
      assert.deepEqual(mixRaster(used, plainModel, raster), refined);
      used.startTile(1);
      assert.deepEqual(used.state, trained);
      used.startState = null;
      assert.deepEqual(mixRaster(used, plainModel, raster), untrained);
    });
  });
}

const identity = {
  startTile: () => undefined,
  startPixel: () => undefined,
  startValue: () => undefined,
  refine: (p1: number) => p1,
  update: () => undefined,
  endValue: () => undefined,
};
