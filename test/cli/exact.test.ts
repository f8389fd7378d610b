import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { FORMAT_VERSION } from '#pixrnn/codec/container.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { sameSamples } from '#pixrnn/samples.js';
import { blobs, flat, generator, noise } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { pakoPng } from '../recipe/pako-png.js';
import { Folder, jsonLines } from './pixrnn.js';

// Results that restore their source byte for byte.

const FAST = ['--effort', '1'];
const image = blobs({ width: 40, height: 32 });
/** A file that decompressing would not write by chance: its filters are random, its image data in three parts. */
const SOURCE = pakoPng(image, { before: [chunk('tEXt', 'Title\0A drawing')], parts: 3, level: 9 });
/** The same image and metadata in other bytes. */
const REPACKED = pakoPng(image, { before: [chunk('tEXt', 'Title\0A drawing')], parts: 2, level: 1 });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Returns a flat gray TIFF file with a private tag of 3,000 random bytes, which only the source itself can restore. */
function privateTiff(): Buffer {
  const [width, height, bytes] = [64, 48, 3000];
  const tags = [
    [256, width],
    [257, height],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 0], // where the strip is, filled in below
    [277, 1],
    [278, height],
    [279, width * height],
  ] as const;
  const end = 8 + 2 + 12 * (tags.length + 1) + 4;
  const file = Buffer.alloc(end + bytes + width * height, 77);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length + 1, 8);
  const field = (i: number, tag: number, type: number, count: number, value: number): void => {
    file.writeUInt16LE(tag, 10 + 12 * i);
    file.writeUInt16LE(type, 12 + 12 * i);
    file.writeUInt32LE(count, 14 + 12 * i);
    file.writeUInt32LE(value, 18 + 12 * i);
  };
  for (const [i, [tag, value]] of tags.entries()) field(i, tag, 4, 1, tag === 273 ? end + bytes : value);
  field(tags.length, 65000, 7, bytes, end);
  file.writeUInt32LE(0, end - 4);
  const random = generator(5);
  for (let i = 0; i < bytes; i++) file[end + i] = 256 * random();
  return file;
}

/** A folder with a.png. */
function folderOf(context: TestContext): Folder {
  const folder = new Folder(context);
  folder.put('a.png', SOURCE);
  return folder;
}

/** Runs a command that must succeed. */
async function succeed(folder: Folder, ...args: string[]) {
  const run = await folder.run(args);
  assert.equal(run.code, 0, run.stderr);
  return run;
}

test('files of any format come back under their names, byte for byte', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  const files: Record<string, Uint8Array> = {
    'LOUD.PNG': pakoPng(blobs({ width: 30, height: 20 }), { interlaced: true }),
    'a.png': SOURCE,
    'animation.apng': pakoPng(flat({ width: 8, height: 8 })),
    'b.ppm': Buffer.concat([Buffer.from('P6\n# noise\n9 7\n255\n'), noise({ width: 9, height: 7 }).samples]),
    'b.pgm': Buffer.concat([Buffer.from('P5 9 7 255\n'), noise({ width: 9, height: 7, channels: 1 }).samples]),
    'deep/misnamed.gif': pakoPng(image),
    'trailing.png': pakoPng(image, { trailing: Buffer.from('and so on') }),
  };
  for (const [name, bytes] of Object.entries(files)) folder.put(`in/${name}`, bytes);
  const run = await succeed(folder, 'compress', '-r', 'in', '--out-dir', 'out', '--json', ...FAST);
  for (const { file, restores } of jsonLines(run.stdout)) assert.equal(restores, 'file', String(file));
  await succeed(folder, 'decompress', '-rq', 'out', '--out-dir', 'back');
  assert.deepEqual(folder.contents('back'), folder.contents('in'));
  await succeed(folder, 'verify', '-rq', 'out', '--against', 'in');
});

