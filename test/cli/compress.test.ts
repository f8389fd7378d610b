import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs, checkerboard, flat, gradient, noise } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { Folder, jsonLines } from './pixrnn.js';
import { IS_WINDOWS, LINE_BREAK, shown } from '../platform.js';

const image = blobs({ width: 40, height: 32 });

test('restores the image, its metadata and its time', async (context) => {
  const folder = new Folder(context);
  const png = pngOf(image, { before: [chunk('tEXt', 'Title\0A drawing')], after: [chunk('tEXt', 'End\0here')] });
  folder.put('a.png', png);
  utimesSync(folder.at('a.png'), 1e9, 1e9);

  const compressed = await folder.spawn(['compress', 'a.png']);
  assert.equal(compressed.code, 0, compressed.stderr);
  assert.equal(compressed.stdout.length, 0);
  assert.match(
    compressed.stderr,
    /^a\.png -> a\.prnn {2}\d+\.\d\d bits\/dim {2}[\d,]+ bytes \([\d.]+ % of the PNG\), verified; restores the file byte for byte\n$/,
  );
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);

  const decompressed = await folder.spawn(['decompress', 'a.prnn', '-o', 'b.png']);
  assert.equal(decompressed.code, 0, decompressed.stderr);
  const [back, original] = [await readImage(readFileSync(folder.at('b.png'))), await readImage(png)];
  assert.deepEqual([back.raster, back.metadata], [original.raster, original.metadata]);
  for (const name of ['a.prnn', 'b.png']) assert.equal(statSync(folder.at(name)).mtimeMs, 1e12);
});

test('compresses gray, flat, noisy and tiny images', async (context) => {
  const folder = new Folder(context);
  const drawings = {
    gray: gradient({ width: 21, height: 13, channels: 1 }),
    flat: flat({ width: 32, height: 32 }),
    noise: noise({ width: 19, height: 23 }),
    board: checkerboard({ width: 16, height: 16 }, 3),
    dot: flat({ width: 1, height: 1 }),
    line: gradient({ width: 48, height: 1 }),
  };
  const names = Object.keys(drawings);
  for (const [name, drawing] of Object.entries(drawings)) folder.put(`${name}.png`, drawing);
  const compressed = await folder.run(['compress', ...names.map((name) => `${name}.png`), '--quiet']);
  assert.deepEqual([compressed.code, compressed.stderr], [0, '']);
  const decompressed = await folder.run(['decompress', '--force', ...names.map((name) => `${name}.prnn`)]);
  assert.equal(decompressed.code, 0, decompressed.stderr);
  for (const [name, drawing] of Object.entries(drawings)) {
    assert.deepEqual((await readImage(readFileSync(folder.at(`${name}.png`)))).raster, drawing, name);
  }
});

test('accepts file names with spaces, newlines, other scripts, capitals, digits and a leading hyphen', async (context) => {
  const folder = new Folder(context);
  const names = ['two words', `line${LINE_BREAK}break`, 'Größe 写真', '-x', '007'];
  for (const name of names) folder.put(`${name}.png`, image);
  folder.put('LOUD.PNG', image);
  folder.put('bare', image);
  const files = [...names.map((name) => `${name}.png`), 'LOUD.PNG', 'bare'];
  const run = await folder.run(['compress', '--no-verify', '--jobs', '1', '--', ...files]);
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(folder.list(), [...files, ...names.map((name) => `${name}.prnn`), 'LOUD.prnn', 'bare.prnn'].sort());
  const lines = run.stderr.split('\n');
  assert.match(lines.splice(-2, 1)[0] ?? '', /^7 files: 7 compressed; /);
  assert.equal(lines.length, files.length + 1);
  assert.ok(lines[1]?.startsWith(`${shown(`${names[1]}.png`)} -> ${shown(`${names[1]}.prnn`)}  `));
  assert.ok(lines.slice(0, -1).every((line) => line.includes(', not verified; ')));
});

