import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { encodeJpegFile, parseFile } from '#pixrnn/codec/container.js';
import { sha256Text } from '#pixrnn/codec/check.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { stripJpegMetadata } from '#pixrnn/jpeg/strip-metadata.js';
import { blobs } from '../../fixtures/draw.js';
import { arithmeticFile, cameraFile } from '../codec/jpeg-files.js';
import { Folder, jsonEvents, jsonLines } from './pixrnn.js';

const CAMERA = await cameraFile();
const OTHER = await cameraFile(40, 24, 2);
const FAST = ['--effort', '1', '--no-verify', '--threads', '1'];

/** Returns a folder with CAMERA as in/a.jpg and its compressed file out/a.prnn. */
async function compressed(context: TestContext): Promise<Folder> {
  const folder = new Folder(context);
  mkdirSync(folder.at('in'));
  folder.put('in/a.jpg', CAMERA);
  const run = await folder.run(['compress', '-rq', 'in', '--out-dir', 'out', ...FAST]);
  assert.equal(run.code, 0, run.stderr);
  return folder;
}

/** Asserts that two files are the same. */
function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assert.equal(Buffer.compare(actual, expected), 0);
}

test('JPEG files come back with their names, extensions and times', async (context) => {
  const folder = new Folder(context);
  const files: Record<string, Uint8Array> = {
    'a.jpg': CAMERA,
    'b.jpeg': OTHER,
    'LOUD.JPG': Buffer.concat([CAMERA, Buffer.from('after the end')]),
    'cut.jpg': CAMERA.subarray(0, -100),
    'arithmetic.jpg': arithmeticFile(CAMERA),
  };
  const names = Object.keys(files);
  for (const [name, bytes] of Object.entries(files)) folder.put(name, bytes);
  names.forEach((name, i) => utimesSync(folder.at(name), 1e9 + i, 1e9 + i));
  const run = await folder.run(['compress', '--effort', '1', '--jobs', '1', ...names]);
  assert.equal(run.code, 0, run.stderr);
  const line =
    /^a\.jpg -> a\.prnn {2}40 x 24 {2}[\d,]+ bytes \(\d+ % of the JPEG\), verified; restores the file byte for byte$/m;
  assert.match(run.stderr, line);
  assert.match(run.stderr, /^arithmetic\.jpg -> .*; stored as it is: .*arithmetic/m);
  for (const name of names) rmSync(folder.at(name));
  const back = await folder.run(['decompress', '--jobs', '1', ...names.map((name) => name.replace(/\..*/, '.prnn'))]);
  assert.equal(back.code, 0, back.stderr);
  assert.match(back.stderr, /^a\.prnn -> a\.jpg {2}40 x 24 JPEG {2}[\d,]+ bytes, the file itself, SHA-256 matches$/m);
  names.forEach((name, i) => {
    assertSame(readFileSync(folder.at(name)), files[name]!);
    assert.equal(statSync(folder.at(name)).mtimeMs, 1e12 + 1000 * i, name);
  });
});

test('JPEG files pass from standard input to standard output', async (context) => {
  const folder = new Folder(context);
  const packed = await folder.run(['compress', '-', ...FAST], { input: CAMERA });
  assert.equal(packed.code, 0, packed.stderr);
  assert.match(
    packed.stderr,
    /^standard input -> standard output .*, not verified; restores the file byte for byte\n$/,
  );
  const back = await folder.run(['decompress', '-'], { input: packed.stdout });
  assertSame(back.stdout, CAMERA);
  assert.deepEqual(folder.list(), []);
});

test('a mixed folder is compressed and comes back', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  folder.put('in/a.jpg', CAMERA);
  folder.put('in/deep/b.JPEG', OTHER);
  folder.put('in/deep/c.png', blobs({ width: 9, height: 7 }));
  folder.put('in/notes.jpg', Buffer.from('a text, not an image'));
  const compress = ['compress', '-r', 'in', '--out-dir', 'out', '--manifest', 'SUMS', '--json', ...FAST];
  const run = await folder.run(compress);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /in\/notes\.jpg: it is not an image file of a known format/);
  const results = jsonLines(run.stdout).filter(({ event, status }) => event === 'file' && status === 'done');
  assert.deepEqual(results.map(({ file }) => file).sort(), ['in/a.jpg', 'in/deep/b.JPEG', 'in/deep/c.png']);
  const summary = jsonEvents(run.stdout).find(({ event }) => event === 'summary');
  assert.deepEqual([summary?.['done'], summary?.['failed']], [3, 1]);

  rmSync(folder.at('in/notes.jpg'));
  const verify = (...args: string[]) => folder.run(['verify', '-r', 'out', '--jobs', '1', ...args]);
  const sums = await verify('--manifest', 'SUMS');
  assert.equal(sums.code, 0, sums.stderr);
  const against = await verify('--against', 'in');
  assert.equal(against.code, 0, against.stderr);
  assert.match(against.stderr, /^out\/a\.prnn {2}40 x 24 JPEG {2}.*; identical to in\/a\.jpg$/m);

  const back = await folder.run(['decompress', '-rq', 'out', '--out-dir', 'back']);
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(folder.contents('back'), folder.contents('in'));
});

