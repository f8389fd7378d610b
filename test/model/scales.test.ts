import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { architectureOf } from '#pixrnn/model/architectures.js';
import { scaleModels } from '#pixrnn/model/scales.js';
import { blobs } from '../../fixtures/draw.js';
import { drawnModel, drawnScales } from './models.js';
import { smallImage } from './reference-pixelrnn.js';

const model = drawnScales({
  ...{ architecture: 'row-lstm', channels: 3, hidden: 12, blocks: 1, head: 12, frame: 'local' },
  condition: { factor: 2, features: 4 },
});

describe('the scales of a Multi-Scale model', () => {
  it('are separate networks with its id, each with the tensors of its spec', () => {
    const scales = scaleModels(model);
    assert.deepEqual(
      scales.map(({ spec }) => spec),
      'scales' in model.spec ? model.spec.scales : [],
    );
    for (const [i, { id, spec, tensors, mixer }] of scales.entries()) {
      assert.equal(id, model.id);
      assert.equal(mixer, null);
      const names = architectureOf(spec.architecture)
        .shapes(spec)
        .map(({ name }) => name);
      assert.deepEqual([...tensors.keys()], names);
      for (const [name, values] of tensors) assert.equal(values, model.tensors.get(`scale.${i}.${name}`));
    }
  });

  it('are created once, so that an engine recognizes one that it has loaded', () => {
    assert.equal(scaleModels(model), scaleModels(model));
  });

  it('of any other model are the model itself', () => {
    const alone = drawnModel();
    assert.deepEqual(scaleModels(alone), [alone]);
    assert.equal(scaleModels(alone)[0], alone);
  });

  it('code an image from the smallest scale to the full size', async () => {
    const module = await compileEngine();
    const [coder, decoder] = [await Engine.create(module), await Engine.create(module)];
    const [first, second] = scaleModels(model);
    assert.ok(first && second);
    const image = blobs({ width: 13, height: 8 });
    const small = { width: 7, height: 4, channels: 3, depth: 8, samples: smallImage(image, 2) } as const;
    const parts = [coder.encode(first, small).payload, coder.encode(second, image, { small: small.samples }).payload];
    const decodedSmall = decoder.decode(first, parts[0] as Uint8Array, small);
    assert.deepEqual(decodedSmall, small.samples);
    assert.deepEqual(decoder.decode(second, parts[1] as Uint8Array, image, { small: decodedSmall }), image.samples);
  });

  it('are accepted by the engine, unlike the whole model', async () => {
    const engine = await Engine.create(await compileEngine());
    assert.throws(() => engine.encode(model, blobs({ width: 4, height: 4 })), /are loaded one by one/);
  });
});
