import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { createModel } from '#pixrnn/model/model.js';
import type { PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';
import { pixelRnnShapes } from '#pixrnn/model/pixelrnn/tensors.js';
import type { Checkpoint } from '#pixrnn/train/checkpoint.js';
import { grown } from '#pixrnn/train/grow.js';
import { blobs } from '../../fixtures/draw.js';
import { type PixelRnnModel, drawnModel } from '../model/models.js';

const OPTIMIZER_STATES = ['rms', 'momentum'];

/** As if the drawn model were at step 7; its running mean of the weights is half the weights. */
function checkpointOf({ spec, tensors }: PixelRnnModel): Checkpoint {
  const means = new Map([...tensors].map(([name, values]) => [name, values.map((w) => w / 2)] as const));
  const vectors = [...tensors].flatMap(([name, values], i) =>
    OPTIMIZER_STATES.map((kind, k) => ({
      name: `${name}/${kind}`,
      shape: [values.length],
      values: values.map(() => i + k / 2),
    })),
  );
  const optimizer = [{ name: 'iter', shape: [], values: Float32Array.of(7) }, ...vectors];
  return {
    spec,
    step: 7,
    random: 1,
    seconds: 1,
    settings: {},
    heldOut: [],
    weights: tensors,
    optimizer,
    average: { steps: 7, means },
  };
}

const MODELS: Readonly<Record<string, Partial<PixelRnnSpec>>> = {
  'PixelCNN, RGB': {},
  'PixelCNN, gray, with skip connections': { channels: 1, skip: true, hidden: 8, head: 12 },
  'PixelCNN, logistics': { output: 'logistics', components: 2 },
  'Row LSTM': { architecture: 'row-lstm' },
  'Diagonal BiLSTM': { architecture: 'diagonal-bilstm' },
};

describe('a network that grows', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.create(await compileEngine());
  });

  for (const [name, given] of Object.entries(MODELS)) {
    const model = drawnModel(given);
    const { blocks, head } = model.spec;
    const start = checkpointOf(model);
    for (const [what, more] of Object.entries({
      'more layers': { blocks: blocks + 2 },
      'a wider head': { head: 2 * head },
      both: { blocks: blocks + 1, head: head + 12 },
    })) {
      const spec = { ...model.spec, ...more };
      const now = grown(start, spec);

      it(`gives the same distributions with ${what}: ${name}`, () => {
        const raster = blobs({ width: 11, height: 9, channels: spec.channels });
        for (const [old, weights] of [
          [start.weights, now.weights],
          [start.average?.means, now.average?.means],
        ] as const) {
          const bits = [createModel('', model.spec, old ?? new Map()), createModel('', spec, weights ?? new Map())].map(
            (candidate) => engine.measure(candidate, raster, { effort: 1 }).codeLengthBits,
          );
          assert.deepEqual(bits[1], bits[0]);
        }
      });

      it(`keeps the optimizer's state with ${what}: ${name}`, () => {
        const vectors = new Map(now.optimizer.map((vector) => [vector.name, vector.values]));
        assert.deepEqual(vectors.get('iter'), Float32Array.of(7));
        assert.equal(vectors.size, 1 + OPTIMIZER_STATES.length * pixelRnnShapes(spec).length);
        for (const { name: tensor, shape } of pixelRnnShapes(spec)) {
          const size = shape.reduce((product, d) => product * d, 1);
          const old = start.weights.get(tensor);
          for (const kind of OPTIMIZER_STATES) {
            const values = vectors.get(`${tensor}/${kind}`);
            const before = start.optimizer.find((vector) => vector.name === `${tensor}/${kind}`)?.values;
            assert.equal(values?.length, size);
            assert.equal(values?.filter((v) => v !== 0).length, before?.filter((v) => v !== 0).length ?? 0);
          }
          const weights = now.weights.get(tensor);
          // New weights can learn: not all of them are zero.
          if (!old && tensor.endsWith('.weight'))
            assert.equal(
              weights?.every((w) => w === 0),
              /expand|skip/.test(tensor),
              tensor,
            );
        }
      });
    }
  }

  it('draws the same each time, and leaves the checkpoint unchanged', () => {
    const model = drawnModel();
    const start = checkpointOf(model);
    const kept = structuredClone(start);
    const spec = { ...model.spec, blocks: 4, head: 48 };
    assert.deepEqual(grown(start, spec), grown(start, spec));
    assert.deepEqual(start, kept);
  });
});
