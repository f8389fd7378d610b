import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type EncodedTile, Engine, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { encodeModel, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import { trainMixerStart } from '#pixrnn/train/mixer-start.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyMultiScale, tinyPhoto, tinyPixelRnn } from '../../fixtures/tiny-model.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';

const COMMAND = ['train-mixer', 'photos', '--model', 'tiny.safetensors', '-o', 'mixed.safetensors'];

/** Creates a folder with photos/ of two small images and an image that is too small, and a model without a mixer. */
function withImages(context: TestContext, channels: 1 | 3 = 3): Folder {
  const folder = new Folder(context);
  mkdirSync(folder.at('photos'));
  for (const seed of [1, 2]) folder.put(`photos/${seed}.png`, blobs({ width: 48, height: 40, channels }, seed));
  folder.put('photos/small.png', blobs({ width: 31, height: 40, channels }));
  folder.put('tiny.safetensors', encodeModel(tinyPhoto(channels)));
  return folder;
}

for (const channels of [1, 3] as const) {
  test(`train-mixer makes files smaller that still restore the image, ${channels} channels`, async (context) => {
    const folder = withImages(context, channels);
    const run = await folder.run([...COMMAND, '--json']);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /small\.png.* is smaller than a crop of 32/);
    assert.match(run.stderr, /image 2 of 2: [\d.]+ bits\/dim without the mixer, [\d.]+ with it\n/);

    const [plain, mixed] = await Promise.all(
      ['tiny', 'mixed'].map((name) => loadModel(folder.at(`${name}.safetensors`))),
    );
    assert.ok(plain && mixed);
    assert.equal(plain.mixer, null);
    assert.ok(mixed.mixer?.every(Number.isFinite));
    assert.deepEqual([mixed.spec, mixed.tensors], [plain.spec, plain.tensors]);
    assert.notDeepEqual(mixed.id, plain.id);
    assert.equal(mixed.notes.mixerImages, 2);
    assert.deepEqual(jsonLines(run.stdout), [
      { model: 'mixed.safetensors', id: idText(mixed.id), notes: { ...plain.notes, ...mixed.notes } },
    ]);

    for (const image of ['photos/1', 'photos/2']) {
      for (const name of ['tiny', 'mixed']) {
        const model = ['--model', `${name}.safetensors`];
        const prnn = `${name}.prnn`;
        const args = ['compress', `${image}.png`, '--force', '--effort', '2', ...model, '-o', prnn];
        const compressed = await folder.run(args);
        assert.equal(compressed.code, 0, compressed.stderr);
        const decompressed = await folder.run(['decompress', prnn, '--force', ...model, '-o', 'back.png']);
        assert.equal(decompressed.code, 0, decompressed.stderr);
        const [original, back] = await Promise.all(
          [`${image}.png`, 'back.png'].map(async (file) => (await readImage(readFileSync(folder.at(file)))).raster),
        );
        assert.deepEqual(back, original);
      }
      const [before, after] = ['tiny', 'mixed'].map((name) => statSync(folder.at(`${name}.prnn`)).size);
      assert.ok((after as number) < (before as number), `${image}: ${before} -> ${after} bytes`);
    }
    // Neither model decodes the other one's files.
    const other = await folder.run(['decompress', 'mixed.prnn', '--force', '--model', 'tiny.safetensors']);
    assert.equal(other.code, 5, other.stderr);
  });
}

test('--images limits the number of images, and --force replaces the output', async (context) => {
  const folder = withImages(context);
  folder.put('mixed.safetensors', Buffer.from('precious'));
  const run = await folder.run([...COMMAND, '--images', '1', '--force', '--quiet']);
  assert.equal(run.code, 0, run.stderr);
  const { mixer, notes } = await loadModel(folder.at('mixed.safetensors'));
  assert.ok(mixer);
  assert.equal(notes.mixerImages, 1);
});

