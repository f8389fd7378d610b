import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compileEngine, Engine } from '#pixrnn/engine/engine.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyPhoto } from '../../fixtures/tiny-model.js';
import { CODINGS } from '../codings.js';

const SIZE = { width: 37, height: 29, depth: 8 } as const;

describe('a known first channel', () => {
  const model = tinyPhoto(3);
  const samples = Uint8Array.from(blobs({ ...SIZE, channels: 3 }).samples);
  const tile = { ...SIZE, channels: 3, samples } as const;
  let engine: Engine;
  before(async () => {
    engine = await Engine.create(await compileEngine());
  });

  for (const effort of CODINGS) {
    it(`is not coded, and the others come back from it (effort ${effort})`, () => {
      const { payload, codeLengthBits } = engine.encode(model, tile, { effort, knowsFirst: true });
      assert.ok(payload);
      assert.equal(codeLengthBits[1], 0); // G
      assert.ok(codeLengthBits[0]! > 0 && codeLengthBits[2]! > 0);
      assert.ok(payload.length < 0.9 * engine.encode(model, tile, { effort }).payload!.length);
      for (const other of [0, 255]) {
        const given = samples.map((value, i) => (i % 3 === 1 ? value : other));
        const decoded = engine.decode(model, payload, SIZE, { effort, knowsFirst: true, samples: given });
        assert.deepEqual(decoded, samples);
      }
    });
  }

  it('decides how the others are decoded', () => {
    const { payload } = engine.encode(model, tile, { knowsFirst: true });
    const given = samples.map((value, i) => (i % 3 === 1 ? 255 - value : 0));
    assert.notDeepEqual(engine.decode(model, payload!, SIZE, { knowsFirst: true, samples: given }), samples);
  });

  it('must be given, and excludes an active alphabet', () => {
    const payload = Uint8Array.of(1, 2, 3);
    assert.throws(() => engine.decode(model, payload, SIZE, { knowsFirst: true }), /samples are marked as known/);
    const values = [0, 1, 2].map(() => new Uint8Array(32).fill(255));
    assert.throws(() => engine.encode(model, tile, { knowsFirst: true, values }), /active alphabet/);
  });
});
