import assert from 'node:assert/strict';
import { it } from 'node:test';
import { blobs, noise } from '../../fixtures/draw.js';
import { DocumentedNetwork, exp32 } from './documented-pixelrnn.js';
import { describeSpec, drawnVariants } from './models.js';
import { PredictingEngine } from './predicting-engine.js';
import { smallFor } from './reference-pixelrnn.js';

/** Bits come from exponentials that are identical or differ by about 1e-7; only their logarithms may differ. */
const SAME = 1e-11;

/** Returns the bits of each class (docs/FORMAT.md, "From distributions to frequencies"). */
function documentedBits(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const e = logits.map((z) => exp32(Math.fround(z - largest)));
  const lanes = new Float32Array(4);
  e.forEach((v, k) => (lanes[k % 4] = (lanes[k % 4] as number) + v));
  const [a, b, c, d] = lanes as unknown as [number, number, number, number];
  const sum = Math.fround(Math.fround(a + b) + Math.fround(c + d));
  return Array.from(e, (v) => -Math.log2((4194048 * (v / sum) + 1) / 2 ** 22));
}

for (const model of drawnVariants().filter(({ spec }) => spec.output === undefined)) {
  it(`docs/format/pixelrnn.md equals the engine to the last bit, ${describeSpec(model.spec)}`, () => {
    const { channels } = model.spec;
    for (const picture of [blobs({ width: 7, height: 5, channels }), noise({ width: 2, height: 4, channels })]) {
      const small = smallFor(model, picture);
      const { bits } = new PredictingEngine(model).predict(picture, small);
      const outputs = new DocumentedNetwork(model, picture, small).outputs();
      for (let i = 0; i < picture.samples.length; i++) {
        const pixel = outputs[Math.floor(i / channels)] as Float32Array;
        const from = 256 * (i % channels);
        documentedBits(pixel.subarray(from, from + 256)).forEach((expected, k) => {
          const apart = Math.abs((bits[256 * i + k] as number) - expected);
          assert.ok(apart < SAME, `sub-pixel ${i}, class ${k}: ${apart} bits apart`);
        });
      }
    }
  });
}
