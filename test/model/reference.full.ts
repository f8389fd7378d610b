import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PIXEL_RNN_KINDS, type PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';
import { blobs, gradient, noise } from '../../fixtures/draw.js';
import { type PixelRnnModel, drawnModel } from './models.js';
import { PredictingEngine } from './predicting-engine.js';
import { type Picture, pictureFor, referenceBits, smallFor } from './reference-pixelrnn.js';

/** f32 in the engine against f64: mostly the rounding of the sums, which grows with the logits. */
const MAX_BITS = 2e-4;
/** Below this probability, the rounding of the largest logits dominates. */
const LIKELY_BITS = 20;

/** Options that each kind is tested with. */
const OPTIONS: Readonly<Record<string, Partial<PixelRnnSpec>>> = {
  'as the paper has it': {},
  'in the absolute frame': { frame: 'absolute' },
  'without residual connections': { residual: false },
  'with skip connections': { skip: true },
  'with skip connections alone': { skip: true, residual: false },
  'with logistics': { output: 'logistics', components: 3 },
  'with many logistics': { output: 'logistics', components: 19, frame: 'absolute' },
  'with a small image': { condition: { factor: 2, features: 8 } },
  'with a small image, skip connections and logistics': {
    ...{ condition: { factor: 3, features: 4 }, skip: true, output: 'logistics', components: 2 },
  },
  'with a small image in the absolute frame': { condition: { factor: 2, features: 12 }, frame: 'absolute' },
};

const SIZES = [
  [13, 9],
  [1, 1],
  [1, 7],
  [8, 1],
  [2, 5],
  [3, 4],
  [4, 3],
  [5, 5],
] as const;

/** Returns all pictures for the first size, and one for each other size. */
function drawsFor(size: number) {
  const draws = [blobs, noise, gradient];
  return size === 0 ? draws : draws.slice(size % 3, (size % 3) + 1);
}

/** Returns the largest difference between engine and reference in bits, over the values that are not very unlikely. */
function maxDifference(model: PixelRnnModel, predicting: PredictingEngine, picture: Picture): number {
  const small = smallFor(model, picture);
  const expected = referenceBits(model, picture, { small });
  const { bits } = predicting.predict(picture, small);
  let worst = 0;
  let likely = 0;
  bits.forEach((b, i) => {
    if (b > LIKELY_BITS && (expected[i] as number) > LIKELY_BITS) return;
    likely++;
    const difference = Math.abs(b - (expected[i] as number));
    if (!(difference <= worst)) worst = difference; // keeps a NaN
  });
  assert.ok(likely >= picture.samples.length);
  return worst;
}

for (const architecture of PIXEL_RNN_KINDS) {
  describe(`the engine's ${architecture} equals the reference over whole images`, () => {
    for (const [name, options] of Object.entries(OPTIONS)) {
      it(name, () => {
        for (const channels of [1, 3] as const) {
          const model = drawnModel({ architecture, channels, ...options }, 3);
          const predicting = new PredictingEngine(model);
          SIZES.forEach(([width, height], i) => {
            for (const draw of drawsFor(i)) {
              const difference = maxDifference(model, predicting, draw({ width, height, channels }));
              assert.ok(
                difference < MAX_BITS,
                `${channels} channels, ${draw.name} ${width}x${height}: ${difference} bits`,
              );
            }
          });
        }
      });
    }

    it('for bits', () => {
      for (const options of [{}, { skip: true, residual: false }] as const) {
        const spec: Partial<PixelRnnSpec> = { architecture, channels: 1, frame: 'absolute', output: 'bernoulli' };
        const model = drawnModel({ ...spec, ...options }, 3);
        const predicting = new PredictingEngine(model);
        SIZES.forEach(([width, height], i) => {
          for (const draw of drawsFor(i)) {
            const difference = maxDifference(
              model,
              predicting,
              pictureFor(model, draw({ width, height, channels: 1 })),
            );
            assert.ok(difference < MAX_BITS, `${draw.name} ${width}x${height}: ${difference} bits`);
          }
        });
      }
    });

    it('for the widest tile', () => {
      const model = drawnModel({ architecture, condition: { factor: 3, features: 4 } }, 3);
      const difference = maxDifference(model, new PredictingEngine(model), blobs({ width: 1024, height: 2 }));
      assert.ok(difference < MAX_BITS, `${difference} bits`);
    });

    it('and differs if any weight differs', () => {
      for (const options of [{}, { condition: { factor: 2, features: 4 }, skip: true }] as const) {
        const model = drawnModel({ architecture, channels: 1, hidden: 4, head: 4, blocks: 1, ...options }, 3);
        const picture = blobs({ width: 7, height: 5, channels: 1 });
        for (const [tensor, values] of model.tensors) {
          const changed = values.map((w, i) => (i % 3 === 0 ? w + 0.3 : w));
          const predicting = new PredictingEngine({
            ...model,
            tensors: new Map([...model.tensors, [tensor, changed]]),
          });
          const difference = maxDifference(model, predicting, picture);
          assert.ok(difference > MAX_BITS, `${tensor}: ${difference} bits`);
        }
      }
    });
  });
}
