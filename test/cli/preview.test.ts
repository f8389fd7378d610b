import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
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

test('a file without a small image is rejected with the models that make one', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  await folder.run(['compress', 'a.png', '--model', 'pixelcnn-rgb']);
  const { code, stderr } = await folder.run(['decompress', '--preview', 'a.prnn']);
  assert.equal(code, 3);
  assert.match(stderr, /^pixrnn: a\.prnn: it has no preview: only multi-scale models store one .*\n$/);
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);
});
