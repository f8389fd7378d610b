import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { readImage } from '#pixrnn/image/read-image.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs, cutout, noise, screen } from '../../fixtures/draw.js';
import { chunk, encodePng } from '../../fixtures/png.js';
import { Folder, jsonLines } from './pixrnn.js';

// Every kind of image that a file can hold, through the command line.

const size = { width: 26, height: 18 };
const palette = [chunk('PLTE', Buffer.from(Array.from({ length: 48 }, (_, i) => 5 * i))), chunk('tRNS', '\0\x80')];

test('restores every kind of PNG with its samples, palette and chunks', async (context) => {
  const folder = new Folder(context);
  const kinds: Record<string, Raster> = {
    ...Object.fromEntries(
      ([1, 2, 4, 8, 16] as const).map((depth) => [`gray${depth}`, blobs({ ...size, channels: 1, depth })]),
    ),
    grayAlpha: cutout({ ...size, channels: 2 }),
    grayAlpha16: cutout({ ...size, channels: 2, depth: 16 }),
    rgb16: blobs({ ...size, depth: 16 }),
    rgba: cutout({ ...size, channels: 4 }),
    rgba16: cutout({ ...size, channels: 4, depth: 16 }),
    screen: screen({ ...size, channels: 4 }),
  };
  for (const [name, raster] of Object.entries(kinds)) folder.put(`${name}.png`, await writeImage(raster, [], 'png'));
  const rows = Uint8Array.from({ length: 13 * 18 }, (_, i) => (7 * i) & 0xff);
  folder.put('palette.png', encodePng({ ...size, bitDepth: 4, colourType: 3, rows, before: palette }));
  const names = [...Object.keys(kinds), 'palette'];
  const compressed = await folder.run(['compress', '--effort', '1', ...names.map((name) => `${name}.png`)]);
  assert.equal(compressed.code, 0, compressed.stderr);
  for (const name of names) {
    const back = await folder.run(['decompress', `${name}.prnn`, '-o', 'back.png', '--force']);
    assert.equal(back.code, 0, back.stderr);
    const [file, original] = [readFileSync(folder.at('back.png')), readFileSync(folder.at(`${name}.png`))];
    const [read, expected] = [await readImage(file), await readImage(original)];
    assert.deepEqual([read.raster, read.metadata], [expected.raster, expected.metadata], name);
    // pngjs shares no code with our reader.
    assert.deepEqual(PNG.sync.read(file).data, PNG.sync.read(original).data, name);
  }
  const [info] = jsonLines((await folder.run(['info', 'palette.prnn', '--json'])).stdout);
  assert.deepEqual([info?.['channels'], info?.['depth'], info?.['indexed']], [1, 4, true]);
});

test("reads other formats, and writes the format of the output's extension", async (context) => {
  const folder = new Folder(context);
  const raster = blobs(size);
  const raw = { raw: { ...size, channels: 3 as const } };
  folder.put('a.tif', await sharp(raster.samples, raw).tiff({ compression: 'lzw' }).toBuffer());
  folder.put('b.webp', await sharp(raster.samples, raw).webp({ lossless: true }).toBuffer());
  folder.put('c.ppm', Buffer.concat([Buffer.from('P6\n26 18\n255\n'), raster.samples]));
  const compressed = await folder.run(['compress', 'a.tif', 'b.webp', 'c.ppm', '--effort', '1']);
  assert.equal(compressed.code, 0, compressed.stderr);
  assert.match(compressed.stderr, /^a\.tif -> a\.prnn .* of the TIFF\), verified; restores the file byte for byte$/m);
  for (const name of ['a', 'b', 'c']) {
    for (const ending of ['png', 'tiff', 'webp', 'ppm']) {
      const output = `${name}-back.${ending}`;
      const back = await folder.run(['decompress', `${name}.prnn`, '-o', output]);
      assert.equal(back.code, 0, back.stderr);
      const read = await readImage(readFileSync(folder.at(output)));
      assert.deepEqual(read.raster.samples, raster.samples, output);
    }
  }
});

