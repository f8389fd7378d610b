import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import { parseSpec } from '#pixrnn/model/architectures.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { loadFolder } from '#pixrnn/train/dataset.js';
import { writeRunFile } from '#pixrnn/train/run-folder.js';
import { DEFAULT_SETTINGS, type SomeSettings, checkResumedSpec, settingsOf } from '#pixrnn/train/settings.js';
import { optionsOf, specOf } from '#pixrnn/train/spec-options.js';
import { chooseHeldOut, splitImages } from '#pixrnn/train/split.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder } from '../cli/pixrnn.js';

const isError = (code: string, why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === code && why.test(error.message);

test('skips a backend that is not installed, and reports one that is broken', async () => {
  const missing = (name: string): Promise<never> =>
    Promise.reject(
      Object.assign(new Error(`Cannot find package '${name}' imported from x`), { code: 'ERR_MODULE_NOT_FOUND' }),
    );
  const silent = await chooseBackend(undefined, missing);
  assert.match(
    silent.remark,
    /^training runs in WebAssembly.*`npm install @tensorflow\/tfjs-node-gpu`.*native-tensorflow\.sh/,
  );

  const broken = (name: string): Promise<never> =>
    name.endsWith('gpu') ? missing(name) : Promise.reject(new Error('libtensorflow.so.2: cannot open:\nstack'));
  const chosen = await chooseBackend(undefined, broken);
  assert.equal(chosen.name, '@tensorflow/tfjs-backend-wasm');
  assert.match(
    chosen.remark,
    /^@tensorflow\/tfjs-node is installed but cannot be loaded \(libtensorflow\.so\.2: cannot open\)\. training runs in Web/,
  );
  assert.doesNotMatch(chosen.remark, /tfjs-node-gpu is installed/);
  assert.ok(process.env.TF_CPP_MIN_LOG_LEVEL !== undefined);

  await assert.rejects(
    chooseBackend('native', missing),
    isError('training', /^neither .* is installed\. .*--backend wasm/),
  );
  await assert.rejects(
    chooseBackend('native', broken),
    isError('training', /^@tensorflow\/tfjs-node is installed but/),
  );
});

test('reads a folder of images, reports skipped ones with the reason, and limits their number', async (context) => {
  const folder = new Folder(context);
  for (const seed of [1, 2, 3]) folder.put(`${seed}.png`, blobs({ width: 20, height: 10 }, seed));
  folder.put('small.png', blobs({ width: 20, height: 7 }));
  folder.put('text.png', Buffer.from('no image'));
  folder.put('windows.bmp', Buffer.from('BM'));
  const whole = readFileSync(folder.at('1.png'));
  folder.put('cut.png', whole.subarray(0, whole.length / 2));
  mkdirSync(folder.at('folder.png'));
  const skipped: Record<string, string> = {};
  const skip = (name: string, why: string): void => void (skipped[name] = why);
  const images = await loadFolder(folder.path, 3, 8, skip);
  assert.deepEqual(
    images.map(({ name, samples }) => [name, samples]),
    [1, 2, 3].map((seed) => [`${seed}.png`, blobs({ width: 20, height: 10 }, seed).samples]),
  );
  assert.equal(skipped['small.png'], 'is smaller than a crop of 8');
  assert.deepEqual(Object.keys(skipped).sort(), ['cut.png', 'folder.png', 'small.png', 'text.png']);
  for (const name of ['cut.png', 'folder.png', 'text.png']) {
    assert.match(skipped[name] as string, /^cannot be read as an image \(.+\)$/);
  }

  assert.equal((await loadFolder(folder.path, 1, 8, skip, 800)).length, 3);
  await assert.rejects(
    loadFolder(folder.path, 3, 8, skip, 1200),
    isError('limit', /more than 1200 bytes of memory: 3\.png no longer fits after 2 others/),
  );
});

test('holds out every n-th image by name', () => {
  const image = (name: string) => ({ name, width: 1, height: 1, depth: 8 as const, samples: new Uint8Array(3) });
  const images = ['e', 'a', 'c', 'b', 'd'].map(image);
  const names = chooseHeldOut(images, 2);
  assert.deepEqual(names, ['b', 'd']);
  // A resumed run has the names; images added or removed since then change no other image's side.
  const later = splitImages([...images.filter(({ name }) => name !== 'b'), image('a2')], names);
  const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  assert.deepEqual(namesOf(later.heldOut), ['d']);
  assert.deepEqual(namesOf(later.training), ['e', 'a', 'c', 'a2']);
  assert.deepEqual(later.missing, ['b']);

  assert.throws(() => chooseHeldOut(images, 6), isError('training', /only 5 images, no image is held out/));
  assert.throws(() => splitImages(images, ['z']), isError('training', /none of the held-out images/));
  assert.throws(() => splitImages([image('b')], names), isError('training', /all images are held out/));
  const many = Array.from({ length: 40_000 }, (_, i) => image(`a rather long name of an image ${i}.png`));
  assert.throws(() => chooseHeldOut(many, 2), isError('limit', /do not fit in a checkpoint\. Raise --held-out/));
});

test('settings come from the options, then from the checkpoint, then from the defaults', () => {
  const defaults = DEFAULT_SETTINGS.pixelcnn;
  const start = { settings: { steps: 10, batch: 4, seed: 5 }, step: 3 };
  assert.deepEqual(settingsOf({ steps: 20, rate: undefined }, defaults, start), {
    steps: 20,
    batch: 4,
    crop: 48,
    rate: 0.0005,
    optimizer: 'rmsprop',
    momentum: 0.9,
    average: 0,
    seed: 5,
    orientations: 8,
    from: 0,
  });
  assert.deepEqual(settingsOf({}, defaults), defaults);
  assert.equal(settingsOf({ seed: 5 }, defaults, start).seed, 5);
  assert.throws(() => settingsOf({ seed: 6 }, defaults, start), isError('usage', /was started with --seed 5/));
  assert.equal(settingsOf({ optimizer: 'muon' }, defaults).optimizer, 'muon');
  const withMuon = { settings: { optimizer: 'muon' }, step: 3 } as const;
  assert.equal(settingsOf({}, defaults, withMuon).optimizer, 'muon');
  // Checkpoints of older versions do not store it.
  assert.equal(settingsOf({ optimizer: 'rmsprop' }, defaults, start).optimizer, 'rmsprop');
  for (const from of [start, { ...withMuon, step: 0 }]) {
    const other = from === start ? 'muon' : 'rmsprop';
    const message = isError('usage', /was started with --optimizer (rmsprop|muon)\. Resume it without --optimizer/);
    assert.throws(() => settingsOf({ optimizer: other }, defaults, from), message);
  }
});

test('the learning-rate schedule restarts with another rate, and for a finished run with more steps', () => {
  const defaults = DEFAULT_SETTINGS.photo;
  const from = (given: SomeSettings, step: number, settings: SomeSettings): number =>
    settingsOf(given, defaults, { settings, step }).from;
  const stored = { ...defaults, steps: 10, rate: 0.01, from: 2 };
  // Stopped in the middle: another number of steps stretches the schedule.
  assert.equal(from({}, 5, stored), 2);
  assert.equal(from({ steps: 20, rate: 0.01 }, 5, stored), 2);
  assert.equal(from({ rate: 0.02 }, 5, stored), 5);
  // Finished.
  assert.equal(from({}, 10, stored), 2);
  assert.equal(from({ steps: 10, rate: 0.01 }, 10, stored), 2);
  assert.equal(from({ steps: 11 }, 10, stored), 10);
  // A restart is stored, so that the next resumption does not restart again.
  assert.equal(from({ steps: 20 }, 15, settingsOf({ steps: 20 }, defaults, { settings: stored, step: 10 })), 10);
  // Checkpoints of older versions: without settings, or without `from`.
  assert.equal(from({ steps: 20, rate: 0.5 }, 10, {}), 0);
  assert.equal(from({ steps: 20 }, 5, { ...stored, from: undefined }), 0);
  assert.equal(from({ steps: 20 }, 10, { ...stored, from: undefined }), 10);
});

test('options of a resumed run must not contradict its network', () => {
  const spec = parseSpec({ architecture: 'pixelcnn', channels: 1, hidden: 12, blocks: 2, head: 12, frame: 'local' });
  checkResumedSpec('run', {}, spec);
  checkResumedSpec('run', optionsOf(spec), spec);
  checkResumedSpec('run', { hidden: undefined, blocks: 2 }, spec);
  checkResumedSpec('run', { blocks: 3, head: 24 }, spec);
  const resumeWith = (given: Parameters<typeof checkResumedSpec>[1]) => () => checkResumedSpec('run', given, spec);
  assert.throws(resumeWith({ channels: 3 }), isError('usage', /gray images\. Resume it with --gray/));
  assert.throws(resumeWith({ blocks: 1 }), isError('usage', /--blocks 2\. Resume it without --blocks 1/));
  const plain = parseSpec({ ...spec, residual: false });
  const photo = specOf({ architecture: 'photo', head: 64 });
  assert.throws(() => checkResumedSpec('run', { blocks: 3 }, plain), isError('usage', /without --blocks 3/));
  checkResumedSpec('run', { blocks: 4, head: 72, features: 72, predictors: 'ADF' }, photo);
  assert.throws(() => checkResumedSpec('run', { head: 56 }, photo), isError('usage', /without --head 56/));
  assert.throws(() => checkResumedSpec('run', { blocks: 2 }, photo), isError('usage', /without --blocks 2/));
  assert.throws(resumeWith({ frame: 'absolute' }), isError('usage', /--frame local/));
  assert.throws(resumeWith({ architecture: 'photo' }), isError('usage', /--model pixelcnn\. .* without --model photo/));
  assert.throws(resumeWith({ skip: true }), isError('usage', /--skip false\. Resume it without --skip true/));
  assert.throws(
    resumeWith({ features: 8 }),
    isError('usage', /run trains the model pixelcnn\. .* without --features 8/),
  );
});

test('a file is written completely or not at all', async (context) => {
  const folder = new Folder(context);
  await writeRunFile(folder.at('a'), 'one');
  await writeRunFile(folder.at('a'), 'two');
  assert.equal(readFileSync(folder.at('a'), 'utf8'), 'two');
  mkdirSync(folder.at('b'));
  writeFileSync(folder.at('b/inside'), '');
  await assert.rejects(writeRunFile(folder.at('b'), 'three'), isError('output-failed', /b cannot be written/));
  await assert.rejects(writeRunFile(folder.at('c/d'), 'three'), isError('output-failed', /c[\\/]d cannot be written/));
  assert.deepEqual(readdirSync(folder.path).sort(), ['a', 'b']);
});
