import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { encodeModel } from '#pixrnn/model/model.js';
import { blobs, draw, flat } from '../../fixtures/draw.js';
import { encodePng } from '../../fixtures/png.js';
import { tinyModel, tinyMultiScale } from '../../fixtures/tiny-model.js';
import { Folder, jsonLines } from './pixrnn.js';

const image = blobs({ width: 20, height: 12 });
const PIXELCNN = ['--model', 'pixelcnn-rgb'];

/** Returns one image of a grid, [height][width][channels]. */
async function cellOf(file: Buffer, column: number, row: number, width: number, height: number): Promise<Uint8Array> {
  const { raster } = await readImage(file);
  const { channels } = raster;
  const lines = Array.from({ length: height }, (_, y) => {
    const at = ((2 + row * (height + 2) + y) * raster.width + 2 + column * (width + 2)) * channels;
    return [...raster.samples.subarray(at, at + width * channels)];
  });
  return Uint8Array.from(lines.flat());
}

test('sample draws a grid that does not depend on the number of threads', async (context) => {
  const folder = new Folder(context);
  const draw = (out: string, ...more: string[]) =>
    folder.run(['sample', ...PIXELCNN, '--out', out, '--count', '5', '--columns', '3', '--size', '9x7', ...more]);
  const one = await draw('a.png', '--threads', '1');
  assert.equal(one.code, 0, one.stderr);
  assert.match(
    one.stderr,
    /^a\.png {2}5 images of 9 x 7, model pixelcnn-rgb, seed 1, temperature 1 {2}[\d,]+ bytes\n$/,
  );
  assert.equal((await draw('b.png', '--threads', '2')).code, 0);
  assert.equal((await draw('c.png', '--seed', '2')).code, 0);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => readFileSync(folder.at(`${name}.png`)));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
  const { raster } = await readImage(a!);
  assert.deepEqual([raster.width, raster.height, raster.channels], [3 * 11 + 2, 2 * 9 + 2, 3]);
  assert.notDeepEqual(await cellOf(a!, 0, 0, 9, 7), await cellOf(a!, 1, 0, 9, 7));
  assert.ok(
    (await cellOf(a!, 2, 1, 9, 7)).every((value) => value === 255),
    'the last cell stays empty',
  );
  assert.ok(a!.includes('tEXtComment\0pixrnn: 5 images of 9 x 7; model '));
});

test('sample supports every shipped model and models of several scales', async (context) => {
  const folder = new Folder(context);
  folder.put('scales.safetensors', encodeModel(tinyMultiScale(3, [2])));
  for (const model of ['pixelcnn-gray', 'photo-gray', 'photo-rgb', 'scales.safetensors']) {
    const args = ['sample', '--model', model, '-o', 'x.png', '--count', '2', '--force', '--json', '--size', '12x8'];
    const { code, stdout, stderr } = await folder.run([...args, '--temperature', '0.8']);
    assert.equal(code, 0, stderr);
    const [result] = jsonLines(stdout);
    const { width, height, count, seed, temperature, channels, bytes } = result!;
    const expected = [12, 8, 2, 1, 0.8, model.includes('gray') ? 1 : 3, statSync(folder.at('x.png')).size];
    assert.deepEqual([width, height, count, seed, temperature, channels, bytes], expected);
  }
  // Without --size, the size of the training images.
  const usual = await folder.run([
    'sample',
    '--model',
    'pixelcnn-gray',
    '-o',
    'x.png',
    '--count',
    '1',
    '--force',
    '--json',
  ]);
  const [result] = jsonLines(usual.stdout);
  assert.deepEqual([result?.['width'], result?.['height']], [48, 48]);
  const stream = await folder.run(['sample', '--model', 'pixelcnn-gray', '-o', '-', '--count', '1', '--size', '4x4']);
  assert.equal((await readImage(stream.stdout)).raster.width, 8);
});