test('verify detects damaged JPEG containers and changed originals', async (context) => {
  const folder = await compressed(context);
  const path = folder.at('out/a.prnn');
  const bytes = readFileSync(path);
  const verify = (...args: string[]) => folder.run(['verify', 'out/a.prnn', ...args]);
  const structure = await verify();
  assert.equal(structure.code, 0, structure.stderr);
  assert.match(structure.stderr, /^out\/a\.prnn {2}40 x 24 JPEG {2}[\d,]+ bytes; structure valid, not decoded\n$/);
  assert.match((await verify('--full')).stderr, /; restores the file itself, SHA-256 matches\n$/);

  folder.put('in/a.jpg', OTHER);
  const other = await verify('--against', 'in/a.jpg');
  assert.equal(other.code, 4);
  assert.match(other.stderr, /it does not match in\/a\.jpg: its bytes differ\./);
  folder.put('SUMS', Buffer.from(`${sha256Text(OTHER)}  a.jpg\n`));
  assert.equal((await verify('--manifest', 'SUMS')).code, 4);

  const file = parseFile(bytes);
  assert.ok('record' in file);
  // One byte in the record, in the coefficients, and in the hash.
  const places = [bytes.indexOf(file.record) + 9, bytes.indexOf(file.coefficients[0]!) + 9, bytes.length - 9];
  for (const at of places) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 4;
    folder.put('out/a.prnn', changed);
    assert.equal((await folder.run(['decompress', 'out/a.prnn', '-o', 'x.jpg'])).code, 4, `byte ${at}`);
    assert.equal((await verify('--full')).code, 4, `byte ${at}`);
  }
  const swapped = [file.coefficients[0]!.map((byte, i) => (i === 9 ? byte ^ 4 : byte))];
  folder.put('out/a.prnn', encodeJpegFile({ ...file, coefficients: swapped }));
  assert.equal((await verify()).code, 0, 'the structure is valid');
  assert.equal((await folder.run(['decompress', 'out/a.prnn', '-o', 'x.jpg'])).code, 4);
  assert.ok(!folder.list().includes('x.jpg'));
});

test('info describes JPEG files', async (context) => {
  const folder = await compressed(context);
  const { stdout } = await folder.run(['info', 'out/a.prnn']);
  const rows = Object.fromEntries(
    stdout
      .toString()
      .split('\n')
      .slice(1)
      .map((line) => [line.slice(2, 16).trim(), line.slice(16)]),
  );
  assert.equal(rows['image'], '40 x 24 JPEG, baseline, YCbCr 4:2:0, 8 bits per sample');
  assert.match(rows['quality'] ?? '', /^80 on the scale of libjpeg/);
  assert.equal(rows['camera'], 'Canon EOS 30D');
  assert.equal(rows['effort'], '1');
  assert.equal(rows['gives back'], `the file itself, .jpg (SHA-256 ${sha256Text(CAMERA)})`);
  const [info] = jsonLines((await folder.run(['info', 'out/a.prnn', '--json'])).stdout);
  const jpeg = info?.['jpeg'] as Record<string, unknown>;
  assert.deepEqual([jpeg['process'], jpeg['sampling'], jpeg['colours']], ['baseline', '4:2:0', 'YCbCr']);
  folder.put('stored.jpg', arithmeticFile(CAMERA));
  await folder.run(['compress', 'stored.jpg', ...FAST]);
  assert.match((await folder.run(['info', 'stored.prnn'])).stdout.toString(), /40 x 24 JPEG, stored as it is/);
});

