import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { splitSamples } from '#pixrnn/datasets/cifar10.js';
import { datasetSource, loadDataset } from '#pixrnn/datasets/dataset.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { Folder } from '../cli/pixrnn.js';

const IMAGE = 32 * 32 * 3;

/** A sheet whose images start with their number, high byte first, and then the number of the sheet. */
function sheet(name: string): Uint8Array {
  const pixels = new Uint8Array(10_000 * IMAGE);
  const number = name === 'test_batch.png' ? 6 : Number(/\d/.exec(name)?.[0]);
  for (let i = 0; i < 10_000; i++) pixels.set([i >> 8, i & 255, number], i * IMAGE);
  return pixels;
}

test('splits off the last 5,000 training images for validation, and reads only the required sheets', async () => {
  const { counts } = datasetSource('cifar10');
  assert.deepEqual(counts, { train: 45_000, valid: 5_000, test: 10_000 });
  for (const [split, first, sheets] of [
    ['train', 0, 5],
    ['valid', 45_000, 1],
    ['test', 50_000, 1],
  ] as const) {
    let read = 0;
    const samples = await splitSamples(split, ({ name }) => {
      read++;
      return Promise.resolve(sheet(name));
    });
    assert.equal(read, sheets);
    assert.equal(samples.length, counts[split] * IMAGE);
    for (let i = 0; i < counts[split]; i++) {
      const [high, low, number] = samples.subarray(i * IMAGE) as unknown as [number, number, number];
      if (high * 256 + low + 10_000 * (number - 1) !== first + i) assert.fail(`image ${i} of ${split}`);
    }
  }
});

test('rejects sheets with other bytes by name', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('cifar10'));
  for (const { name } of datasetSource('cifar10').package.files) folder.put(`cifar10/${name}`, Buffer.from('no sheet'));
  await assert.rejects(loadDataset('cifar10', 'test', { folder: folder.path }), (error) => {
    assert.ok(error instanceof PixrnnError);
    assert.equal(error.code, 'input-unreadable');
    assert.match(
      error.message,
      /test_batch\.png is not the file .*SHA-256 differs\..*`pixrnn dataset install cifar10`/,
    );
    return true;
  });
});