test('keeps an existing file unless --force is given', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  folder.put('a.prnn', Buffer.from('precious'));
  const refused = await folder.spawn(['compress', 'a.png']);
  assert.equal(refused.code, 6);
  assert.equal(
    refused.stderr,
    'pixrnn: a.png: a.prnn already exists. Use --force to replace it, or --output for another name.\n',
  );
  assert.equal(readFileSync(folder.at('a.prnn'), 'utf8'), 'precious');

  assert.equal((await folder.run(['compress', 'a.png', '--force'])).code, 0);
  assert.equal((await folder.run(['decompress', 'a.prnn'])).code, 6);
  assert.equal((await folder.run(['decompress', 'a.prnn', '--force'])).code, 0);
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);
});

test('reports an output that cannot be written', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  mkdirSync(folder.at('dir'));
  const attempt = async (path: string, ...more: string[]): Promise<[number | null, string]> => {
    const { code, stderr } = await folder.run(['compress', 'a.png', '-o', path, ...more]);
    assert.equal(stderr.split('\n').length, 2, stderr);
    return [code, stderr];
  };
  assert.deepEqual(await attempt('none/a.prnn'), [
    6,
    'pixrnn: a.png: the directory of none/a.prnn does not exist. Create it first.\n',
  ]);
  assert.match((await attempt('none/'))[1], /none\/ is the name of a directory\. Name a file with --output\./);
  assert.equal((await attempt('a.png/', '--force'))[0], 6);
  assert.deepEqual(await attempt('dir'), [6, 'pixrnn: a.png: dir is a directory. Name a file with --output.\n']);
  assert.match((await attempt('a.png', '--force'))[1], /is the input file/);
  assert.deepEqual(folder.list(), ['a.png', 'dir']);
});

test('reads standard input and writes standard output', async (context) => {
  const folder = new Folder(context);
  const compressed = await folder.spawn(['compress', '-', '-o', 'out.prnn'], { input: pngOf(image) });
  assert.equal(compressed.code, 0, compressed.stderr);
  assert.match(compressed.stderr, /^standard input -> out\.prnn /);
  const prnn = readFileSync(folder.at('out.prnn'));

  const piped = await folder.spawn(['compress', '-'], { input: pngOf(image) });
  assert.equal(piped.code, 0, piped.stderr);
  assert.deepEqual(piped.stdout, prnn);
  const back = await folder.spawn(['decompress', '-'], { input: prnn });
  assert.deepEqual((await readImage(back.stdout)).raster, image);
  const named = await folder.spawn(['decompress', 'out.prnn', '-o', '-', '-q']);
  assert.deepEqual([named.stdout, named.stderr], [back.stdout, '']);
  assert.deepEqual(folder.list(), ['out.prnn']);

  const empty = await folder.spawn(['compress', '-']);
  assert.deepEqual([empty.code, empty.stdout.length], [3, 0]);
  assert.match(empty.stderr, /^pixrnn: standard input: it is empty/);
});

test('one bad file among several does not stop the others', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  folder.put('bad.png', Buffer.from('not an image'));
  folder.put('c.png', image);
  folder.put('c.prnn', Buffer.from('there'));
  folder.put('d.png', image);
  const run = await folder.run([
    'compress',
    'a.png',
    'bad.png',
    'missing.png',
    'c.png',
    'd.png',
    '--json',
    '--jobs',
    '1',
  ]);
  assert.equal(run.code, 3, 'the exit code of the first failure');
  assert.equal(run.stderr.split('\n').length, 4, run.stderr);
  const results = jsonLines(run.stdout);
  assert.deepEqual(
    results.map(({ file, error }) => [file, (error as { code: string } | undefined)?.code]),
    [
      ['a.png', undefined],
      ['bad.png', 'input-unsupported'],
      ['missing.png', 'input-unreadable'],
      ['c.png', 'output-exists'],
      ['d.png', undefined],
    ],
  );
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn', 'bad.png', 'c.png', 'c.prnn', 'd.png', 'd.prnn']);
});

