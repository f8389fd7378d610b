import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { loadCheckpoint } from '#pixrnn/train/checkpoint.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';
import { restoresImage } from './restores-image.js';

const TINY = ['--features', '8', '--blocks', '1', '--components', '1', '--head', '8', '--batch', '2', '--crop', '8'];
const PHOTO = ['--model', 'photo', '--backend', 'wasm', '--held-out', '2'];

/** Creates a folder with photos/ of four small images, and one larger image. */
function withImages(context: TestContext): Folder {
  const folder = new Folder(context);
  mkdirSync(folder.at('photos'));
  for (const seed of [1, 2, 3, 4]) folder.put(`photos/${seed}.png`, blobs({ width: 14, height: 12 }, seed));
  folder.put('a.png', blobs({ width: 20, height: 16 }, 9));
  return folder;
}

test('train --model photo trains, resumes, and writes a usable model', async (context) => {
  const folder = withImages(context);
  const first = await folder.run(['train', 'photos', ...PHOTO, ...TINY, '--every', '2', '--steps', '3', '--json']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /2 images to train on, 2 held out\n/);
  assert.match(first.stderr, /step 2 of 3: [\d.]+ bits\/dim on crops, [\d.]+ held out/);
  const [result] = jsonLines(first.stdout) as [{ model: string; notes: Record<string, unknown> }];
  assert.equal(result.model, 'runs/photo/model.safetensors');
  assert.equal(result.notes.steps, 3);
  assert.ok(Number(result.notes.heldOutBitsPerDim) < 8);

  // The run's own network and settings, with only the steps changed.
  const run = ['train', 'photos', '--out', 'runs/photo', '--backend', 'wasm', '--resume'];
  const second = await folder.run([...run, '--steps', '5']);
  assert.equal(second.code, 0, second.stderr);
  const { spec, step, settings } = await loadCheckpoint(folder.at('runs/photo/checkpoint.safetensors'));
  const sizes = { features: 8, blocks: 1, components: 1, head: 8 };
  assert.deepEqual(spec, { architecture: 'photo', channels: 3, ...sizes });
  assert.equal(step, 5);
  assert.deepEqual(settings, {
    steps: 5,
    batch: 2,
    crop: 8,
    rate: 0.002,
    optimizer: 'adamw',
    momentum: 0.9,
    average: 0,
    seed: 1,
    orientations: 8,
    from: 3,
  });

  for (const [options, why] of [
    [['--model', 'pixelcnn'], /runs\/photo trains a model with --model photo\. .* without --model pixelcnn/],
    [['--components', '2'], /runs\/photo trains a model with --components 1\. .* without --components 2/],
    [['--hidden', '12'], /runs\/photo trains the model photo\. .* without --hidden 12/],
    [['--gray'], /for RGB images/],
  ] as const) {
    const refused = await folder.run([...run, ...options]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, why);
  }

  const deeper = await folder.run([...run, '--blocks', '2', '--steps', '6']);
  assert.equal(deeper.code, 0, deeper.stderr);
  assert.match(deeper.stderr, /^the network is changed; what is new contributes nothing at first$/m);
  const grown = await loadCheckpoint(folder.at('runs/photo/checkpoint.safetensors'));
  assert.deepEqual(grown.spec, { ...spec, blocks: 2 });

  await restoresImage(folder, 'runs/photo/model.safetensors');
});

test('train --model photo --gray trains a gray model', async (context) => {
  const folder = withImages(context);
  const run = await folder.run(['train', 'photos', ...PHOTO, ...TINY, '--gray', '--out', 'gray', '--steps', '2']);
  assert.equal(run.code, 0, run.stderr);
  const { spec, heldOut } = await loadCheckpoint(folder.at('gray/checkpoint.safetensors'));
  assert.equal(spec.channels, 1);
  assert.deepEqual(heldOut, ['2.png', '4.png']);
});

test('train --model photo rejects unsupported sizes and options', async (context) => {
  const folder = withImages(context);
  const before = folder.list();
  const refusals: [string[], RegExp][] = [
    [
      ['--features', '6'],
      /features must be a multiple of 8 from 8 to 256, not 6\..*--features, --blocks, --components, --head/,
    ],
    [['--components', '11'], /components must be/],
    [['--blocks', '17'], /blocks must be/],
    [['--hidden', '12'], /the model photo has no --hidden\. Remove the option/],
    [['--frame', 'local'], /the model photo has no --frame/],
    [['--model', 'photo'], /--model needs exactly one value/],
  ];
  for (const [options, why] of refusals) {
    const { code, stderr } = await folder.run(['train', 'photos', ...PHOTO, ...options]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, why);
  }
  assert.deepEqual(folder.list(), before);
});