test('an output name with the extension of the source gives the source, any other one the image', async (context) => {
  const folder = folderOf(context);
  await succeed(folder, 'compress', 'a.png', ...FAST);
  const decompressed = async (name: string, ...more: string[]) => {
    const { stderr } = await succeed(folder, 'decompress', 'a.prnn', '-o', name, ...more);
    return { bytes: readFileSync(folder.at(name)), stderr };
  };
  for (const [name, ...more] of [['b.png'], ['LOUD.PNG'], ['b.apng'], ['c.png', '--format', 'png']] as const) {
    const { bytes, stderr } = await decompressed(name, ...more);
    assert.ok(bytes.equals(SOURCE), name);
    assert.match(stderr, /, the file itself, SHA-256 matches\n$/);
  }
  for (const name of ['b.tif', 'b.ppm', 'b.webp']) {
    const { bytes, stderr } = await decompressed(name);
    const { raster } = await readImage(bytes);
    assert.ok(sameSamples(raster.samples, image.samples), name);
    assert.match(stderr, /, checksum matches/);
  }
  assert.ok((await decompressed('b.raw')).bytes.equals(image.samples));
  await succeed(folder, 'decompress', 'a.prnn', '--format', 'tiff');
  assert.ok(existsSync(folder.at('a.tif')));
  const clash = await folder.run(['decompress', 'a.prnn', '--format', 'tiff', '-o', 'd.png']);
  assert.deepEqual([clash.code, existsSync(folder.at('d.png'))], [2, false]);
});

test('--pixels restores samples and metadata in a new file', async (context) => {
  const folder = folderOf(context);
  const run = await succeed(folder, 'compress', 'a.png', '--pixels', ...FAST);
  assert.doesNotMatch(run.stderr, /restores the file/);
  const { stderr } = await succeed(folder, 'decompress', 'a.prnn', '-o', 'b.png');
  assert.match(stderr, /, checksum matches\n$/);
  const back = readFileSync(folder.at('b.png'));
  assert.ok(!back.equals(SOURCE));
  const [read, original] = [await readImage(back), await readImage(SOURCE)];
  assert.deepEqual([read.raster, read.metadata], [original.raster, original.metadata]);
  const both = await folder.run(['compress', 'a.png', '--pixels', '--exact']);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--exact|--pixels/);
});

test('--exact restores the file at any cost, and says by default what it would cost', async (context) => {
  const folder = new Folder(context);
  const source = privateTiff();
  folder.put('a.tif', source);
  const [plain] = jsonLines((await succeed(folder, 'compress', 'a.tif', '--json', ...FAST)).stdout);
  assert.equal(plain?.['restores'], 'pixels');
  assert.ok((plain['bytes'] as number) < 3000);
  assert.match(String(plain['warnings']), /65000/);
  const run = await succeed(folder, 'compress', 'a.tif', '--exact', '-o', 'exact.prnn', '--json', ...FAST);
  const [exact] = jsonLines(run.stdout);
  assert.deepEqual([exact?.['restores'], exact?.['warnings']], ['file', []]);
  await succeed(folder, 'decompress', 'exact.prnn');
  assert.deepEqual(readFileSync(folder.at('exact.tif')), source);
});

test('--exact is refused where the bytes cannot be restored', async (context) => {
  const folder = folderOf(context);
  const { code, stderr } = await folder.run(['compress', 'a.png', '--exact', '--strip-metadata', ...FAST]);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /its bytes cannot be restored: .* loses its metadata\. Compress it without asking for its exact bytes/,
  );
  assert.deepEqual(folder.list(), ['a.png']);
});

test('standard input has no name, and comes back on standard output', async (context) => {
  const folder = new Folder(context);
  const compressed = await folder.run(['compress', '-', ...FAST], { input: SOURCE });
  assert.equal(compressed.code, 0, compressed.stderr);
  const back = await folder.run(['decompress', '-'], { input: compressed.stdout });
  assert.ok(back.stdout.equals(SOURCE));
  const pnm = await folder.run(['decompress', '-', '--format', 'pnm'], { input: compressed.stdout });
  assert.deepEqual((await readImage(pnm.stdout)).raster, image);
  folder.put('piped.prnn', compressed.stdout);
  await succeed(folder, 'decompress', 'piped.prnn');
  assert.ok(readFileSync(folder.at('piped.png')).equals(SOURCE));
  const pgm = Buffer.from('P2 2 1 255\n7 8\n');
  const small = await folder.run(['compress', '-', '-o', 'small.prnn', '--exact'], { input: pgm });
  assert.equal(small.code, 0, small.stderr);
  await succeed(folder, 'decompress', 'small.prnn');
  assert.deepEqual(readFileSync(folder.at('small.pgm')), pgm);
});