test('--json prints the results', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', pngOf(image, { before: [chunk('tEXt', 'Title\0A drawing')] }));
  const { stdout, stderr } = await folder.run(['compress', 'a.png', '--json']);
  assert.equal(stderr, '');
  const [result] = jsonLines(stdout);
  const bytes = statSync(folder.at('a.prnn')).size;
  assert.equal(result?.['bytes'], bytes);
  assert.equal(result['bitsPerDim'], (8 * bytes) / (40 * 32 * 3));
  assert.equal(result['output'], 'a.prnn');
  assert.equal(result['verified'], true);
  const [coded, metadata, recipe, overhead] = partsOf(result);
  assert.equal(coded + metadata + recipe + overhead, bytes);
  assert.ok(metadata > 0 && overhead <= 40);
  const [info] = jsonLines((await folder.run(['info', 'a.prnn', '--json', '-q'])).stdout);
  assert.deepEqual(partsOf(info!), [coded, metadata, recipe, overhead]);
  const [back] = jsonLines((await folder.run(['decompress', 'a.prnn', '--json', '-o', 'b.png'])).stdout);
  assert.deepEqual([back?.['width'], back?.['height'], back?.['channels']], [40, 32, 3]);
});

/** Returns the bytes of a result by purpose: samples, metadata, recipe, overhead. */
function partsOf(result: Record<string, unknown>): [number, number, number, number] {
  const names = ['codedBytes', 'metadataBytes', 'recipeBytes', 'overheadBytes'];
  return names.map((name) => result[name]) as [number, number, number, number];
}

test('reports an image that is stored raw, and a source that is stored as it is', async (context) => {
  const folder = new Folder(context);
  const drawing = noise({ width: 19, height: 23 });
  // A PNG file of a size at which raw samples are smaller, since each row has a filter.
  folder.put('noise.png', noise({ width: 3, height: 300 }));
  folder.put('noise.ppm', Buffer.concat([Buffer.from('P6 19 23 255\n'), drawing.samples]));
  folder.put('good.png', image);
  const names = ['noise.png', 'noise.ppm', 'good.png'];
  const run = await folder.run(['compress', ...names, '--no-verify', '--jobs', '1', '--pixels', '--out-dir', 'out']);
  assert.equal(run.code, 0, run.stderr);
  const [raw, stored, good] = run.stderr.split('\n');
  assert.match(raw!, /, not verified; stored raw, which is smallest$/);
  assert.match(stored!, /, not verified; stored as it is, which is smallest; larger than the PNM$/);
  assert.match(good!, /, not verified$/);
});

test('compresses even if nobody reads the messages', async (context) => {
  const folder = new Folder(context);
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) folder.put(`${name}.png`, image);
  const { code } = await folder.spawn(['compress', '--no-verify', ...names.map((name) => `${name}.png`)], {
    closeMessages: true,
  });
  assert.equal(code, 0);
  assert.deepEqual(
    folder.list(),
    names.flatMap((name) => [`${name}.png`, `${name}.prnn`]),
  );
});

test('expands wildcards that no shell has expanded', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('dir'));
  for (const name of ['a1.png', 'a2.png', 'b.png', '.a3.png', 'dir/c[1].png']) folder.put(name, image);
  if (!IS_WINDOWS) folder.put('dir/c?.png', image);
  const made = async (pattern: string): Promise<unknown[]> => {
    const { stdout } = await folder.run(['compress', '--no-verify', '--force', '--json', '--jobs', '1', '--', pattern]);
    return jsonLines(stdout).map(({ file }) => file);
  };
  assert.deepEqual(await made('a*.png'), ['a1.png', 'a2.png']);
  assert.deepEqual(await made('?.png'), ['b.png']);
  assert.deepEqual(await made('dir/c[*'), ['dir/c[1].png']);
  assert.deepEqual(await made('dir/c?.png'), ['dir/c?.png'], 'an existing file is not a pattern; on Windows, no match');
  assert.deepEqual(await made('none*.png'), ['none*.png'], 'an error names the pattern');
});