test('--json of compress and decompress has the facts of a JPEG file', async (context) => {
  const folder = new Folder(context);
  folder.put('a.jpeg', CAMERA);
  const [result] = jsonLines((await folder.run(['compress', 'a.jpeg', '--json', ...FAST])).stdout);
  const bytes = readFileSync(folder.at('a.prnn')).length;
  const { coefficientBytes, recordBytes, seconds, ...rest } = result!;
  assert.ok((coefficientBytes as number) + (recordBytes as number) < bytes);
  assert.ok((seconds as number) > 0);
  assert.deepEqual(rest, {
    ...{ event: 'file', status: 'done', file: 'a.jpeg', output: 'a.prnn', format: 'JPEG', width: 40, height: 24 },
    ...{
      effort: 1,
      sourceDigest: sha256Text(CAMERA),
      storedBecause: null,
      previewBytes: 0,
      parityBytes: 0,
      sourceBytes: CAMERA.length,
      bytes,
    },
    ...{ warnings: [], restores: 'file', verified: false, sourceDeleted: false },
  });
  const [back] = jsonLines((await folder.run(['decompress', 'a.prnn', '--json', '-f'])).stdout);
  assert.deepEqual([back?.['output'], back?.['format'], back?.['bytes']], ['a.jpeg', 'source', CAMERA.length]);
});

test('decompress writes the pixels of a JPEG file in other formats', async (context) => {
  const folder = await compressed(context);
  const { raster } = await readImage(CAMERA, { allowLossySource: true });
  for (const args of [
    ['-o', 'x.png'],
    ['--format', 'png', '--out-dir', '.'],
  ]) {
    const run = await folder.run(['decompress', 'out/a.prnn', ...args]);
    assert.equal(run.code, 0, run.stderr);
  }
  for (const name of ['x.png', 'a.png'])
    assert.deepEqual((await readImage(readFileSync(folder.at(name)))).raster.samples, raster.samples);
});

test('--pixels of a JPEG file needs --allow-lossy-source, which alone has no effect', async (context) => {
  const folder = new Folder(context);
  folder.put('a.jpg', CAMERA);
  const compress = (output: string, ...args: string[]) =>
    folder.run(['compress', 'a.jpg', '-o', output, ...FAST, ...args]);
  const refused = await compress('a.prnn', '--pixels');
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /compressed with loss.* --allow-lossy-source\.\n$/);
  assert.deepEqual(folder.list(), ['a.jpg']);

  assert.equal((await compress('a.prnn')).code, 0);
  assert.equal((await compress('same.prnn', '--allow-lossy-source')).code, 0);
  assertSame(readFileSync(folder.at('same.prnn')), readFileSync(folder.at('a.prnn')));

  const pixels = await compress('pixels.prnn', '--pixels', '--allow-lossy-source', '--json');
  assert.equal(jsonLines(pixels.stdout)[0]?.['restores'], 'pixels', pixels.stderr);
  assert.equal((await folder.run(['decompress', 'pixels.prnn'])).code, 0);
  const { raster } = await readImage(CAMERA, { allowLossySource: true });
  assert.deepEqual((await readImage(readFileSync(folder.at('pixels.png')))).raster.samples, raster.samples);
});

test('--delete-source and --skip-existing know JPEG files', async (context) => {
  const folder = new Folder(context);
  const compress = async (...args: string[]) => {
    const run = await folder.run(['compress', 'a.jpg', '--effort', '1', '--threads', '1', ...args]);
    assert.equal(run.code, 0, run.stderr);
    return run;
  };
  folder.put('a.jpg', CAMERA);
  await compress();
  assert.match((await compress('--skip-existing')).stderr, /^a\.jpg -> a\.prnn {2}up to date$/m);
  folder.put('a.jpg', OTHER);
  assert.match((await compress('--skip-existing')).stderr, /replacing a\.prnn: it restores another file/);
  folder.put('a.jpg', OTHER);
  assert.match((await compress('--skip-existing', '--delete-source')).stderr, /^a\.jpg -> a\.prnn {2}up to date/m);
  assert.deepEqual(folder.list(), ['a.prnn']);
  assert.equal((await folder.run(['decompress', 'a.prnn', '--delete-source'])).code, 0);
  assert.deepEqual(folder.list(), ['a.jpg']);
  assertSame(readFileSync(folder.at('a.jpg')), OTHER);
  assert.match((await compress('--delete-source')).stderr, /; source deleted; restores the file byte for byte/);
  assert.deepEqual(folder.list(), ['a.prnn']);
});

