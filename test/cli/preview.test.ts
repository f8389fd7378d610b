import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import { subsample } from '#pixrnn/subsample.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { encodeModel } from '#pixrnn/model/model.js';
import { draw, generator } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { tinyMultiScale } from '../../fixtures/tiny-model.js';
import { Folder, jsonLines } from './pixrnn.js';

// Smooth with a little noise: good for a model, useless for the palette coder and for a PNG file without filters.
const random = generator(1);
const image = draw({ width: 64, height: 45 }, (x, y, c) => 40 + 2 * x + y + 10 * c + 5 * random());
const MODEL = ['--model', 'scales.safetensors'];

test('decompress --preview writes the small image, also from the start of a file', async (context) => {
  const folder = new Folder(context);
  folder.put('scales.safetensors', encodeModel(tinyMultiScale(3, [2, 2])));
  const before = [
    chunk('gAMA', Uint8Array.of(0, 0, 0xb1, 0x8f)),
    chunk('tEXt', 'Title\0one'),
    chunk('pHYs', Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 0, 1)),
  ];
  folder.put('a.png', pngOf(image, { before }));
  const compressed = await folder.run(['compress', 'a.png', ...MODEL]);
  assert.equal(compressed.code, 0, compressed.stderr);

  const run = await folder.run(['decompress', '--preview', 'a.prnn', ...MODEL]);
  assert.equal(run.code, 0, run.stderr);
  const { size } = statSync(folder.at('a.preview.png'));
  assert.equal(
    run.stderr,
    `a.prnn -> a.preview.png  16 x 12 RGB  ${size} bytes; 1/4 of 64 x 45, checksum not verified\n`,
  );
  const written = readFileSync(folder.at('a.preview.png'));
  const { raster } = await readImage(written);
  assert.deepEqual([raster.width, raster.height], [16, 12]);
  assert.deepEqual(raster.samples, subsample(image.samples, image, 3, 4));
  // Of the metadata, only what affects colours.
  assert.deepEqual(
    [written.includes('gAMA'), written.includes('tEXt'), written.includes('pHYs')],
    [true, false, false],
  );

  const whole = readFileSync(folder.at('a.prnn'));
  folder.put('part.prnn', whole.subarray(0, whole.length >> 1));
  assert.equal((await folder.run(['decompress', 'part.prnn', ...MODEL])).code, 4);
  const part = await folder.run(['decompress', '--preview', '--json', 'part.prnn', '-o', 'small.ppm', ...MODEL]);
  assert.equal(part.code, 0, part.stderr);
  const [result] = jsonLines(part.stdout);
  assert.deepEqual(
    [result?.['width'], result?.['height'], result?.['preview']],
    [16, 12, { factor: 4, width: 64, height: 45 }],
  );
  assert.deepEqual((await readImage(readFileSync(folder.at('small.ppm')))).raster.samples, raster.samples);

  const exists = await folder.run(['decompress', '--preview', 'a.prnn', ...MODEL]);
  assert.deepEqual([exists.code, readFileSync(folder.at('a.preview.png'))], [6, written]);
});

test('info lists the scales, and their sizes add up', async (context) => {
  const folder = new Folder(context);
  folder.put('scales.safetensors', encodeModel(tinyMultiScale(3, [2, 2])));
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png', ...MODEL]);
  const text = (await folder.run(['info', 'a.prnn'])).stdout.toString();
  assert.match(text, /\n {2}scales +3, smallest first: [\d,]+ bytes; [\d,]+ bytes; [\d,]+ bytes\n/);
  const [info] = jsonLines((await folder.run(['info', 'a.prnn', '--json'])).stdout);
  const scales = info?.['scaleBytes'] as number[];
  assert.equal(scales.length, 3);
  assert.equal(scales[0]! + scales[1]! + scales[2]!, info!['codedBytes']);
  const parts = ['codedBytes', 'metadataBytes', 'recipeBytes', 'overheadBytes'].map((key) => info![key] as number);
  const { size } = statSync(folder.at('a.prnn'));
  assert.equal(
    parts.reduce((sum, bytes) => sum + bytes),
    size,
  );
});

test('compress --preview embeds a picture, which decompress --preview writes and verify checks', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  folder.put(
    'b.jpg',
    await sharp(image.samples, { raw: { width: 64, height: 45, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
  const compressed = await folder.run(['compress', '--preview', '-e', '1', 'a.png', 'b.jpg', '--json']);
  assert.equal(compressed.code, 0, compressed.stderr);
  assert.ok(jsonLines(compressed.stdout).every((line) => (line['previewBytes'] as number) > 50));

  for (const name of ['a', 'b']) {
    const info = (await folder.run(['info', `${name}.prnn`])).stdout.toString();
    const size = /\n {2}preview +WebP of 64 x 45, (\d+) bytes\n/.exec(info)?.[1];
    assert.ok(Number(size) < 3000, info);
    const run = await folder.run(['decompress', '--preview', `${name}.prnn`]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /64 x 45 RGB {2}[\d,]+ bytes; embedded picture of 64 x 45\n$/);
    const { raster } = await readImage(readFileSync(folder.at(`${name}.preview.png`)));
    assert.deepEqual([raster.width, raster.height], [64, 45]);
    folder.put('start.prnn', readFileSync(folder.at(`${name}.prnn`)).subarray(0, Number(size) + 40));
    const webp = await folder.run(['decompress', '--preview', 'start.prnn', '-o', `${name}.webp`]);
    assert.equal(webp.code, 0, webp.stderr);
    const picture = readFileSync(folder.at(`${name}.webp`));
    assert.equal(picture.length, Number(size), 'the picture as it is');
    assert.ok(readFileSync(folder.at(`${name}.prnn`)).includes(picture));

    const damaged = readFileSync(folder.at(`${name}.prnn`));
    damaged[60]! ^= 1;
    folder.put('damaged.prnn', damaged);
    assert.match((await folder.run(['info', 'damaged.prnn'])).stdout.toString(), /\n {2}preview +damaged, \d+ bytes; /);
    const verified = await folder.run(['verify', '--full', 'damaged.prnn']);
    assert.equal(verified.code, 4);
    assert.match(verified.stderr, /its preview does not match its checksum; the image was verified and is intact/);
    const restored = await folder.run(['decompress', 'damaged.prnn', '-f']);
    assert.equal(restored.code, 0, restored.stderr);
    assert.match(restored.stderr, /its preview is damaged/);
    const source = name === 'a' ? 'a.png' : 'b.jpg';
    assert.deepEqual(readFileSync(folder.at(`damaged${source.slice(1)}`)), readFileSync(folder.at(source)));
    const refused = await folder.run(['decompress', '--preview', 'damaged.prnn']);
    assert.deepEqual([refused.code, /its preview is damaged\. /.test(refused.stderr)], [4, true]);
  }
});

test('a file without a preview is rejected', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png', '--model', 'pixelcnn-rgb']);
  const { code, stderr } = await folder.run(['decompress', '--preview', 'a.prnn']);
  assert.equal(code, 3);
  assert.match(stderr, /^pixrnn: a\.prnn: it has no preview: it was compressed without one, .*\n$/);
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);
});
