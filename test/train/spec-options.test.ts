import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSpec } from '#pixrnn/model/architectures.js';
import { optionsOf, specOf } from '#pixrnn/train/spec-options.js';

describe('options of a network', () => {
  it('omit default values from the spec, so that its id stays the same', () => {
    const usual = { architecture: 'pixelcnn', channels: 3, hidden: 36, blocks: 5, head: 72, frame: 'local' };
    assert.equal(JSON.stringify(specOf({})), JSON.stringify(usual));
    assert.equal(
      JSON.stringify(specOf({ residual: true, skip: false, distribution: 'softmax' })),
      JSON.stringify(usual),
    );
  });

  it('can be derived from the spec that they make', () => {
    const given = [
      { architecture: 'row-lstm', channels: 1, hidden: 8, distribution: 'logistics', components: 4 },
      { architecture: 'diagonal-bilstm', channels: 3, residual: false, skip: true },
      { architecture: 'multi-scale', channels: 3, scales: 3, factor: 2, network: 'row-lstm', upsampled: 8 },
      { architecture: 'photo', channels: 1, features: 32 },
    ] as const;
    for (const options of given) {
      const spec = specOf(options);
      assert.deepEqual(specOf(optionsOf(spec)), spec);
      for (const [name, value] of Object.entries(options)) {
        assert.equal(optionsOf(spec)[name as keyof typeof options], value, name);
      }
      assert.deepEqual(parseSpec(JSON.parse(JSON.stringify(spec))), spec);
    }
  });

  it('make networks of which all but the first are conditional', () => {
    const spec = specOf({ architecture: 'multi-scale', scales: 3, factor: 3, upsampled: 12 });
    assert.ok(spec.architecture === 'multi-scale');
    assert.deepEqual(
      spec.scales.map(({ condition }) => condition),
      [undefined, { factor: 3, features: 12 }, { factor: 3, features: 12 }],
    );
  });

  it('are rejected if the architecture lacks them or they contradict each other', () => {
    assert.throws(() => specOf({ features: 8 }), { code: 'usage', message: /the model pixelcnn has no --features/ });
    assert.throws(() => specOf({ components: 3 }), { code: 'usage', message: /no --components/ });
    assert.throws(() => specOf({ architecture: 'photo', skip: true }), {
      code: 'usage',
      message: /photo has no --skip/,
    });
    assert.throws(() => specOf({ distribution: 'bernoulli' }), {
      code: 'model-invalid',
      message: /channels must be 1/,
    });
    assert.throws(() => specOf({ architecture: 'multi-scale', scales: 9 }), {
      code: 'model-invalid',
      message: /2 to 5/,
    });
  });
});