test('rejects a format that cannot hold the samples, and writes nothing', async (context) => {
  const folder = new Folder(context);
  folder.put('deep.png', await writeImage(blobs({ ...size, depth: 16 }), [], 'png'));
  assert.equal((await folder.run(['compress', 'deep.png', '--effort', '1'])).code, 0);
  const { code, stderr } = await folder.run(['decompress', 'deep.prnn', '-o', 'deep.webp']);
  assert.notEqual(code, 0);
  assert.match(stderr, /WebP.* \S+\.\n$/);
  assert.deepEqual(folder.list(), ['deep.png', 'deep.prnn']);
});

test('reads an AVIF file only with --allow-lossy-source', async (context) => {
  const folder = new Folder(context);
  folder.put(
    'a.avif',
    await sharp(blobs(size).samples, { raw: { ...size, channels: 3 } })
      .avif()
      .toBuffer(),
  );
  const refused = await folder.run(['compress', 'a.avif']);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /--allow-lossy-source/);
  const taken = await folder.run(['compress', 'a.avif', '--allow-lossy-source', '--no-origin', '--effort', '1']);
  assert.equal(taken.code, 0, taken.stderr);
  assert.match(taken.stderr, /of the AVIF\), verified;.* larger than the AVIF\n$/);
  assert.deepEqual(folder.list(), ['a.avif', 'a.prnn']);
});

test('--strip-metadata keeps the image and its palette', async (context) => {
  const folder = new Folder(context);
  const rows = new Uint8Array(13 * 18).fill(0x12);
  const before = [chunk('gAMA', '\0\0\xb1\x8f'), ...palette, chunk('tEXt', 'Title\0A drawing')];
  folder.put('a.png', encodePng({ ...size, bitDepth: 4, colourType: 3, rows, before }));
  const chunksOf = async (...options: string[]): Promise<string> => {
    assert.equal((await folder.run(['compress', 'a.png', '--force', ...options])).code, 0);
    assert.equal((await folder.run(['decompress', 'a.prnn', '-o', 'b.png', '--force'])).code, 0);
    const text = readFileSync(folder.at('b.png')).toString('latin1');
    return ['gAMA', 'PLTE', 'tRNS', 'tEXt'].filter((type) => text.includes(type)).join(' ');
  };
  assert.equal(await chunksOf(), 'gAMA PLTE tRNS tEXt');
  assert.equal(await chunksOf('--strip-metadata'), 'PLTE tRNS');
});

test("keeps the source's time in both directions", async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs(size));
  utimesSync(folder.at('a.png'), 1.1e9, 1.2e9);
  await folder.run(['compress', 'a.png', '--effort', '1']);
  await folder.run(['decompress', 'a.prnn', '-o', 'a.tif']);
  for (const name of ['a.prnn', 'a.tif']) assert.equal(statSync(folder.at(name)).mtimeMs, 1.2e12);
});

test('prints the expected time of a large image before coding it', { timeout: 120_000 }, async (context) => {
  const folder = new Folder(context);
  folder.put('large.png', noise({ width: 2100, height: 2000 }));
  const { code, stderr } = await folder.spawn(['compress', 'large.png'], { killWith: 'SIGTERM', killAt: ', about' });
  assert.equal(code, 143, stderr);
  assert.match(stderr, /^large\.png: 4\.2 megapixels, about \d+ \S+\n$/);
});