test('--delete-source deletes a source only if its bytes come back, or with --pixels', async (context) => {
  const folder = folderOf(context);
  const run = await succeed(folder, 'compress', 'a.png', '--delete-source', ...FAST);
  assert.match(run.stderr, /, verified; source deleted; restores the file byte for byte\n$/);
  assert.deepEqual(folder.list(), ['a.prnn']);
  await succeed(folder, 'decompress', 'a.prnn', '--delete-source');
  assert.deepEqual(folder.list(), ['a.png']);
  assert.ok(readFileSync(folder.at('a.png')).equals(SOURCE));

  folder.put('b.tif', privateTiff());
  const kept = await folder.run(['compress', 'b.tif', '--delete-source', ...FAST]);
  assert.equal(kept.code, 6, kept.stderr);
  assert.match(kept.stderr, /the result restores samples and metadata, not the file itself: the source is kept\. /);
  assert.ok(existsSync(folder.at('b.tif')));
  const lossy = await folder.run(['compress', 'b.tif', '--delete-source', '--pixels', '--force', ...FAST]);
  assert.deepEqual([lossy.code, existsSync(folder.at('b.tif'))], [3, true], lossy.stderr);
  await succeed(folder, 'compress', 'b.tif', '--delete-source', '--exact', '--force', ...FAST);
  assert.ok(!existsSync(folder.at('b.tif')));
  await succeed(folder, 'decompress', 'b.prnn');
  assert.deepEqual(readFileSync(folder.at('b.tif')), privateTiff());

  await succeed(folder, 'compress', 'a.png', '--delete-source', '--pixels', ...FAST);
  assert.ok(!existsSync(folder.at('a.png')));
});

test('info says what comes back', async (context) => {
  const folder = folderOf(context);
  await succeed(folder, 'compress', 'a.png', '-o', 'exact.prnn', ...FAST);
  await succeed(folder, 'compress', 'a.png', '-o', 'pixels.prnn', '--pixels', ...FAST);
  const info = async (name: string) => (await succeed(folder, 'info', name)).stdout.toString();
  const exact = await info('exact.prnn');
  assert.match(exact, new RegExp(`^  gives back +the file itself, \\.png \\(SHA-256 ${sha256(SOURCE)}\\)$`, 'm'));
  assert.match(exact, /^ {2}recipe +\d+ bytes$/m);
  assert.match(exact, new RegExp(`^ {2}version +${FORMAT_VERSION}$`, 'm'));
  const pixels = await info('pixels.prnn');
  assert.match(pixels, /^ {2}gives back +samples and metadata, in a new file/m);
  assert.doesNotMatch(pixels, /recipe/);
});

test('--json has what comes back and what it costs', async (context) => {
  const folder = folderOf(context);
  const [exact] = jsonLines((await succeed(folder, 'compress', 'a.png', '--json', ...FAST)).stdout);
  const digest = sha256(SOURCE);
  assert.deepEqual([exact?.['restores'], exact?.['sourceDigest'], exact?.['exactBytes']], ['file', digest, null]);
  const sizes = (result: Record<string, unknown>, ...names: string[]) => names.map((name) => result[name] as number);
  const parts = ['codedBytes', 'metadataBytes', 'recipeBytes', 'overheadBytes'];
  assert.equal(
    sizes(exact!, ...parts).reduce((sum, bytes) => sum + bytes),
    exact?.['bytes'],
  );
  const [info] = jsonLines((await succeed(folder, 'info', 'a.prnn', '--json')).stdout);
  assert.deepEqual(sizes(info!, ...parts), sizes(exact!, ...parts));
  const { restores, extension, sourceDigest, version } = info!;
  assert.deepEqual([restores, extension, sourceDigest, version], ['file', '.png', digest, FORMAT_VERSION]);
  const [back] = jsonLines((await succeed(folder, 'decompress', 'a.prnn', '--force', '--json')).stdout);
  assert.deepEqual([back?.['output'], back?.['format'], back?.['sourceDigest']], ['a.png', 'source', digest]);
  const [checked] = jsonLines((await succeed(folder, 'verify', 'a.prnn', '--full', '--json')).stdout);
  assert.deepEqual([checked?.['restores'], checked?.['sourceDigest']], ['file', digest]);

  const run = await succeed(folder, 'compress', 'a.png', '--force', '--pixels', '--json', ...FAST);
  const [pixels] = jsonLines(run.stdout);
  assert.deepEqual(
    [pixels?.['restores'], pixels?.['sourceDigest'], pixels?.['recipeBytes'], pixels?.['exactBytes']],
    ['pixels', null, 0, null],
  );
  assert.equal((exact?.['bytes'] as number) - (exact?.['recipeBytes'] as number), pixels?.['bytes']);
});

