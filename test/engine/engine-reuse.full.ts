import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DEFAULT_EFFORT, EFFORTS, type Effort } from '#pixrnn/effort.js';
import { type EncodedTile, Engine, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import { FLAG_LEARNING } from '#pixrnn/engine/flags.js';
import type { PixrnnError } from '#pixrnn/errors.js';
import { type Model, createModel } from '#pixrnn/model/model.js';
import { blobs, checkerboard, flat, gradient, noise } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { likelihoodOf } from './likelihood-of.js';

let module: WebAssembly.Module;
before(async () => {
  module = await compileEngine();
});

type Job = [model: Model, tile: TileSamples, effort: Effort];

const models = [tinyModel(3), tinyPhoto(1), tinyModel(1), tinyPhoto(3), tinyModel(3, 'absolute')];
/** `photo` is slower: one picture with borders, one narrower than its predictors reach. */
const photoKinds = new Set(['blobs', 'gradient']);

function jobsOf(model: Model): Job[] {
  const { channels, architecture } = model.spec;
  const tiles: Readonly<Record<string, TileSamples>> = {
    blobs: blobs({ width: 31, height: 12, channels }),
    gradient: gradient({ width: 1, height: 40, channels }),
    noise: noise({ width: 50, height: 3, channels }),
    checkerboard: checkerboard({ width: 1024, height: 2, channels }),
    flat: flat({ width: 7, height: 9, channels }, 255),
  };
  return Object.entries(tiles)
    .filter(([kind]) => architecture === 'pixelcnn' || photoKinds.has(kind))
    .flatMap(([, tile]) => EFFORTS.map((effort): Job => [model, tile, effort]));
}

/** Interleaves the models, so that each one's jobs stand between those of others. */
const jobs = interleaved(models.map(jobsOf));

function interleaved(lists: Job[][]): Job[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

test('an instance that has coded other images and models equals a fresh one', async () => {
  const used = await Engine.create(module);
  const fresh = new Map<Job, EncodedTile>();
  for (const job of jobs) {
    const [model, tile, effort] = job;
    fresh.set(job, (await Engine.create(module)).encode(model, tile, { effort }));
  }
  for (const job of [...jobs, ...jobs.toReversed()]) {
    const [model, tile, effort] = job;
    const expected = fresh.get(job) as EncodedTile;
    assert.deepEqual(used.encode(model, tile, { effort }), expected);
    const { payload } = expected;
    assert.deepEqual(used.measure(model, tile, { effort }), likelihoodOf(expected));
    if (!payload) continue;
    assert.deepEqual(used.decode(model, payload, tile, { effort }), tile.samples);
    // Garbage has no influence either.
    used.decode(model, Uint8Array.of(0xa5, 0x5a), tile, { effort });
  }
});

test('memory does not grow from image to image', async () => {
  const engine = await Engine.create(module);
  for (const [model, tile, effort] of jobs) engine.encode(model, tile, { effort });
  const { memoryBytes } = engine;
  for (let round = 0; round < 2; round++) {
    for (const [model, tile, effort] of jobs) {
      const { payload } = engine.encode(model, tile, { effort });
      if (payload) engine.decode(model, payload, tile, { effort });
    }
  }
  assert.equal(engine.memoryBytes, memoryBytes);
});

test('onSymbol receives symbols in order, each an interval of the row that costs about its code length', async () => {
  const engine = await Engine.create(module);
  for (const [model, tile, effort] of jobs) {
    let bits = 0;
    let symbols = 0;
    const onSymbol = (low: number, high: number): void => {
      assert.ok(0 <= low && low < high && high <= 2 ** 22);
      bits -= Math.log2((high - low) / 2 ** 22);
      symbols++;
    };
    const { payload, codeLengthBits } = engine.encode(model, tile, { effort, onSymbol });
    assert.deepEqual(engine.encode(model, tile, { effort }).payload, payload);
    assert.equal(symbols, tile.samples.length * (effort === 1 && model.spec.architecture === 'pixelcnn' ? 1 : 8));
    const likelihood = codeLengthBits.reduce((sum, b) => sum + b, 0);
    assert.ok(Math.abs(bits - likelihood) < 0.0005 * likelihood + 1, `${bits} ${likelihood}`);
  }
});

test('rejects a tile with other channels or a wrong number of samples', async () => {
  const engine = await Engine.create(module);
  const tile = blobs({ width: 3, height: 2, channels: 1 });
  assert.throws(() => engine.encode(tinyModel(3), tile), RangeError);
  assert.throws(() => engine.measure(tinyModel(1), { ...tile, samples: new Uint8Array(5) }), RangeError);
});

test('the effort decides what is coded: the default is the highest, and the model alone is the same in all', async () => {
  const engine = await Engine.create(module);
  const tile = blobs({ width: 40, height: 30, channels: 3 });
  const model = tinyModel(3);
  const [alone, mixed, all] = EFFORTS.map((effort) => engine.encode(model, tile, { effort })) as [
    EncodedTile,
    EncodedTile,
    EncodedTile,
  ];
  assert.deepEqual(engine.encode(model, tile), all);
  assert.equal(DEFAULT_EFFORT, 3);
  assert.deepEqual(all, mixed, 'a PixelCNN does not learn');
  assert.notDeepEqual(mixed.payload, alone.payload);
  assert.notDeepEqual(mixed.codeLengthBits, alone.codeLengthBits);
  assert.deepEqual(alone.modelCodeLengthBits, alone.codeLengthBits);
  mixed.modelCodeLengthBits.forEach((bits, c) => {
    const expected = alone.modelCodeLengthBits[c] as number;
    assert.ok(Math.abs(bits / expected - 1) < 1e-6, `${bits} ${expected}`);
  });
});

test('a photo model learns from effort 2 on, and starts the next tile with its own weights', async () => {
  const engine = await Engine.create(module);
  for (const channels of [1, 3] as const) {
    const model = tinyPhoto(channels);
    const tile = blobs({ width: 40, height: 30, channels });
    const [alone, mixed, last] = EFFORTS.map((effort) => engine.encode(model, tile, { effort })) as [
      EncodedTile,
      EncodedTile,
      EncodedTile,
    ];
    assert.deepEqual(last, mixed, 'efforts from 2 on differ in the default model');
    assert.deepEqual(engine.encode(model, tile, { effort: 1 }), alone);
    assert.deepEqual(engine.encode(model, tile, { effort: 2 }), mixed);
    assert.notDeepEqual(mixed.payload, alone.payload);
    const learning = engine.measure(model, tile, { flags: FLAG_LEARNING });
    assert.deepEqual(alone.modelCodeLengthBits, alone.codeLengthBits);
    mixed.modelCodeLengthBits.forEach((bits, c) => {
      const expected = learning.codeLengthBits[c] as number;
      assert.ok(Math.abs(bits / expected - 1) < 1e-6, `${bits} ${expected}`);
      assert.ok(expected < (alone.codeLengthBits[c] as number), 'learning the tile helps the model');
    });
  }
});

test('uses a start state of the mixer, checks its length, and resets it afterwards', async () => {
  const engine = await Engine.create(module);
  const tile = blobs({ width: 40, height: 30, channels: 3 });
  const plain = tinyModel(3);
  const withState = (length: number): Model =>
    createModel('', plain.spec, new Map([...plain.tensors, ['mixer.state', new Float32Array(length)]]));
  const alone = engine.encode(plain, tile, { effort: 1 });
  const mixed = engine.encode(plain, tile, { effort: 2 });
  let length = 0;
  assert.throws(
    () => engine.encode(withState(0), tile, { effort: 2 }),
    (error) => {
      length = Number(/instead of (\d+)/.exec((error as PixrnnError).message)?.[1]);
      return (error as PixrnnError).code === 'model-invalid';
    },
  );
  const model = withState(length);
  const { payload } = engine.encode(model, tile, { effort: 2 });
  assert.ok(payload);
  assert.notDeepEqual(payload, mixed.payload);
  assert.deepEqual(engine.decode(model, payload, tile, { effort: 2 }), tile.samples);
  assert.deepEqual(engine.encode(model, tile, { effort: 1 }), alone);
  assert.deepEqual(engine.encode(plain, tile, { effort: 2 }), mixed);
});