test('complete keeps the known pixels and draws the others', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  folder.put('b.png', blobs({ width: 20, height: 12 }));
  const args = ['complete', 'a.png', 'b.png', '--keep', 'top', ...PIXELCNN, '--out', 'c.png', '--count', '2'];
  const { code, stderr } = await folder.run(args);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^a\.png, b\.png -> c\.png {2}2 each, 50 % known, model pixelcnn-rgb, seed 1, temperature 1 /);
  const file = readFileSync(folder.at('c.png'));
  const { raster } = await readImage(file);
  assert.deepEqual([raster.width, raster.height], [4 * 22 + 2, 2 * 14 + 2]);
  const [shown, one, two, original] = await Promise.all([0, 1, 2, 3].map((c) => cellOf(file, c, 0, 20, 12)));
  const half = 6 * 20 * 3;
  assert.deepEqual(original, image.samples);
  for (const cell of [shown, one, two]) assert.deepEqual(cell!.subarray(0, half), image.samples.subarray(0, half));
  assert.ok(shown!.subarray(half).every((value) => value === 95 || value === 160));
  for (const cell of [one, two]) assert.notDeepEqual(cell!.subarray(half), image.samples.subarray(half));
  assert.notDeepEqual(one, two);
  assert.ok(file.includes('pixrnn: 2 completions of 2 images; model '));
});

test('a mask is white where pixels are drawn, for any kind of mask image', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  const isHole = (x: number, y: number): boolean => x >= 5 && x < 9 && y >= 3 && y < 8;
  const mask = draw({ width: 20, height: 12, channels: 1 }, (x, y) => (isHole(x, y) ? 255 : 0));
  folder.put('gray.png', mask);
  folder.put(
    'rgb.png',
    draw({ width: 20, height: 12 }, (x, y) => (isHole(x, y) ? 240 : 10)),
  );
  // A palette in which 0 is white and 1 is black.
  const rows = mask.samples.map((value) => (value > 0 ? 0 : 1));
  const palette = { type: 'PLTE', data: Uint8Array.of(255, 255, 255, 0, 0, 0) };
  folder.put('palette.png', encodePng({ width: 20, height: 12, bitDepth: 8, colourType: 3, rows, before: [palette] }));
  const files: Buffer[] = [];
  for (const name of ['gray', 'rgb', 'palette']) {
    const args = [
      'complete',
      'a.png',
      '--mask',
      `${name}.png`,
      ...PIXELCNN,
      '-o',
      `of-${name}.png`,
      '--count',
      '1',
      '--json',
    ];
    const { code, stdout, stderr } = await folder.run(args);
    assert.equal(code, 0, stderr);
    assert.equal(jsonLines(stdout)[0]?.['known'], 1 - 20 / 240);
    files.push(readFileSync(folder.at(`of-${name}.png`)));
  }
  assert.deepEqual(files[1], files[0]);
  assert.deepEqual(files[2], files[0]);
  const completed = await cellOf(files[0]!, 1, 0, 20, 12);
  image.samples.forEach((value, i) => {
    const pixel = Math.floor(i / 3);
    if (!isHole(pixel % 20, Math.floor(pixel / 20))) assert.equal(completed[i], value);
  });
  assert.notDeepEqual(completed, image.samples);
});

