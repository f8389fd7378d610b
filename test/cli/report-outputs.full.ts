import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { Folder, jsonLines } from './pixrnn.js';

const picture = blobs({ width: 32, height: 24 });
const FAST = ['--effort', '1'];

test('report writes CSV and a page of all readable images, and names the others', async (context) => {
  const folder = new Folder(context);
  folder.put('=a.png', picture);
  folder.put('b\nc.png', blobs({ width: 20, height: 20, channels: 1 }));
  folder.put('broken.png', Buffer.from('no image'));
  const files = ['=a.png', 'broken.png', 'b\nc.png'];
  const { code, stdout, stderr } = await folder.run([
    'report',
    ...FAST,
    '--csv',
    'r.csv',
    '--html',
    'r.html',
    ...files,
  ]);
  assert.equal(code, 3);
  assert.match(stderr, /broken\.png: .*\nr\.csv {2}2 images, [\d,]+ bytes\nr\.html {2}2 images, [\d,]+ bytes\n$/);
  assert.match(stdout.toString(), / '=a\.png'\n.* \$'b\\nc\.png'\n.* total of 2\n\n/s);
  const csv = readFileSync(folder.at('r.csv'), 'utf8');
  assert.match(csv, /^file,format,width,.*\r\n'=a\.png,PNG,32,24,3,8,.*\r\n"b\nc\.png",PNG,20,20,1,8,.*\r\n$/s);
  const page = readFileSync(folder.at('r.html'), 'utf8');
  assert.equal(page.match(/<article /g)?.length, 2);
  assert.ok(page.includes('b\\x0ac.png') && page.includes('1 file could not be read'));
  assert.deepEqual(folder.list(), ['=a.png', 'b\nc.png', 'broken.png', 'r.csv', 'r.html']);
});

test('CSV on standard output replaces the table', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', picture);
  const { code, stdout } = await folder.run(['report', ...FAST, '--csv', '-', 'a.png']);
  assert.equal(code, 0);
  assert.match(stdout.toString(), /^file,[^\r]*\r\na\.png,[^\r]*\r\n$/);
});

test('report --heatmap alone writes a map and prints its scale', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', picture);
  const run = await folder.run(['report', ...FAST, '--heatmap', 'map.png', '--heatmap-max', '30', 'a.png']);
  assert.deepEqual([run.code, run.stdout.length], [0, 0], run.stderr);
  assert.match(run.stderr, /^a\.png -> map\.png {2}bits per pixel from 0 \(black\) to 30 .* \d+\.\d\d on average\n$/);
  const { raster } = await readImage(readFileSync(folder.at('map.png')));
  assert.equal(raster.width, 32);
  const mean = (samples: Iterable<number>): number => [...samples].reduce((sum, level) => sum + level, 0) / (32 * 24);
  const printedMean = Number(/([\d.]+) on average/.exec(run.stderr)?.[1]);
  assert.ok(Math.abs((mean(raster.samples.subarray(0, 32 * 24)) * 30) / 255 - printedMean) < 0.1);
});

test('--compare adds the sizes of other codecs, without metadata on both sides', async (context) => {
  const folder = new Folder(context);
  folder.put('plain.png', pngOf(picture));
  folder.put('a.png', pngOf(picture, { before: [chunk('tEXt', `Comment\0${randomBytes(4000).toString('hex')}`)] }));
  const [result] = jsonLines((await folder.run(['report', ...FAST, '--compare', '--json', 'a.png'])).stdout);
  const peers = result?.['peers'] as { name: string; bytes: number }[];
  assert.equal(peers[0]?.name, 'PNG');
  for (const { bytes } of peers) assert.ok(bytes > 50 && bytes < 32 * 24 * 3 + 200);
  await folder.run(['compress', ...FAST, 'plain.png', '--pixels']);
  const stripped = statSync(folder.at('plain.prnn')).size;
  assert.ok((result?.['prnnBytes'] as number) > stripped + 4000, 'the file with its metadata');
  assert.equal(result?.['strippedBytes'], stripped);

  const table = ['report', ...FAST, '--compare', 'a.png', '--html', 'r.html', '--csv', 'r.csv'];
  const lines = (await folder.run(table)).stdout.toString().split('\n');
  assert.match(lines[0]!, /overhead +pixels +PNG .*file$/);
  const cells = lines[1]!.split(/ {2,}| % +/);
  assert.ok(cells.includes(((8 * stripped) / (32 * 24 * 3)).toFixed(3)), lines[1]);
  assert.match(lines.slice(2).join('\n'), /\npixels +\.prnn without metadata.*\nPNG +level 9, without metadata/);
  const page = readFileSync(folder.at('r.html'), 'utf8');
  const count = stripped.toLocaleString('en-US');
  assert.match(page, new RegExp(`<th scope="row" class="text">PNG</th><td>1</td><td>[\\d,]+</td><td>${count}</td>`));
  const [headings, row] = readFileSync(folder.at('r.csv'), 'utf8').split('\r\n') as [string, string];
  assert.equal(row.split(',')[headings.split(',').indexOf('stripped_bytes')], String(stripped));
});

