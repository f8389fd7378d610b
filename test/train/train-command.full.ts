import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { decodeSafetensors, encodeSafetensors } from '#pixrnn/model/safetensors.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import { loadCheckpoint } from '#pixrnn/train/checkpoint.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';
import { restoresImage } from './restores-image.js';

const TINY = ['--hidden', '12', '--blocks', '1', '--head', '12', '--batch', '2', '--crop', '8', '--backend', 'wasm'];

/** Creates a folder with photos/ of four small images, one larger image, and one that is too small. */
function withImages(context: TestContext): Folder {
  const folder = new Folder(context);
  mkdirSync(folder.at('photos'));
  for (const seed of [1, 2, 3, 4]) folder.put(`photos/${seed}.png`, blobs({ width: 14, height: 12 }, seed));
  folder.put('photos/small.png', blobs({ width: 30, height: 7 }));
  folder.put('photos/notes.txt', Buffer.from('no image'));
  folder.put('a.png', blobs({ width: 32, height: 24 }, 9));
  return folder;
}

test('resumes with more layers and a wider head', async (context) => {
  const folder = withImages(context);
  const train = ['train', 'photos', '--out', 'run', '--held-out', '2'];
  const first = await folder.run([...train, ...TINY, '--steps', '2', '--average', '0.9', '--quiet']);
  assert.equal(first.code, 0, first.stderr);
  const larger = ['--resume', '--blocks', '2', '--head', '24'];
  const second = await folder.run([...train, '--backend', 'wasm', ...larger, '--steps', '4']);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /^the network is changed; what is new contributes nothing at first$/m);
  const { spec, step, weights } = await loadCheckpoint(folder.at('run/checkpoint.safetensors'));
  assert.equal(step, 4);
  assert.ok(spec.architecture === 'pixelcnn');
  assert.deepEqual([spec.blocks, spec.head], [2, 24]);
  assert.ok(weights.get('block.1.expand.weight')?.some((w) => w !== 0));
  const again = await folder.run([...train, '--backend', 'wasm', '--resume', '--steps', '5']);
  assert.equal(again.code, 0, again.stderr);
  assert.doesNotMatch(again.stderr, /enlarged/);

  for (const [options, why] of [
    [['--blocks', '1'], /run trains a model with --blocks 2\. Resume it without --blocks 1/],
    [['--head', '12'], /run trains a model with --head 24\. Resume it without --head 12/],
    [['--hidden', '24'], /run trains a model with --hidden 12\. Resume it without --hidden 24/],
    [['--blocks', '65'], /blocks must be .*--blocks/],
    [['--head', '25'], /head must be a multiple of 12 .*--head/],
  ] as const) {
    const refused = await folder.run([...train, '--resume', ...options]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, why);
  }
});

test('begins with the network and the weights of a model', async (context) => {
  const folder = withImages(context);
  const train = ['train', 'photos', '--held-out', '2', '--backend', 'wasm', '--batch', '2', '--crop', '8'];
  const first = await folder.run(['train', 'photos', '--held-out', '2', '--out', 'run', ...TINY, '--steps', '1']);
  assert.equal(first.code, 0, first.stderr);
  const start = ['--start', 'run/model.safetensors'];
  // A rate so small that no weight changes by much.
  const second = await folder.run([...train, ...start, '--out', 'next', '--steps', '1', '--rate', '1e-9', '--json']);
  assert.equal(second.code, 0, second.stderr);
  const [before, after] = [
    await loadModel(folder.at('run/model.safetensors')),
    await loadModel(folder.at('next/model.safetensors')),
  ];
  assert.deepEqual(after.spec, before.spec);
  assert.equal(after.notes.steps, 1);
  for (const [name, values] of before.tensors) {
    const now = after.tensors.get(name) as Float32Array;
    assert.ok(
      values.every((w, i) => Math.abs(w - (now[i] as number)) < 1e-6),
      name,
    );
  }
  const { step, random } = await loadCheckpoint(folder.at('next/checkpoint.safetensors'));
  assert.equal(step, 1);
  assert.notEqual(random, 1);

  for (const [options, why] of [
    [['--hidden', '24'], /the model run\/model\.safetensors has --hidden 12\. Remove --hidden 24\./],
    [['--features', '8'], /has no --features\. Remove --features 8\./],
    [['--model', 'photo'], /has --model pixelcnn\. Remove --model photo\./],
    [['--gray'], /is for RGB images\. Choose another one with --start\./],
    [['--resume'], /--start begins a run and --resume continues one\. Remove one of them\./],
  ] as const) {
    const refused = await folder.run([...train, ...start, '--out', 'other', ...options]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, why);
  }
  const missing = await folder.run([...train, '--start', 'photo-rg', '--out', 'other']);
  assert.match(missing.stderr, /model photo-rg not found.*Did you mean photo-rgb\?/);
});