test('a source that costs too much is restored in pixels, with the price', async (context) => {
  const folder = new Folder(context);
  // An animation: its other frames are in no metadata.
  const random = generator(3);
  const frame = chunk(
    'fdAT',
    Uint8Array.from({ length: 2000 }, () => 256 * random()),
  );
  const control = chunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0));
  folder.put('a.png', pakoPng(flat({ width: 100, height: 80 }), { level: 1, before: [control], after: [frame] }));
  const args = ['compress', 'a.png', '--first-frame', '--force', ...FAST];
  const run = await succeed(folder, ...args);
  const price = /restoring the file itself would need ([\d,]+) bytes more \([\d.]+ %\): --exact/.exec(run.stderr);
  assert.ok(price, run.stderr);
  const more = Number(price[1]!.replaceAll(',', ''));
  assert.ok(more > 2000 && more < 2300, `${more} bytes`);
  const [plain] = jsonLines((await succeed(folder, ...args, '--json')).stdout);
  const [exact] = jsonLines((await succeed(folder, ...args, '--json', '--exact')).stdout);
  assert.equal(plain?.['exactBytes'], (plain?.['bytes'] as number) + more);
  assert.deepEqual([exact?.['restores'], exact?.['bytes']], ['file', plain?.['exactBytes']]);
});

test('--skip-existing compares the SHA-256 of the source', async (context) => {
  const folder = folderOf(context);
  const compress = async (...more: string[]) => {
    const run = await succeed(folder, 'compress', 'a.png', '--skip-existing', '--json', ...FAST, ...more);
    return { status: jsonLines(run.stdout)[0]?.['status'], stderr: run.stderr };
  };
  assert.equal((await compress()).status, 'done');
  for (const option of [[], ['--exact'], ['--pixels']]) {
    assert.deepEqual(await compress(...option), { status: 'skipped', stderr: '' });
  }
  // The same image in other bytes.
  folder.put('a.png', REPACKED);
  assert.equal((await compress('--pixels')).status, 'skipped');
  const again = await compress();
  assert.equal(again.status, 'done');
  assert.match(again.stderr, /replacing a\.prnn: it restores another file\./);
  await succeed(folder, 'decompress', 'a.prnn', '--force');
  assert.ok(readFileSync(folder.at('a.png')).equals(REPACKED));

  await succeed(folder, 'compress', 'a.png', '--pixels', '--force', ...FAST);
  assert.equal((await compress()).status, 'skipped');
  const exact = await compress('--exact');
  assert.equal(exact.status, 'done');
  assert.match(exact.stderr, /replacing a\.prnn: it does not restore the bytes of the file\./);
});

test('--skip-existing of decompress compares all bytes of the existing file', async (context) => {
  const folder = folderOf(context);
  await succeed(folder, 'compress', 'a.png', ...FAST);
  const decompress = async (...more: string[]) => {
    const run = await succeed(folder, 'decompress', 'a.prnn', '--skip-existing', '--json', ...more);
    return { status: jsonLines(run.stdout)[0]?.['status'], stderr: run.stderr };
  };
  assert.deepEqual(await decompress(), { status: 'skipped', stderr: '' });
  folder.put('a.png', REPACKED);
  const again = await decompress();
  assert.equal(again.status, 'done');
  assert.match(again.stderr, /replacing a\.png: its contents differ\./);
  assert.ok(readFileSync(folder.at('a.png')).equals(SOURCE));
});

test('a plan names the output of the source', async (context) => {
  const folder = folderOf(context);
  await succeed(folder, 'compress', 'a.png', '-o', 'b.prnn', ...FAST);
  const plan = async (...more: string[]) =>
    (await succeed(folder, 'decompress', 'b.prnn', '--dry-run', ...more)).stdout.toString();
  assert.match(await plan(), /^b\.prnn -> b\.png /);
  assert.match(await plan('--format', 'tiff'), /^b\.prnn -> b\.tif /);
});

test('verify compares all bytes with the original', async (context) => {
  const folder = folderOf(context);
  folder.put('repacked.png', REPACKED);
  folder.put('other.png', pngOf(flat({ width: 40, height: 32 })));
  await succeed(folder, 'compress', 'a.png', ...FAST);
  const full = await succeed(folder, 'verify', 'a.prnn', '--full');
  assert.match(full.stderr + full.stdout.toString(), /restores the file itself, SHA-256 matches/);
  await succeed(folder, 'verify', 'a.prnn', '--against', 'a.png');
  for (const name of ['repacked.png', 'other.png']) {
    const { code, stderr } = await folder.run(['verify', 'a.prnn', '--against', name]);
    assert.notEqual(code, 0, name);
    assert.match(stderr, /it does not match \S+: its bytes differ\./);
  }
  await succeed(folder, 'compress', 'a.png', '--pixels', '--force', ...FAST);
  await succeed(folder, 'verify', 'a.prnn', '--against', 'repacked.png');
});
