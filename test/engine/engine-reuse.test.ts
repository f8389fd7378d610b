import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Engine, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import type { Model } from '#pixrnn/model/model.js';
import { blobs, checkerboard, flat, gradient, noise } from '../../fixtures/draw.js';
import { tinyModel } from '../../fixtures/tiny-model.js';

let module: WebAssembly.Module;
before(async () => {
  module = await compileEngine();
});

const jobs: [Model, TileSamples][] = [tinyModel(3), tinyModel(1), tinyModel(3, 'absolute')].flatMap((model) => {
  const { channels } = model.spec;
  return [
    blobs({ width: 31, height: 12, channels }),
    gradient({ width: 1, height: 40, channels }),
    noise({ width: 50, height: 3, channels }),
    checkerboard({ width: 1024, height: 2, channels }),
    flat({ width: 7, height: 9, channels }, 255),
  ].map((tile): [Model, TileSamples] => [model, tile]);
});

test('an instance that has coded other images and models gives what a fresh one gives', async () => {
  const used = await Engine.create(module);
  for (const [model, tile] of [...jobs, ...jobs.toReversed(), ...jobs]) {
    const expected = (await Engine.create(module)).encode(model, tile);
    assert.deepEqual(used.encode(model, tile), expected);
    assert.deepEqual(used.measure(model, tile), { codeLengthBits: expected.codeLengthBits });
    if (!expected.payload) continue;
    assert.deepEqual(used.decode(model, expected.payload, tile.width, tile.height), tile.samples);
    used.decode(model, Uint8Array.of(0xa5, 0x5a), tile.width, tile.height); // garbage leaves nothing behind either
  }
});

test('memory does not grow from image to image', async () => {
  const engine = await Engine.create(module);
  for (const [model, tile] of jobs) engine.encode(model, tile);
  const { memoryBytes } = engine;
  for (let round = 0; round < 3; round++) {
    for (const [model, tile] of jobs) {
      const { payload } = engine.encode(model, tile);
      if (payload) engine.decode(model, payload, tile.width, tile.height);
    }
  }
  assert.equal(engine.memoryBytes, memoryBytes);
});

test('every symbol reported to onSymbol is an interval of the row, in order, and costs about its code length', async () => {
  const engine = await Engine.create(module);
  for (const [model, tile] of jobs) {
    let bits = 0;
    let symbols = 0;
    const onSymbol = (low: number, high: number): void => {
      assert.ok(0 <= low && low < high && high <= 2 ** 22);
      bits -= Math.log2((high - low) / 2 ** 22);
      symbols++;
    };
    const { payload, codeLengthBits } = engine.encode(model, tile, { onSymbol });
    assert.deepEqual(engine.encode(model, tile).payload, payload);
    assert.equal(symbols, tile.samples.length);
    const likelihood = codeLengthBits.reduce((sum, b) => sum + b, 0);
    assert.ok(Math.abs(bits - likelihood) < 0.0005 * likelihood + 1, `${bits} ${likelihood}`);
  }
});

test('a tile with other channels or a wrong number of samples is refused', async () => {
  const engine = await Engine.create(module);
  const tile = blobs({ width: 3, height: 2, channels: 1 });
  assert.throws(() => engine.encode(tinyModel(3), tile), RangeError);
  assert.throws(() => engine.measure(tinyModel(1), { ...tile, samples: new Uint8Array(5) }), RangeError);
});