test('--strip-metadata removes the metadata of JPEG files, and says so', async (context) => {
  const folder = new Folder(context);
  const [trailer, stripped] = [Buffer.from('a trailer'), stripJpegMetadata(CAMERA)];
  folder.put('a.jpg', Buffer.concat([CAMERA, trailer]));
  folder.put('stripped.jpg', stripped);
  const compress = (...args: string[]) => folder.run(['compress', '--strip-metadata', ...FAST, ...args]);
  const run = await compress('a.jpg');
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /not verified; metadata removed: the restored file differs from the source\n$/);
  assert.match((await compress('a.jpg', '--skip-existing')).stderr, /up to date/);
  assert.match((await compress('stripped.jpg')).stderr, /; restores the file byte for byte\n$/);
  const [result] = jsonLines((await compress('a.jpg', '-f', '--json')).stdout);
  assert.deepEqual(result?.['warnings'], ['metadata removed: the restored file differs from the source']);
  assert.equal(result?.['sourceDigest'], sha256Text(stripped));

  const against = (...args: string[]) => folder.run(['verify', 'a.prnn', '--against', 'a.jpg', ...args]);
  assert.equal((await against()).code, 4);
  assert.match((await against('--strip-metadata')).stderr, /; identical to a\.jpg without its metadata\n$/);
  assert.equal((await folder.run(['decompress', 'a.prnn', '-f'])).code, 0);
  assertSame(readFileSync(folder.at('a.jpg')), stripped);

  folder.put('a.jpg', CAMERA);
  for (const option of [['--manifest', 'SUMS'], ['--exact'], ['--delete-source']]) {
    const args = ['compress', 'a.jpg', '--strip-metadata', '-f', ...option];
    const refused = await folder.run(args);
    assert.deepEqual([refused.code, /--strip-metadata/.test(refused.stderr)], [2, true], refused.stderr);
  }
  assert.deepEqual(folder.list(), ['a.jpg', 'a.prnn', 'stripped.jpg', 'stripped.prnn']);
});

test('report lists JPEG files by their coefficients, apart from images', async (context) => {
  const folder = new Folder(context);
  folder.put('a.jpg', CAMERA);
  folder.put('b.jpg', arithmeticFile(CAMERA));
  folder.put('c.png', blobs({ width: 20, height: 16 }));
  const report = (...args: string[]) => folder.run(['report', '--effort', '1', '--threads', '1', ...args]);
  const run = await report('a.jpg', 'b.jpg', 'c.png');
  assert.equal(run.code, 0, run.stderr);
  const table = run.stdout.toString();
  assert.match(table, /^20 x 16 .* c\.png$/m);
  assert.match(table, /^40 x 24 JPEG +[\d,]+ +[\d,]+ +0\.\d{4} .* Y \d+ %, Cb \d+ %, Cr \d+ % +a\.jpg$/m);
  assert.match(table, /^40 x 24 JPEG .* 1\.\d{4} .* b\.jpg \(stored\)$/m);
  assert.match(table, / total of 2$/m);
  await folder.run(['compress', 'a.jpg', ...FAST]);
  const [figures] = jsonLines((await report('a.jpg', '--json')).stdout);
  const prnnBytes = readFileSync(folder.at('a.prnn')).length;
  assert.deepEqual([figures?.['format'], figures?.['prnnBytes']], ['JPEG', prnnBytes]);
  assert.equal(figures?.['ratio'], prnnBytes / CAMERA.length);
  assert.deepEqual((figures?.['bitsPerPixel'] as { file: number }).file, (8 * prnnBytes) / (40 * 24));
  const { bits, components } = figures?.['coefficients'] as { bits: number; components: { name: string }[] };
  assert.ok(Math.abs(bits - 8 * (figures?.['coefficientBytes'] as number)) <= 8);
  assert.deepEqual(
    components.map(({ name }) => name),
    ['Y', 'Cb', 'Cr'],
  );
  const lines = jsonLines((await report('a.jpg', 'c.png', 'b.jpg', '--json')).stdout);
  assert.deepEqual(
    lines.map((line) => line['format'] ?? Object.keys(line)[0]),
    ['JPEG', 'PNG', 'JPEG', 'jpegTotal'],
  );

  const refused = await report('a.jpg', '--check-coder');
  assert.deepEqual([refused.code, /--check-coder codes samples.*--allow-lossy-source/.test(refused.stderr)], [3, true]);
  const pixels = await report('a.jpg', '--csv', 'r.csv', '--allow-lossy-source');
  assert.equal(pixels.code, 0, pixels.stderr);
  assert.match(readFileSync(folder.at('r.csv'), 'utf8'), /\r\na\.jpg,JPEG,40,24,3,8,/);
});
