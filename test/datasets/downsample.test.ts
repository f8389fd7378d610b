import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { areaDownsample } from '#pixrnn/datasets/area-downsample.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { blobs, draw } from '../../fixtures/draw.js';
import { Folder, jsonLines } from '../cli/pixrnn.js';

test('pixrnn dataset downsample writes every image of a folder as RGB of that size', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('images'));
  const [wide, gray, small] = [
    blobs({ width: 40, height: 23 }, 1),
    blobs({ width: 20, height: 20, channels: 1 }, 2),
    8,
  ];
  folder.put('images/wide.png', wide);
  folder.put('images/gray.png', gray);
  folder.put('images/small.png', blobs({ width: 40, height: small }));
  folder.put('images/text.png', Buffer.from('no image'));
  folder.put('images/notes.txt', Buffer.from('no image'));
  const clear = draw({ width: 32, height: 32, channels: 4 }, (x, y, c) => (c === 3 ? 100 : 8 * (x + y)));
  folder.put('images/clear.png', await writePng(clear, []));

  const args = ['dataset', 'downsample', 'images', '--size', '16', '--out', 'small'];
  const run = await folder.run([...args, '--json']);
  assert.equal(run.code, 0, run.stderr);
  const leftOut = ['small.png', 'text.png'];
  assert.deepEqual(jsonLines(run.stdout), [{ folder: 'small', size: 16, written: 3, leftOut }]);
  assert.match(run.stderr, /small\.png: skipped: it is smaller than 16x16\.\n/);
  assert.match(
    run.stderr,
    /text\.png: skipped: it cannot be read as an image \(.*\)\.\n3 images of 16x16 written to small\n$/,
  );
  assert.deepEqual(folder.list(), ['images', 'small']);

  const rgb = (samples: ArrayLike<number>, channels: number) =>
    Uint8Array.from({ length: (3 * samples.length) / channels }, (_, i) => {
      return samples[channels * Math.floor(i / 3) + (channels === 1 ? 0 : i % 3)]!;
    });
  for (const [name, { width, height, channels, samples }] of Object.entries({ wide, gray, clear })) {
    const { raster } = await readImage(readFileSync(folder.at(`small/${name}.png`)));
    const { samples: made, ...shape } = raster;
    assert.deepEqual(shape, { width: 16, height: 16, channels: 3, depth: 8, indexed: false });
    assert.deepEqual(made, areaDownsample({ width, height, channels: 3, samples: rgb(samples, channels) }, 16), name);
  }

  const again = await folder.run(args);
  assert.equal(again.code, 6, again.stderr);
  assert.match(again.stderr, /small\/clear\.png already exists\. Use --force/);
  assert.equal((await folder.run([...args, '--force', '--quiet'])).code, 0);
});

test('names that differ only in their extensions do not overwrite each other', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('images'));
  // sharp detects the format by content, whatever the extension.
  for (const [seed, name] of ['a.gif', 'a.png', 'a.webp'].entries()) {
    folder.put(`images/${name}`, blobs({ width: 16, height: 16 }, seed));
  }
  const run = await folder.run(['dataset', 'downsample', 'images', '--size', '8', '--out', 'out/of/here']);
  assert.equal(run.code, 0, run.stderr);
  const [first, ...others] = await Promise.all(
    ['a.png', 'a.png.png', 'a.webp.png'].map(async (name) => {
      return (await readImage(readFileSync(folder.at(`out/of/here/${name}`)))).raster.samples;
    }),
  );
  for (const other of others) assert.notDeepEqual(other, first);
});

test('reports a folder without images that are large enough', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('images'));
  folder.put('images/a.png', blobs({ width: 16, height: 16 }));
  for (const [images, why] of [
    ['images', /images contains no images of at least 32x32\. Name another directory\.$/m],
    ['none', /the directory none cannot be read\. Check the path/],
  ] as const) {
    const { code, stderr } = await folder.run(['dataset', 'downsample', images, '--out', 'out']);
    assert.equal(code, 3, stderr);
    assert.match(stderr, why);
  }
});
