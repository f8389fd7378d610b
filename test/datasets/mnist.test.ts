import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Dataset, imageOf, loadDataset } from '#pixrnn/datasets/dataset.js';
import { drawImages } from '#pixrnn/datasets/binarize.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { shellWord } from '#pixrnn/node/path-text.js';
import { Folder } from '../cli/pixrnn.js';
import { FIXED_MNIST, SHARED_DATA, skipMnist } from './shared-data.js';

const isUnreadable = (why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === 'input-unreadable' && why.test(error.message);

test('the fixed set stores every bit as a pixel, in raster order', { skip: skipMnist }, async () => {
  for (const [split, count] of [
    ['train', 50_000],
    ['valid', 10_000],
    ['test', 10_000],
  ] as const) {
    const set = await loadDataset('mnist', split, { folder: SHARED_DATA });
    const { samples, width, height, channels, depth } = set;
    assert.deepEqual([set.count, width, height, channels, depth], [count, 28, 28, 1, 1]);
    assert.equal(samples.length, count * 784);
    assert.match(set.title, /fixed set of Salakhutdinov and Larochelle/);
    assert.equal(set.note, null);
    const bytes = readFileSync(join(FIXED_MNIST, `${split}.bits`));
    for (const i of [0, 1, 777, count - 1]) {
      const bits = [...bytes.subarray(98 * i, 98 * (i + 1))].map((byte) => byte.toString(2).padStart(8, '0'));
      assert.equal(imageOf(set, i).join(''), bits.join(''));
    }
    assert.ok(samples.every((sample) => sample <= 1));
  }
});

test("rejects files with other bytes than the fixed set's by name", { skip: skipMnist }, async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('binarized-mnist'));
  for (const split of ['train', 'valid', 'test']) {
    const bytes = readFileSync(join(FIXED_MNIST, `${split}.bits`));
    if (split === 'valid') bytes[5000]! ^= 1;
    folder.put(`binarized-mnist/${split}.bits`, bytes);
  }
  const load = (split: 'valid' | 'test'): Promise<Dataset> => loadDataset('mnist', split, { folder: folder.path });
  await assert.rejects(
    load('valid'),
    isUnreadable(/valid\.bits is not the file of the data set: its SHA-256 differs\. Get/),
  );
  assert.equal((await load('test')).count, 10_000);
});

test('reports a missing or incomplete data set with the command that installs it', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('binarized-mnist'));
  folder.put('binarized-mnist/test.bits', new Uint8Array(980_000));
  const command = `Install it with \`pixrnn dataset install mnist --data ${shellWord(folder.path)}\`.`;
  await assert.rejects(
    loadDataset('mnist', 'test', { folder: folder.path }),
    (error: Error) => error.message.startsWith('MNIST is not installed in ') && error.message.endsWith(command),
  );

  mkdirSync(folder.at('mnist'));
  for (const name of ['train', 't10k']) folder.put(`mnist/${name}-images-idx3-ubyte`, new Uint8Array(800));
  await assert.rejects(
    loadDataset('mnist', 'valid', { folder: folder.path }),
    isUnreadable(/train-images-idx3-ubyte is not the file .*`pixrnn dataset install mnist`/),
  );
  assert.ok(!existsSync(folder.at('mnist/train.bits')));
});

test('drawing binarized images is reproducible, and differs for other labels and seeds', () => {
  const gray = Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 256);
  const drawn = drawImages(gray, 784, (i) => `test ${i}`);
  const digest = createHash('sha256').update(drawn).digest('hex');
  assert.equal(digest, 'b75bd7dc62de42eb0a0077555c884f9f73b3a3c7af01b274b951cb8518c3ef85');
  // Each image is drawn independently of the others.
  assert.deepEqual(
    drawImages(gray.subarray(784, 2 * 784), 784, () => 'test 1'),
    drawn.subarray(784, 2 * 784),
  );
  assert.notDeepEqual(
    drawImages(gray, 784, (i) => `train ${i}`),
    drawn,
  );
  assert.notDeepEqual(
    drawImages(gray, 784, (i) => `test ${i}`, 2),
    drawn,
  );
});

test('a pixel is 1 with the probability of its gray value', () => {
  const images = 200;
  for (const value of [0, 1, 64, 128, 254, 255]) {
    const drawn = drawImages(new Uint8Array(784 * images).fill(value), 784, (i) => `value ${value} ${i}`);
    const ones = drawn.reduce((sum, sample) => sum + sample, 0);
    const n = drawn.length;
    const p = value / 255;
    assert.ok(Math.abs(ones - n * p) <= 4.5 * Math.sqrt(n * p * (1 - p)), `${value}: ${ones} of ${n}`);
  }
});
