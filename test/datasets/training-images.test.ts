import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkImages,
  defaultSettings,
  type ImagesArguments,
  loadImages,
  withDatasetChannels,
} from '#pixrnn/cli/training-images.js';
import { imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { parseSpec } from '#pixrnn/model/architectures.js';
import { Folder } from '../cli/pixrnn.js';
import { SHARED_DATA, skipMnist } from './shared-data.js';

const isUsage = (why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === 'usage' && why.test(error.message);

const NOTHING: ImagesArguments = {
  directory: undefined,
  dataset: undefined,
  data: undefined,
  gray: undefined,
  'held-out': undefined,
  'held-out-images': undefined,
};
const specOf = (channels: 1 | 3) =>
  parseSpec({ architecture: 'pixelcnn', channels, hidden: 12, blocks: 1, head: 12, frame: 'local' });

test('a data set has named training and validation images with their own samples', { skip: skipMnist }, async () => {
  const args: ImagesArguments = { ...NOTHING, dataset: 'mnist', data: SHARED_DATA, 'held-out-images': 3 };
  const messages: string[] = [];
  const fresh = await loadImages(args, specOf(1), 28, undefined, (line) => messages.push(line));
  const names = ['mnist/valid/00000', 'mnist/valid/00001', 'mnist/valid/00002'];
  assert.deepEqual(fresh.heldOutNames, names);
  assert.deepEqual(
    fresh.heldOut.map(({ name }) => name),
    names,
  );
  assert.deepEqual([fresh.training.length, fresh.missing], [50_000, []]);
  assert.match(messages.join('\n'), /^binarised MNIST \(fixed set .*\), from .*data$/);
  const { name, width, height, depth, samples } = fresh.training[49_999]!;
  assert.deepEqual([name, width, height, depth], ['mnist/train/49999', 28, 28, 1]);
  assert.deepEqual(samples, imageOf(await loadDataset('mnist', 'train', { folder: SHARED_DATA }), 49_999));
  assert.deepEqual(fresh.heldOut[2]?.samples, imageOf(await loadDataset('mnist', 'valid', { folder: SHARED_DATA }), 2));

  // A resumed run keeps its held-out images; other validation images are not trained on.
  const stored = ['mnist/valid/00007', 'mnist/valid/10000'];
  const resumed = await loadImages(args, specOf(1), 28, stored, (line) => messages.push(line));
  assert.deepEqual(
    resumed.heldOut.map((image) => image.name),
    ['mnist/valid/00007'],
  );
  assert.deepEqual([resumed.training.length, resumed.missing], [50_000, ['mnist/valid/10000']]);
  assert.match(messages.at(-1) ?? '', /--held-out-images is ignored: a resumed run keeps its held-out images/);
  const ofFolder = loadImages(args, specOf(1), 28, ['a.png'], () => undefined);
  await assert.rejects(
    ofFolder,
    /none of the held-out images of the run is among the images\. Name the directory or data set/,
  );
});

test('the data set defines its image size and the orientations of its crops', () => {
  const { crop, orientations, batch } = defaultSettings({ ...NOTHING, dataset: 'cifar10' }, specOf(3));
  assert.deepEqual([crop, orientations, batch], [32, 2, 16]);
  const mnist = defaultSettings({ ...NOTHING, dataset: 'mnist' }, specOf(1));
  assert.deepEqual([mnist.crop, mnist.orientations], [28, 1]);
  const folder = defaultSettings({ ...NOTHING, directory: 'x' }, specOf(3));
  assert.deepEqual([folder.crop, folder.orientations], [48, 8]);

  const cifar10: ImagesArguments = { ...NOTHING, dataset: 'cifar10' };
  const settings = defaultSettings(cifar10, specOf(3));
  checkImages(cifar10, specOf(3), settings);
  const large = () => checkImages(cifar10, specOf(3), { ...settings, crop: 33 });
  assert.throws(large, isUsage(/images of cifar10 are 32x32, smaller than --crop 33/));
});

test('the data set defines the channels', () => {
  assert.equal(withDatasetChannels({ ...NOTHING, dataset: 'mnist' }).gray, true);
  assert.equal(withDatasetChannels({ ...NOTHING, dataset: 'mnist', gray: true }).gray, true);
  assert.equal(withDatasetChannels({ ...NOTHING, dataset: 'cifar10' }).gray, false);
  assert.equal(withDatasetChannels({ ...NOTHING, directory: 'x' }).gray, undefined);
});

test('pixrnn train rejects contradictory options for its images before writing anything', async (context) => {
  const folder = new Folder(context);
  for (const [args, code, why] of [
    [[], 2, /no images to train on\. Name a directory, or a data set with --dataset\./],
    [['x', '--dataset', 'mnist'], 2, /a directory and --dataset cannot be combined\. Remove one of them\./],
    [['x', '--data', 'y'], 2, /--data needs --dataset/],
    [['x', '--held-out-images', '5'], 2, /--held-out-images needs --dataset/],
    [['--dataset', 'mnist', '--held-out', '5'], 2, /--held-out is only for directories.*--held-out-images/],
    [['--dataset', 'mnist', '--held-out-images', '10001'], 2, /mnist has 10,000 validation images/],
    [['--dataset', 'mnist', '--held-out-images', '0'], 2, /--held-out-images must be an integer >= 1/],
    [['--dataset', 'cifar10', '--gray'], 2, /the images of cifar10 are RGB\. Remove --gray/],
    [['--dataset', 'cifar10', '--crop', '40'], 2, /32x32, smaller than --crop 40/],
    [['--dataset', 'imagenet'], 2, /--dataset must be cifar10 or mnist\.$/m],
    [
      ['--dataset', 'cifar10', '--data', 'none'],
      3,
      /CIFAR-10 is not installed in .*none\. Install it with `pixrnn dataset install cifar10/,
    ],
  ] as const) {
    const { code: found, stderr } = await folder.run(['train', ...args, '--backend', 'wasm']);
    assert.equal(found, code, stderr);
    assert.match(stderr, why);
  }
  assert.deepEqual(folder.list(), []);
});