test('--format sets the format for directories and for standard output', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  const raster = blobs(size);
  const deep = cutout({ ...size, channels: 4, depth: 16 });
  folder.put('in/a.png', raster);
  folder.put('in/deep/b.png', await writeImage(deep, [], 'png'));
  assert.equal((await folder.run(['compress', '-rq', 'in', '--out-dir', 'small', '-e1'])).code, 0);
  for (const [format, extension] of [
    ['png', 'png'],
    ['tiff', 'tif'],
    ['pnm', 'pnm'],
  ] as const) {
    const run = await folder.run(['decompress', '-rq', 'small', '--out-dir', format, '--format', format]);
    assert.equal(run.code, 0, run.stderr);
    const files = folder.contents(format);
    assert.deepEqual(Object.keys(files), [`a.${extension}`, `deep/b.${extension}`]);
    assert.deepEqual((await readImage(files[`a.${extension}`]!)).raster.samples, raster.samples);
    assert.deepEqual((await readImage(files[`deep/b.${extension}`]!)).raster.samples, deep.samples);
  }
  const webp = await folder.run(['decompress', 'small/a.prnn', '--format', 'webp', '-o', '-']);
  assert.equal((await readImage(webp.stdout)).source.format, 'WebP');

  const raw = await folder.run(['decompress', 'small/a.prnn', '--format', 'raw', '-o', '-']);
  assert.deepEqual(raw.stdout, Buffer.from(raster.samples));
  assert.match(raw.stderr, /; samples only, 1 byte per sample\n$/);
  const wide = await folder.run(['decompress', 'small/deep/b.prnn', '-o', 'b.raw']);
  assert.match(wide.stderr, /; samples only, 2 bytes per sample, big-endian\n$/);
  const bytes = readFileSync(folder.at('b.raw'));
  assert.equal(bytes.length, 2 * deep.samples.length);
  deep.samples.forEach((sample, i) => assert.equal(bytes.readUInt16BE(2 * i), sample));

  for (const [args, message] of [
    [['--format', 'raw', '--delete-source'], /--delete-source compares .* raw samples do not contain all of it/],
    [['--format', 'raw', '--skip-existing'], /--skip-existing compares/],
    [['--format', 'raw', '-o', 'x.png'], /--format raw does not match the extension of x\.png/],
    [['--format', 'tiff', '-o', 'x.webp'], /does not match the extension of x\.webp/],
    [['--format', 'jpeg'], /--format must be png, tiff, webp, pnm or raw/],
  ] as const) {
    const { code, stderr } = await folder.run(['decompress', 'small/a.prnn', ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  assert.equal((await folder.run(['decompress', 'small/a.prnn', '-o', 'data.bin', '--format', 'raw'])).code, 0);
});

test('the extension of a PNM file is that of its kind', async (context) => {
  const folder = new Folder(context);
  const kinds: Record<string, Raster> = {
    pbm: blobs({ ...size, channels: 1, depth: 1 }),
    pgm: blobs({ ...size, channels: 1 }),
    ppm: blobs(size),
    pam: cutout({ ...size, channels: 4 }),
  };
  for (const [kind, raster] of Object.entries(kinds)) folder.put(`${kind}.png`, await writeImage(raster, [], 'png'));
  const rows = Uint8Array.from({ length: 13 * 18 }, (_, i) => (7 * i) & 0xff);
  folder.put('palette.png', encodePng({ ...size, bitDepth: 4, colourType: 3, rows, before: palette })); // with transparency
  assert.equal((await folder.run(['compress', '-qe1', ...folder.list()])).code, 0);
  const right: Record<string, string> = { pbm: 'pbm', pgm: 'pgm', ppm: 'ppm', pam: 'pam', palette: 'pam' };
  for (const [name, extension] of Object.entries(right)) {
    for (const given of ['pbm', 'pgm', 'ppm', 'pam', 'pnm']) {
      const run = await folder.run(['decompress', `${name}.prnn`, '-o', `x.${given}`, '--force']);
      const isRight = given === extension || given === 'pnm';
      assert.equal(run.code, isRight ? 0 : 2, `${name} as ${given}: ${run.stderr}`);
      if (!isRight) assert.match(run.stderr, new RegExp(`Use the extension \\.${extension}, or \\.pnm\\.`));
    }
  }
  const plan = await folder.run(['decompress', 'ppm.prnn', '-o', 'y.pgm', '--dry-run']);
  assert.equal(plan.code, 2);
  assert.match(plan.stderr, /y\.pgm: the image is RGB and needs the format PPM\. /);
});
