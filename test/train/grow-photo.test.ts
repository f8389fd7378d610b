import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { architectureOf, parseSpec } from '#pixrnn/model/architectures.js';
import { createModel } from '#pixrnn/model/model.js';
import type { PhotoSpec } from '#pixrnn/model/photo.js';
import { elementCount } from '#pixrnn/model/tensor-shape.js';
import type { Checkpoint } from '#pixrnn/train/checkpoint.js';
import { changedPhoto } from '#pixrnn/train/grow-photo.js';
import { Random } from '#pixrnn/train/random.js';
import { blobs } from '../../fixtures/draw.js';

const shapes = (spec: PhotoSpec) => architectureOf('photo').shapes(spec);

function specOf(channels: 1 | 3, more: Partial<PhotoSpec>): PhotoSpec {
  const sizes = { features: 8, blocks: 2, components: 2, head: 8, predictors: 'ABD' };
  return parseSpec({ architecture: 'photo', channels, ...sizes, ...more }) as PhotoSpec;
}

function checkpointOf(spec: PhotoSpec): Checkpoint {
  const random = new Random(5);
  const weights = new Map(
    shapes(spec).map(({ name, shape }) => {
      const values = Float32Array.from({ length: elementCount(shape) }, () => 0.1 * random.normal());
      return [name, values] as const;
    }),
  );
  const optimizer = [
    { name: 'iter', shape: [], values: Float32Array.of(7) },
    ...[...weights].map(([name, values]) => ({ name: `${name}/m`, shape: [values.length], values })),
  ];
  return { spec, step: 7, random: 1, seconds: 1, settings: {}, heldOut: [], weights, optimizer };
}

describe('a photo network that changes', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.create(await compileEngine());
  });

  for (const channels of [1, 3] as const) {
    for (const more of [
      { predictors: 'ABDFG' },
      { features: 16 },
      { head: 24 },
      { blocks: 4 },
      { features: 24, blocks: 3, head: 16, predictors: 'ABCDEFGH' },
    ]) {
      it(`predicts the same at first with ${JSON.stringify(more)}, ${channels} channels`, () => {
        const start = checkpointOf(specOf(channels, {}));
        const spec = specOf(channels, more);
        const now = changedPhoto(start, spec);
        const raster = blobs({ width: 15, height: 12, channels });
        const [old, bits] = [createModel('', start.spec, start.weights), createModel('', spec, now.weights)].map(
          (model) => {
            const { codeLengthBits } = engine.measure(model, raster, { effort: 1 });
            return codeLengthBits.reduce((a, b) => a + b);
          },
        ) as [number, number];
        // The engine's integers have another scale where a layer has more outputs.
        assert.ok(Math.abs(bits / old - 1) < 0.005, `${bits} instead of ${old} bits`);
        for (const [name, values] of now.weights) {
          const addsNothing = !start.weights.has(name) && !name.endsWith('.conv.weight');
          assert.equal(
            values.some((w) => w !== 0),
            !addsNothing,
            name,
          );
        }
        const sizes = new Map(now.optimizer.map(({ name, values }) => [name, values.length]));
        for (const { name, shape } of shapes(spec)) assert.equal(sizes.get(`${name}/m`), elementCount(shape));
      });
    }
  }

  it('drops the inputs from predictors that it no longer has', () => {
    const start = checkpointOf(specOf(3, { predictors: 'ABCDE' }));
    const now = changedPhoto(start, specOf(3, { predictors: 'ADF' }));
    const [old, weight] = [start, now].map(({ weights }) => weights.get('head.0.hidden.weight') as Float32Array);
    const rows = (values: Float32Array | undefined, first: number, count = 1): number[] =>
      Array.from(values?.subarray(8 * first, 8 * (first + count)) ?? []);
    assert.deepEqual(rows(weight, 0, 9), rows(old, 0, 9));
    assert.deepEqual(rows(weight, 9), rows(old, 11));
    assert.deepEqual(rows(weight, 10), Array(8).fill(0));
    assert.deepEqual(rows(weight, 12), rows(old, 16));
  });
});
