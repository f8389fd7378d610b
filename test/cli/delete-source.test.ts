import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { fileDifference, prnnDifference } from '#pixrnn/batch/read-back.js';
import { deleteSource } from '#pixrnn/cli/delete-source.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { Folder } from './pixrnn.js';
import { makeLink, needsLinks } from '../platform.js';

const raster = blobs({ width: 20, height: 12 });
const changed = { ...raster, samples: raster.samples.map((sample, i) => (i === 7 ? sample ^ 1 : sample)) };

test('deletes a source only if its output is correct', async (context) => {
  const folder = new Folder(context);
  const attempt = (stats: ReturnType<typeof stat> | null, difference: () => Promise<string | null>) =>
    deleteSource(folder.at('a.png'), stats, folder.at('a.prnn'), difference);
  const stat = () => statSync(folder.at('a.png'), { bigint: true });
  const right = () => Promise.resolve(null);
  folder.put('a.png', raster);
  folder.put('a.prnn', Buffer.from('the result'));
  const kept = { code: 'output-failed', message: /the source is kept/ };
  await assert.rejects(
    attempt(stat(), () => Promise.resolve('its samples differ')),
    kept,
  );
  await assert.rejects(
    attempt(stat(), () => Promise.reject(new Error('the file is cut off'))),
    {
      ...kept,
      message: /a\.prnn, read back from disk, does not match the source \(the file is cut off\): the source is kept/,
    },
  );
  await assert.rejects(attempt(null, right), kept);
  const before = stat();
  utimesSync(folder.at('a.png'), 1e9, 1e9);
  await assert.rejects(attempt(before, right), { ...kept, message: /changed while it was being processed/ });
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);
  await attempt(stat(), right);
  assert.deepEqual(folder.list(), ['a.prnn']);
});

test('reads back the file and compares every sample', async (context) => {
  const folder = new Folder(context);
  const image = { raster, metadata: [] };
  folder.put('right.prnn', (await compressRaster(raster, { effort: 1 })).bytes);
  folder.put('other.prnn', (await compressRaster(changed, { effort: 1 })).bytes);
  const source = pngOf(raster);
  assert.equal(await prnnDifference(folder.at('right.prnn'), image, source, {}), null);
  assert.equal(await prnnDifference(folder.at('other.prnn'), image, source, {}), 'its samples differ');
  folder.put('right.png', await writeImage(raster, [], 'png'));
  folder.put('other.png', await writeImage(changed, [], 'png'));
  assert.equal(await fileDifference(folder.at('right.png'), image), null);
  assert.equal(await fileDifference(folder.at('other.png'), image), 'its samples differ');
});

/** Returns an uncompressed 4 x 2 gray TIFF file with additional fields, each of one LONG. */
function tiff(...tags: number[]): Buffer {
  const fields = [
    ...[
      [256, 4],
      [257, 2],
      [258, 8],
      [259, 1],
      [262, 1],
      [277, 1],
      [278, 2],
      [279, 8],
    ], // width, height, ..., byte count of the strip
    ...tags.map((tag) => [tag, 7]),
  ];
  const end = 8 + 2 + 12 * (fields.length + 1) + 4;
  const all = [...fields, [273, end]].sort(([a], [b]) => a! - b!);
  const file = Buffer.alloc(end + 8, 0x55);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(all.length, 8);
  for (const [i, [tag, value]] of all.entries()) {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag!, at);
    file.writeUInt16LE(4, at + 2); // LONG
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value!, at + 8);
  }
  file.writeUInt32LE(0, end - 4);
  return file;
}

test('rejects --delete-source with options that drop a part of the source', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', raster);
  for (const option of [['--page', '1'], ['--first-frame'], ['--strip-metadata'], ['--allow-lossy-source']]) {
    const { code, stderr } = await folder.run(['compress', 'a.png', '--delete-source', ...option]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`^pixrnn: --delete-source would lose the data that ${option[0]} drops\\.`));
  }
  assert.deepEqual(folder.list(), ['a.png']);
});

test('keeps a source with data that no output holds', async (context) => {
  const folder = new Folder(context);
  folder.put('plain.tif', tiff());
  folder.put('geo.tif', tiff(33550, 34735));
  const run = await folder.run(['compress', 'plain.tif', 'geo.tif', '--effort', '1', '--delete-source', '--pixels']);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /^pixrnn: geo\.tif: --delete-source .*these TIFF tags are not kept: 33550, 34735\. /m);
  assert.deepEqual(folder.list(), ['geo.tif', 'plain.prnn']);
  const plan = await folder.run(['compress', 'geo.tif', '--delete-source', '--pixels', '--dry-run']);
  assert.equal(plan.code, 3, plan.stderr);
  const warned = await folder.run(['compress', 'geo.tif', '--effort', '1', '--pixels']);
  assert.match(warned.stderr, /; these TIFF tags are not kept: 33550, 34735/);
});

test('keeps a symbolic link', { skip: needsLinks }, async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', raster);
  makeLink('a.png', folder.at('link.png'));
  const link = await folder.run(['compress', 'link.png', '--effort', '1', '--delete-source']);
  assert.equal(link.code, 6, link.stderr);
  assert.match(link.stderr, /it is a symbolic link: the source is kept/);
  assert.ok(folder.list().includes('link.png'));
});

test('rejects two outputs that are one file through a symbolic link', { skip: needsLinks }, async (context) => {
  const folder = new Folder(context);
  for (const name of ['in/x', 'in/y', 'out/x']) mkdirSync(folder.at(name), { recursive: true });
  makeLink('x', folder.at('out/y'));
  folder.put('in/x/a.png', raster);
  folder.put('in/y/a.png', changed);
  const args = ['compress', '-r', 'in', '--out-dir', 'out', '--force', '--delete-source', '--effort', '1'];
  const { code, stderr } = await folder.run(args);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /in\/y\/a\.png: in\/x\/a\.png would also be written to out\/y\/a\.png\.prnn\./);
  assert.deepEqual(Object.keys(folder.contents('in')), ['x/a.png', 'y/a.png']);
});

test('an output never replaces another source, not even with --force', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', raster);
  folder.put('a.prnn', pngOf(changed)); // an image with a misleading name
  const { code, stderr } = await folder.run(['compress', 'a.png', 'a.prnn', '-f', '-e1']);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /a\.png: the output a\.prnn is another input\./);
  assert.deepEqual(readFileSync(folder.at('a.prnn')), Buffer.from(pngOf(changed)));
});

test('a table or a grid never replaces an input, not even with --force', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', raster);
  folder.put('b.png', raster);
  const before = readFileSync(folder.at('a.png'));
  const complete = ['complete', '--model', 'pixelcnn-rgb', '--count', '1', '--force'];
  for (const args of [
    ['report', 'a.png', '--csv', 'a.png', '--force'],
    ['report', 'a.png', '--heatmap', './a.png', '--force'],
    [...complete, 'b.png', 'a.png', '--keep', 'top', '-o', 'a.png'],
    [...complete, 'b.png', '--mask', 'a.png', '-o', 'a.png'],
  ]) {
    const { code, stderr } = await folder.run(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /the output \S+ is one of the inputs\. Choose another name\.\n$/);
  }
  assert.deepEqual(readFileSync(folder.at('a.png')), before);
});
