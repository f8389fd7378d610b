import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { createModel, withMixerState } from '#pixrnn/model/model.js';
import { mixerFloats } from '#pixrnn/model/mixer-state.js';
import { withLearning, withoutLearning } from '#pixrnn/train/without-learning.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';

for (const channels of [1, 3] as const) {
  for (const learning of ['last', 'all'] as const) {
    test(`a model stops learning, ${channels} channels, ${learning} before`, async () => {
      const { spec, tensors } = tinyPhoto(channels);
      assert.equal(spec.architecture, 'photo');
      const learns = createModel('', learning === 'all' ? { ...spec, learning } : spec, tensors);
      const stopped = withoutLearning(learns);
      const engine = await Engine.create(await compileEngine());
      const tile = blobs({ width: 150, height: 24, channels });
      const bits = (model: typeof learns, effort: 1 | 2): number =>
        engine.measure(model, tile, { effort }).modelCodeLengthBits.reduce((a, b) => a + b);

      const alone = bits(learns, 1);
      assert.equal(bits(stopped, 1), alone);
      const difference = Math.abs(bits(learns, 2) - alone);
      assert.ok(difference > 1e-3 * alone, `${difference} of ${alone} bits by learning`);
      const left = Math.abs(bits(stopped, 2) - alone);
      assert.ok(left < 1e-5 * alone, `${left} of ${alone} bits although it is stopped`);

      const { payload } = engine.encode(stopped, tile, { effort: 2 });
      assert.ok(payload);
      assert.deepEqual(engine.decode(stopped, payload, tile, { effort: 2 }), tile.samples);
    });
  }
}

test('is trained on without the block that stops it', () => {
  const model = tinyPhoto(3);
  const { spec, tensors, id } = withLearning(withoutLearning(model));
  assert.deepEqual([spec, tensors, id], [model.spec, model.tensors, model.id]);
  for (const other of [model, tinyModel(3)]) assert.equal(withLearning(other), other);
});

test('refuses models that do not learn, and trained mixers', () => {
  assert.throws(() => withoutLearning(tinyModel(3)), /Only photo models learn/);
  const model = tinyPhoto(1);
  const mixer = new Float32Array(mixerFloats({ channels: 1 }));
  assert.throws(() => withoutLearning(withMixerState(model, mixer, {})), /before the mixer is trained/);
});