test('train-mixer rejects invalid arguments, and leaves everything unchanged', async (context) => {
  const folder = withImages(context);
  folder.put('there.safetensors', Buffer.from('precious'));
  mkdirSync(folder.at('empty'));
  const before = folder.list();
  const [model, output] = [
    ['--model', 'tiny.safetensors'],
    ['-o', 'new.safetensors'],
  ] as const;
  for (const [args, code, why] of [
    [['photos', ...model, '-o', 'there.safetensors'], 6, /there\.safetensors already exists\. Use --force/],
    [['photos', ...model, ...output, '--images', '0'], 2, /--images must be an integer >= 1\./],
    [['photos', ...model, ...output, '--images', '1.5'], 2, /--images must be/],
    [['photos', ...model, ...output, '--images', 'all'], 2, /--images must be/],
    [['photos', ...model], 2, /output/],
    [['photos', ...output], 2, /model/],
    [['nowhere', ...model, ...output], 3, /the directory nowhere cannot be read\. Check the path/],
    [['photos', '--model', 'none.safetensors', ...output], 5, /model none\.safetensors not found/],
  ] as const) {
    const run = await folder.run(['train-mixer', ...args]);
    assert.equal(run.code, code, run.stderr);
    assert.match(run.stderr, /^pixrnn: [^\n]+\n$/);
    assert.match(run.stderr, why);
    assert.equal(run.stdout.length, 0);
  }
  const { code, stderr } = await folder.run(['train-mixer', 'empty', ...model, ...output]);
  assert.notEqual(code, 0);
  assert.match(stderr, /empty contains no images of at least 32x32/);
  assert.deepEqual(folder.list(), before);
  assert.equal(readFileSync(folder.at('there.safetensors'), 'utf8'), 'precious');
});

test('rejects a model whose mixer cannot be trained on a folder', async (context) => {
  const folder = withImages(context);
  const ofBits = { architecture: 'row-lstm', channels: 1, frame: 'absolute', output: 'bernoulli' } as const;
  for (const [model, why] of [
    [tinyMultiScale(3), /is multi-scale/],
    [tinyPixelRnn('bits', ofBits), /does not support 8-bit images/],
  ] as const) {
    folder.put('tiny.safetensors', encodeModel(model));
    const run = await folder.run(COMMAND);
    assert.equal(run.code, 2);
    assert.match(run.stderr, why);
  }
});

test('an engine that has trained a mixer codes the model as before', async () => {
  const model = tinyPhoto(3);
  const tiles: TileSamples[] = [1, 2].map((seed) => blobs({ width: 40, height: 36 }, seed));
  const engine = await Engine.create(await compileEngine());
  const codings = (): EncodedTile[] => tiles.map((tile) => engine.encode(model, tile, { effort: 2 }));
  const before = codings();
  const training = engine.trainMixer(model, tiles);
  const states = [...training].map(({ likelihood, state }) => {
    assert.ok(likelihood.codeLengthBits.every((bits) => bits > 0));
    assert.ok(state.every(Number.isFinite));
    return state;
  });
  assert.equal(states.length, 2);
  assert.notDeepEqual(states[0], states[1]);
  assert.deepEqual(codings(), before);

  // Also if training is abandoned half-way, and whatever model was coded last.
  const abandoned = engine.trainMixer(model, tiles);
  abandoned.next();
  abandoned.return();
  assert.deepEqual(codings(), before);
  assert.deepEqual(
    [...engine.trainMixer(model, tiles)].map(({ state }) => state),
    states,
  );
});

test('a start state is the mean of the states after the second half of the images', async () => {
  const model = tinyPhoto(3);
  const images = [1, 2, 3].map((seed) => ({ name: `${seed}`, ...blobs({ width: 40, height: 36 }, seed) }));
  const engine = await Engine.create(await compileEngine());
  const [, second, third] = [...engine.trainMixer(model, images)].map(({ state }) => state);
  assert.ok(second && third);
  const { mixer } = await trainMixerStart({ model, images, onImage: () => undefined });
  assert.deepEqual(
    mixer,
    second.map((value, i) => (value + (third[i] as number)) / 2),
  );
});

test("training continues from the model's start state", async () => {
  const model = tinyPhoto(1);
  const images = [1, 2].map((seed) => ({ name: `${seed}`, ...blobs({ width: 40, height: 36, channels: 1 }, seed) }));
  const mixedBits = async (start: typeof model) => {
    const bits: number[] = [];
    const trained = await trainMixerStart({ model: start, images, onImage: (_, { mixed }) => void bits.push(mixed) });
    return { trained, bits };
  };
  const first = await mixedBits(model);
  const second = await mixedBits(first.trained);
  assert.equal(first.bits.length, 2);
  second.bits.forEach((bits, i) => assert.ok(bits < (first.bits[i] as number), `${first.bits[i]} -> ${bits}`));
  assert.notDeepEqual(second.trained.id, first.trained.id);
});