test('strippedBytes is the size that --strip-metadata writes, palette and transparency included', async (context) => {
  const folder = new Folder(context);
  const indexed = { ...blobs({ width: 40, height: 30, channels: 1 }), indexed: true };
  indexed.samples.forEach((value, i) => (indexed.samples[i] = value >> 5));
  const palette = chunk('PLTE', Buffer.from(Array.from({ length: 24 }, (_, i) => i * 10)));
  const before = [palette, chunk('tRNS', Buffer.from([0, 128])), chunk('tEXt', 'Title\0a picture')];
  folder.put('a.png', pngOf(indexed, { before }));
  const [result] = jsonLines((await folder.run(['report', '--json', 'a.png'])).stdout);
  const run = await folder.run(['compress', '--strip-metadata', 'a.png']);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(result?.['strippedBytes'], statSync(folder.at('a.prnn')).size);
  assert.ok((result?.['prnnBytes'] as number) > result?.['strippedBytes']);
});

test('the table explains its columns', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', picture);
  const text = (await folder.run(['report', ...FAST, 'a.png'])).stdout.toString();
  const [table, legend] = text.split('\n\n') as [string, string];
  assert.equal(table.split('\n').length, 2);
  const explained = legend.split('\n').flatMap((line) => line.split(/ {2,}/)[0]!.split(', '));
  for (const column of table.split('\n')[0]!.trim().split(/ {2,}/)) {
    if (['image', '.prnn bytes', 'file'].includes(column)) continue;
    assert.ok(explained.includes(column), column);
  }
  assert.ok(legend.split('\n').every((line) => line.length <= 80));
});

test('report rejects contradictory options and unwritable outputs before it begins', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', picture);
  folder.put('there.csv', Buffer.from('mine'));
  const refusals: [args: string[], code: number, message: RegExp][] = [
    [['--csv', '-', '--json'], 2, /standard output/],
    [['--csv', 'x', '--html', 'x'], 2, /x is named for two outputs/],
    [['--heatmap', 'm.png', 'a.png'], 2, /several images/],
    [['--heatmap-max', '0'], 2, /must be a number of bits > 0/],
    [['--heatmap-max', 'NaN'], 2, /must be a number of bits > 0/],
    [['--csv', 'a.csv', '--csv', 'b.csv'], 2, /one value/],
    [['--csv', 'there.csv'], 6, /exists/],
    [['--html', 'nowhere/r.html'], 6, /the directory of nowhere\/r\.html does not exist/],
  ];
  for (const [args, code, message] of refusals) {
    const run = await folder.run(['report', 'a.png', ...args]);
    assert.equal(run.code, code, `${args.join(' ')}: ${run.stderr}`);
    assert.match(run.stderr, message);
    assert.equal(run.stdout.length, 0);
  }
  assert.equal((await folder.run(['report', ...FAST, 'a.png', '--csv', 'there.csv', '--force'])).code, 0);
  assert.deepEqual(folder.list(), ['a.png', 'there.csv']);
});

test('info lists metadata chunks and, with --bits, the bits of each channel', async (context) => {
  const folder = new Folder(context);
  const text = chunk('tEXt', 'Title\0a\nb\x1b[31m');
  const international = chunk('iTXt', Buffer.from('Name\0\0\0de\0Name\0Größe\u202e', 'utf8'));
  folder.put('a.png', pngOf(picture, { before: [text], after: [international, chunk('zTXt', 'x\0\0y')] }));
  folder.put('g.png', blobs({ width: 20, height: 20, channels: 1 }));
  await folder.run(['compress', ...FAST, '--no-verify', 'a.png', 'g.png']);
  const shown = (await folder.run(['info', 'a.prnn'])).stdout.toString();
  assert.match(
    shown,
    /\n +tEXt 14 bytes, Title: a\\nb\\x1b\[31m\n +iTXt \d+ bytes, Name: Größe\\u202e\n +zTXt 4 bytes\n/,
  );
  assert.ok(!shown.includes('\n  bits '));

  const [plain] = jsonLines((await folder.run(['info', '--json', 'a.prnn'])).stdout);
  assert.equal(plain?.['colourType'], 'RGB');
  assert.deepEqual(
    (plain['chunks'] as { type: string }[]).map(({ type }) => type),
    ['tEXt', 'iTXt', 'zTXt'],
  );
  assert.equal(plain['bits'], undefined);

  const both = jsonLines((await folder.run(['info', '--json', '--bits', 'a.prnn', 'g.prnn'])).stdout);
  const reported = jsonLines((await folder.run(['report', ...FAST, '--json', 'a.png', 'g.png'])).stdout);
  both.forEach((info, index) => {
    const bits = info['bits'] as { perChannel: number[]; perDim: number };
    const rates = reported[index]?.['rates'] as { perChannel: number[]; mixed: number };
    assert.deepEqual(bits.perChannel, rates.perChannel);
    assert.ok(Math.abs(bits.perDim - rates.mixed) < 1e-9);
  });
  assert.match(
    (await folder.run(['info', '--bits', 'a.prnn'])).stdout.toString(),
    /\n {2}bits +R [\d.]+, G [\d.]+, B /,
  );
});