test('trains, resumes, and writes a usable model', async (context) => {
  const folder = withImages(context);
  const train = ['train', 'photos', '--out', 'run', ...TINY, '--every', '2', '--held-out', '2'];
  const first = await folder.run([...train, '--steps', '3', '--json']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^training runs in WebAssembly.*npm install @tensorflow\/tfjs-node-gpu/);
  assert.match(first.stderr, /small\.png: skipped: it is smaller than a crop of 8\.\n/);
  assert.doesNotMatch(first.stderr, /notes\.txt/);
  assert.match(first.stderr, /2 images to train on, 2 held out\n/);
  assert.match(first.stderr, /step 2 of 3: [\d.]+ bits\/dim on crops, [\d.]+ held out, [\d.]+ crops\/s, \d+ s left\n/);
  const [result] = jsonLines(first.stdout) as [{ model: string; id: string; notes: Record<string, unknown> }];
  assert.equal(result.model, 'run/model.safetensors');
  assert.equal(result.notes.steps, 3);

  // The network, the settings and the held-out images come from the checkpoint; the options need not be repeated.
  folder.put('photos/0.png', blobs({ width: 14, height: 12 }, 5));
  const rest = ['--backend', 'wasm', '--every', '2'];
  const second = await folder.run(['train', 'photos', '--out', 'run', ...rest, '--steps', '5', '--resume', '--quiet']);
  assert.equal(second.code, 0, second.stderr);
  assert.equal(second.stdout.length, 0);
  assert.match(second.stderr, /^pixrnn: small\.png: skipped.*\n$/);
  const checkpoint = await loadCheckpoint(folder.at('run/checkpoint.safetensors'));
  // A finished run with more steps restarts its learning-rate schedule.
  const settings = {
    steps: 5,
    batch: 2,
    crop: 8,
    rate: 0.0005,
    optimizer: 'rmsprop',
    momentum: 0.9,
    average: 0,
    seed: 1,
    orientations: 8,
    from: 3,
  };
  assert.deepEqual(checkpoint.settings, settings);
  assert.deepEqual(checkpoint.heldOut, ['2.png', '4.png']);
  assert.deepEqual(
    jsonLines(readFileSync(folder.at('run/log.ndjson'))).map(({ step }) => step),
    [2, 3, 4, 5],
  );

  await restoresImage(folder, 'run/model.safetensors');

  for (const [options, why] of [
    [['--gray'], /run trains a model for RGB images\. Resume it without --gray\.\n$/],
    [['--hidden', '24'], /run trains a model with --hidden 12\. Resume it without --hidden 24/],
    [['--frame', 'absolute'], /run trains a model with --frame local/],
    [['--seed', '7'], /was started with --seed 1/],
    [['--optimizer', 'muon'], /was started with --optimizer rmsprop/],
  ] as const) {
    const refused = await folder.run(['train', 'photos', '--out', 'run', ...rest, '--resume', ...options]);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, why);
  }

  // All steps are complete; the same options again contradict nothing.
  const log = readFileSync(folder.at('run/log.ndjson'));
  const done = await folder.run([...train, '--resume', '--json']);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /is ignored: a resumed run keeps its held-out images/);
  assert.equal((jsonLines(done.stdout)[0]?.notes as Record<string, unknown>).steps, 5);
  assert.deepEqual(readFileSync(folder.at('run/log.ndjson')), log);
});

test('a checkpoint without stored settings resumes with the options', async (context) => {
  const folder = withImages(context);
  const train = ['train', 'photos', '--out', 'run', ...TINY, '--held-out', '2'];
  assert.equal((await folder.run([...train, '--steps', '2'])).code, 0);
  const path = folder.at('run/checkpoint.safetensors');
  const { metadata, tensors } = decodeSafetensors(readFileSync(path));
  const { spec, step, random, seconds } = JSON.parse(metadata['pixrnn.run'] ?? '') as Record<string, unknown>;
  const old = { 'pixrnn.run': JSON.stringify({ spec, step, random, seconds }) };
  writeFileSync(path, encodeSafetensors({ metadata: old, tensors }));
  assert.deepEqual((await loadCheckpoint(path)).settings, { orientations: 8 }, 'older versions had no --orientations');
  const resumed = await folder.run([...train, '--steps', '4', '--seed', '3', '--resume']);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stderr, /2 images to train on, 2 held out\n/);
  const { settings, heldOut } = await loadCheckpoint(path);
  const others = { batch: 2, crop: 8, rate: 0.0005, optimizer: 'rmsprop', momentum: 0.9, average: 0, orientations: 8 };
  assert.deepEqual(settings, { steps: 4, ...others, seed: 3, from: 0 });
  assert.deepEqual(heldOut, ['2.png', '4.png']);
});