test('rejects images that cannot be drawn or completed, and writes nothing', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  folder.put('gray.png', blobs({ width: 20, height: 12, channels: 1 }));
  folder.put('small.png', blobs({ width: 10, height: 12 }));
  folder.put('wide.png', flat({ width: 1025, height: 1 }));
  const rgba = new Uint8Array(20 * 12 * 4);
  folder.put('rgba.png', encodePng({ width: 20, height: 12, bitDepth: 8, colourType: 6, rows: rgba }));
  const deep = new Uint8Array(20 * 12 * 6);
  folder.put('deep.png', encodePng({ width: 20, height: 12, bitDepth: 16, colourType: 2, rows: deep }));
  folder.put('text.png', Buffer.from('no image'));
  folder.put('there.png', image);
  folder.put('tiny.safetensors', encodeModel(tinyModel(3)));
  const before = folder.list();
  const sample = ['sample', ...PIXELCNN, '--out', 'x.png', '--count', '1', '--size', '4x4'];
  const complete = (...files: string[]) => ['complete', ...files, ...PIXELCNN, '--out', 'x.png', '--count', '1'];
  const keep = ['--keep', 'top'];
  for (const [code, args, message] of [
    [2, ['sample', '--out', 'x.png'], /missing option: --model\. Example: "pixrnn sample /],
    [2, ['sample', ...PIXELCNN], /missing option: --out\./],
    [2, [...sample, '--count', '0'], /--count must be an integer from 1 to 10000/],
    [2, [...sample, '--columns', '1.5'], /--columns must be/],
    [2, [...sample, '--seed', '-1'], /--seed must be/],
    [2, [...sample, '--temperature', '0'], /--temperature must be a number from 0\.05 to 10/],
    [2, ['sample', ...PIXELCNN, '--out', 'x.png', '--size', '32'], /--size must be a width and a height/],
    [2, ['sample', ...PIXELCNN, '--out', 'x.tiff'], /the grid is a PNG file/],
    [2, ['sample', ...PIXELCNN, '--out', '-', '--json'], /--json and the grid/],
    [3, ['sample', ...PIXELCNN, '--out', 'x.png', '--size', '1025x2'], /1025 x 2 is larger than a model can draw/],
    [
      3,
      ['sample', ...PIXELCNN, '--out', 'x.png', '--size', '1024x1024', '--count', '200'],
      /more than 100000000 pixels/,
    ],
    [
      5,
      ['sample', '--model', 'none.safetensors', '--out', 'x.png'],
      /model none\.safetensors not found: it is neither a file nor/,
    ],
    [6, ['sample', ...PIXELCNN, '--out', 'there.png'], /there\.png already exists/],
    [6, ['sample', ...PIXELCNN, '--out', 'no/x.png'], /the directory of no\/x\.png does not exist/],
    [2, complete('a.png'), /Use --keep or --mask/],
    [2, [...complete('a.png'), ...keep, '--mask', 'gray.png'], /--keep and --mask cannot be combined/],
    [2, [...complete('a.png'), '--keep', 'middle'], /keep/],
    [2, [...complete('a.png'), '--mask', 'small.png'], /small\.png: the mask is 10 x 12, but the image is 20 x 12/],
    [2, [...complete('a.png', 'small.png'), ...keep], /small\.png: it is 10 x 12 .*, but a\.png is 20 x 12/],
    [2, [...complete('gray.png'), ...keep], /gray\.png: the model pixelcnn-rgb codes RGB, but the image is gray/],
    [2, [...complete('deep.png'), ...keep], /deep\.png: .* does not support 16-bit samples/],
    [3, [...complete('wide.png'), ...keep], /wide\.png: 1025 x 1 is larger/],
    [3, [...complete('rgba.png'), ...keep], /rgba\.png: images with alpha/],
    [3, [...complete('none.png'), ...keep], /none\.png: no such file/],
    [3, [...complete('text.png'), ...keep], /text\.png: .* not an image/],
    [3, [...complete('a.png'), ...keep, '--max-pixels', '239'], /20 x 12 pixels, more than the limit of 239/],
    [2, [...complete('a.png'), ...keep, '--seed', '0.5'], /--seed must be/],
  ] as const) {
    const run = await folder.run([...args]);
    assert.equal(run.code, code, `${args.join(' ')}: ${run.stderr}`);
    assert.match(run.stderr, /^pixrnn: .+\n$/);
    assert.match(run.stderr, message);
    assert.equal(run.stdout.length, 0);
  }
  assert.deepEqual(folder.list(), before);
  assert.deepEqual(readFileSync(folder.at('there.png')), readFileSync(folder.at('a.png')));
});
