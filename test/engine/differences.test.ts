import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compileEngine, Engine } from '#pixrnn/engine/engine.js';
import { FLAG_LEARNING } from '#pixrnn/engine/flags.js';
import { draw, generator, noise } from '../../fixtures/draw.js';
import { tinyPhoto } from '../../fixtures/tiny-model.js';

const SIZE = { width: 40, height: 32 } as const;

describe('channels that are coded as differences from the first one', () => {
  const model = tinyPhoto(3);
  let engine: Engine;
  before(async () => {
    engine = await Engine.create(await compileEngine());
  });

  for (const depth of [8, 16] as const) {
    it(`have the same probabilities by the model as without the mixer (${depth} bits)`, () => {
      for (const raster of [
        noise({ ...SIZE, depth }),
        draw({ ...SIZE, depth }, (x, y, c) => (x * y * (c + 1)) % 256),
      ]) {
        const plain = engine.measure(model, raster, { flags: FLAG_LEARNING }).codeLengthBits;
        const mixed = engine.measure(model, raster, { effort: 2 }).modelCodeLengthBits;
        // Decisions are clamped at other places: bits of a value less G, not of the value.
        plain.forEach((bits, c) => assert.ok(Math.abs(mixed[c]! - bits) < 0.01 * bits + 1, `${mixed[c]} for ${bits}`));
      }
    });
  }

  it('come back where the difference wraps', () => {
    const raster = draw(SIZE, (x, y, c) => (c === 1 ? 250 : 3) + ((x + y) % 4));
    for (const effort of [2, 3] as const) {
      const { payload } = engine.encode(model, raster, { effort });
      assert.deepEqual(engine.decode(model, payload!, { ...SIZE, depth: 8 }, { effort }), raster.samples);
    }
  });

  it('cost little where they take few values', () => {
    const random = generator(5);
    const samples = new Uint8Array(3 * SIZE.width * SIZE.height);
    for (let at = 0; at < samples.length; at += 3) {
      const green = 40 + Math.floor(random() * 150);
      samples.set([green + (random() < 0.5 ? 0 : 17), green, green - 9], at);
    }
    const raster = { ...SIZE, channels: 3, depth: 8, samples } as const;
    const [red, green, blue] = engine.measure(model, raster, { effort: 2 }).codeLengthBits;
    assert.ok(red! < 0.45 * green! && blue! < 0.3 * green!, `${red} ${green} ${blue}`);
  });
});