test('a signal leaves a checkpoint to resume from', async (context) => {
  const folder = withImages(context);
  const train = ['train', 'photos', '--out', 'run', ...TINY, '--held-out', '2'];
  const steps = () => jsonLines(readFileSync(folder.at('run/log.ndjson'))).map(({ step }) => Number(step));
  for (const [killWith, code, more] of [
    ['SIGINT', 130, []],
    ['SIGTERM', 143, ['--force']],
  ] as const) {
    const stopped = await folder.spawn([...train, ...more, '--steps', '100000', '--every', '5'], {
      killWith,
      killAt: 'step 5 of',
    });
    assert.equal(stopped.code, code, stopped.stderr);
    assert.match(stopped.stderr, /stopping: writing the checkpoint\n/);
  }
  const reached = steps().at(-1) as number;
  assert.ok(reached >= 5 && reached < 100000);
  const resumed = await folder.run([...train, '--steps', String(reached + 2), '--resume']);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(steps().at(-1), reached + 2);
});

test('rejects images that it cannot train on before writing anything', async (context) => {
  const folder = withImages(context);
  mkdirSync(folder.at('empty'));
  const usage: [string, string, RegExp][] = [
    ['--steps', '0', /--steps must be an integer >= 1/],
    ['--steps', '1.5', /--steps must be an integer/],
    ['--batch', 'many', /--batch must be an integer/],
    ['--crop', '4', /--crop must be an integer >= 8/],
    ['--held-out', '1', /--held-out must be an integer >= 2/],
    ['--rate', '0', /--rate must be a number > 0/],
    ['--rate', 'fast', /--rate must be a number > 0/],
    ['--momentum', '1', /--momentum must be a number >= 0/],
    ['--average', '1', /--average must be a number >= 0/],
    ['--seed', '0.5', /--seed must be an integer/],
    ['--orientations', '3', /--orientations must be 1, 2, 4 or 8/],
    ['--hidden', '13', /hidden must be a multiple of 12 .*--hidden/],
    ['--blocks', '65', /blocks must be/],
    ['--frame', 'global', /frame/],
    ['--backend', 'webgl', /backend/],
    ['--depth', '3', /depth/],
    ['--model', 'pixelsnail', /model/],
    ['--features', '8', /the model pixelcnn has no --features/],
    ['--out', '', /--out needs exactly one value/],
  ];
  const runs = await Promise.all(usage.map(([option, value]) => folder.run(['train', 'photos', option, value])));
  runs.forEach(({ code, stderr }, i) => {
    const [option, value, why] = usage[i] as [string, string, RegExp];
    assert.equal(code, 2, `${option} ${value}: ${stderr}`);
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /internal error/);
  });

  for (const [args, why] of [
    [['empty'], /empty contains no images of at least 8x8/],
    [['none'], /the directory none cannot be read/],
    [['photos'], /only 4 images, no image is held out/],
    [
      ['photos', '--held-out', '2', '--out', 'run', '--resume'],
      /run\/checkpoint\.safetensors cannot be read, so there is no checkpoint/,
    ],
    [['none', '--out', 'a.png'], /run directory a\.png cannot be written \(.*a\.png is a file\)/],
    [['none', '--out', 'a.png/b/c'], /run directory a\.png\/b\/c cannot be written \(.*a\.png is a file\)/],
    [['none', '--out', 'x'.repeat(300)], /cannot be written \(.*ENAMETOOLONG/],
  ] as const) {
    const refused = await folder.run(['train', ...TINY, ...args]);
    assert.ok(refused.code !== 0 && refused.code !== null, why.source);
    assert.match(refused.stderr, why);
    assert.doesNotMatch(refused.stderr, /internal error/);
  }
  assert.deepEqual(folder.list(), ['a.png', 'empty', 'photos']);
});
