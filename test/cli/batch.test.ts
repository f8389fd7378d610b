import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { readImage } from '#pixrnn/image/read-image.js';
import { slashed } from '#pixrnn/node/path-text.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { Folder, jsonEvents, jsonLines } from './pixrnn.js';
import { LINE_BREAK, makeFifo, makeLink, shown } from '../platform.js';

const FAST = ['--effort', '1', '--no-verify'];
const drawing = (seed: number) => blobs({ width: 24 + seed, height: 16 }, seed);

const ODD = `deep/er/two words${LINE_BREAK}Größe 写真`;

/** A folder `in` with images in three folders. */
function photos(context: TestContext): Folder {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep/er'), { recursive: true });
  for (const [i, name] of ['a.png', 'b.png', 'deep/a.png', `${ODD}.png`].entries()) {
    folder.put(`in/${name}`, drawing(i));
  }
  return folder;
}

test('compresses and decompresses a folder with its hierarchy; two jobs write the same bytes as one', async (context) => {
  const folder = photos(context);
  const one = await folder.run(['compress', '-r', 'in', '--out-dir', 'one', '--jobs', '1', '--effort', '1']);
  assert.equal(one.code, 0, one.stderr);
  assert.match(
    one.stderr,
    /\n4 files: 4 compressed; [\d,]+ bytes of [\d,]+ bytes \(\d+ %\); 0\.0 megapixels in \d+ s\n$/,
  );
  const two = await folder.run(['compress', '-r', 'in', '--out-dir', 'two', '--jobs', '2', ...FAST]);
  assert.equal(two.code, 0, two.stderr);
  assert.deepEqual(Object.keys(folder.contents('two')), ['a.prnn', 'b.prnn', 'deep/a.prnn', `${ODD}.prnn`]);
  assert.deepEqual(folder.contents('one'), folder.contents('two'));

  assert.equal((await folder.run(['decompress', '-rq', 'one', '--out-dir', 'back'])).code, 0);
  const [source, back] = [folder.contents('in'), folder.contents('back')];
  assert.deepEqual(Object.keys(back), Object.keys(source));
  for (const name of Object.keys(source)) {
    assert.deepEqual((await readImage(back[name]!)).raster, (await readImage(source[name]!)).raster, name);
  }
});

test('one failure does not stop a batch, is printed once, and the exit code is that of the first file that failed', async (context) => {
  const folder = photos(context);
  folder.put('in/0 broken.png', pngOf(drawing(1)).subarray(0, 100));
  mkdirSync(folder.at('in/x.png'));
  const hasLinks = makeLink('nowhere', folder.at('in/gone.png'));
  makeLink('..', folder.at('in/deep/loop'));
  const hasPipe = makeFifo(folder.at('in/pipe.png'));
  const failed = 2 + Number(hasLinks) + Number(hasPipe);
  const run = await folder.run(['compress', '-r', 'in', ...FAST]);
  assert.equal(run.code, 3);
  assert.match(run.stderr, new RegExp(`\n${4 + failed} files: 4 compressed, ${failed} failed; `));
  assert.deepEqual(
    run.stderr
      .split('\n')
      .filter((line) => /broken|gone|pipe|x\.png/.test(line))
      .sort(),
    [
      `pixrnn: ${shown('in/0 broken.png')}: the PNG file is cut off after 100 bytes, after its IHDR chunk. Get the file again.`,
      ...(hasLinks ? ['pixrnn: in/gone.png: it is a symbolic link to a missing file. Check the link.'] : []),
      ...(hasPipe
        ? ['pixrnn: in/pipe.png: it is a pipe, a socket or a device. Process it alone, or use standard input.']
        : []),
      'pixrnn: in/x.png: it is a directory named like a file. Rename it, or name it as an argument.',
    ],
  );
  assert.equal(Object.keys(folder.contents('in')).filter((name) => name.endsWith('.prnn')).length, 4);
});

test('names a file that vanishes during the run', async (context) => {
  const folder = photos(context);
  for (let i = 0; i < 15; i++) folder.put(`in/c${i}.png`, drawing(i % 5));
  const running = folder.spawn(['compress', '-r', 'in', '--jobs', '1', ...FAST], {
    onMessage: () => rmSync(folder.at('in/deep'), { recursive: true, force: true }),
  });
  const { code, stderr } = await running;
  assert.equal(code, 3);
  assert.match(stderr, /\n19 files: 17 compressed, 2 failed; /);
  assert.match(stderr, /^pixrnn: in\/deep\/a\.png: no such file\. Check the name\.\n/m);
});

test('writes colliding outputs under full names, and decompress restores the names of the sources', async (context) => {
  const folder = photos(context);
  folder.put('in/a.pgm', Buffer.from('P2 1 1 255 7\n'));
  const run = await folder.run(['compress', '-r', 'in', '--out-dir', 'out', ...FAST]);
  assert.equal(run.code, 0, run.stderr);
  const names = ['a.pgm.prnn', 'a.png.prnn', 'b.prnn', 'deep/a.prnn', `${ODD}.prnn`];
  assert.deepEqual(Object.keys(folder.contents('out')), names);
  assert.equal((await folder.run(['verify', '-rq', 'out', '--against', 'in'])).code, 0);
  assert.equal((await folder.run(['decompress', '-rq', 'out', '--out-dir', 'back'])).code, 0);
  const [first, second] = Object.keys(folder.contents('back'));
  assert.deepEqual([first, second], ['a.pgm', 'a.png']);
});

test('rejects sources whose full names collide too, and compresses the others', async (context) => {
  const folder = photos(context);
  const run = await folder.run(['compress', 'in/a.png', 'in/b.png', 'in/deep/a.png', '--out-dir', 'out', ...FAST]);
  assert.deepEqual([run.code, Object.keys(folder.contents('out'))], [2, ['b.prnn']], run.stderr);
  assert.match(
    run.stderr,
    /^pixrnn: in\/a\.png: in\/deep\/a\.png would also be written to out\/a\.png\.prnn\. Rename/m,
  );
  assert.match(run.stderr, /^3 files: 1 compressed, 2 failed; /m);
});

test('prints "1 file" for one file of a folder', async (context) => {
  const folder = photos(context);
  const run = await folder.run(['compress', '-r', 'in/deep/er', ...FAST]);
  assert.match(run.stderr, /\n1 file: 1 compressed; /);
});

test('--skip-existing skips files that are already compressed, compresses the others again, and reports both', async (context) => {
  const folder = photos(context);
  const compress = async (...more: string[]) => {
    const run = await folder.run(['compress', '-r', 'in', '--out-dir', 'out', '--json', ...FAST, ...more]);
    const statuses = jsonLines(run.stdout).map(({ status }) => status);
    return { ...run, done: statuses.filter((status) => status === 'done').length };
  };
  await compress();
  const before = folder.contents('out');
  assert.deepEqual([(await compress()).code, (await compress('--skip-existing')).done], [6, 0]);

  truncateSync(folder.at('out/a.prnn'), 60);
  folder.put('out/b.prnn', Buffer.from('precious'));
  folder.put('in/deep/a.png', pngOf(drawing(2), { before: [chunk('tEXt', 'Title\0Now with a title')] }));
  const again = await compress('--skip-existing');
  assert.deepEqual([again.code, again.done], [0, 3], again.stderr);
  const reasons = again.stderr.trim().split('\n').sort();
  assert.match(reasons[0]!, /^pixrnn: in\/a\.png: replacing out\/a\.prnn: the \.prnn file is cut off.*\.$/);
  assert.match(reasons[1]!, /^pixrnn: in\/b\.png: .*: it is not a \.prnn file/);
  assert.match(reasons[2]!, /^pixrnn: in\/deep\/a\.png: .*: it restores another file\.$/);
  const after = folder.contents('out');
  assert.deepEqual([after['a.prnn'], after['b.prnn']], [before['a.prnn'], before['b.prnn']]);
});

test('--skip-existing compares samples and metadata where a file restores no more', async (context) => {
  const folder = photos(context);
  const compress = (...more: string[]) =>
    folder.run(['compress', '-r', 'in', '--out-dir', 'out', '--json', '--pixels', ...FAST, ...more]);
  await compress();
  folder.put('in/deep/a.png', pngOf(drawing(2), { before: [chunk('tEXt', 'Title\0Now with a title')] }));
  assert.match((await compress('--skip-existing')).stderr, /in\/deep\/a\.png: .*: its metadata differs\.$/m);
  folder.put('in/a.png', drawing(9));
  assert.match(
    (await compress('--skip-existing')).stderr,
    /in\/a\.png: .*: it is 24 x 16 RGB with 8 bits per sample, not 33 x 16/,
  );
  const noisy = { ...drawing(9), samples: noise({ width: 33, height: 16 }).samples };
  folder.put('in/a.png', noisy);
  assert.match((await compress('--skip-existing')).stderr, /in\/a\.png: .*: its samples differ\./);
});

test('--skip-existing of decompress compares the existing image', async (context) => {
  const folder = photos(context);
  await folder.run(['compress', '-rq', 'in', '--out-dir', 'out', '--pixels', ...FAST]);
  const decompress = () => folder.run(['decompress', '-r', 'out', '--out-dir', 'back', '--skip-existing']);
  assert.match((await decompress()).stderr, /\n4 files: 4 decompressed; /);
  folder.put('back/a.png', drawing(3));
  const again = await decompress();
  assert.equal(again.code, 0);
  assert.match(again.stderr, /replacing back\/a\.png: it is 24 x 16 .*\n4 files: 1 decompressed, 3 skipped; /s);
  assert.deepEqual((await readImage(readFileSync(folder.at('back/a.png')))).raster, drawing(0));
});

test('a dry run lists files with their sizes and writes nothing', async (context) => {
  const folder = photos(context);
  await folder.run(['compress', 'in/a.png', '--out-dir', 'out', '-q', ...FAST]);
  const args = ['compress', '-r', 'in', '--out-dir', 'out', '--dry-run', '--skip-existing'];
  const run = await folder.run(args);
  assert.deepEqual([run.code, run.stderr, Object.keys(folder.contents('out'))], [0, '', ['a.prnn']]);
  const lines = slashed(run.stdout.toString()).split('\n');
  assert.match(lines[0]!, /^skip: in\/a\.png -> out\/a\.prnn {2}24 x 16, [\d,]+ bytes$/);
  assert.match(lines[1]!, /^in\/b\.png -> out\/b\.prnn {2}25 x 16, /);
  assert.equal(lines[4], '3 files, 0.0 megapixels to process');
  const events = jsonEvents((await folder.run([...args, '--json'])).stdout);
  assert.deepEqual(
    events.map(({ event, action }) => [event, action]),
    [
      ['plan', 'skip'],
      ['plan', 'make'],
      ['plan', 'make'],
      ['plan', 'make'],
      ['summary', undefined],
    ],
  );
  const refused = await folder.run(['compress', 'in/a.png', '--out-dir', 'out', '--dry-run']);
  assert.deepEqual([refused.code, refused.stdout.toString()], [6, '0 files, 0.0 megapixels to process\n']);
});

test('the shards of a folder add up to the folder', async (context) => {
  const folder = photos(context);
  const shard = (part: string) =>
    folder.run(['compress', '-rq', 'in', '--out-dir', 'out', '--shard', part, '--memory', '2000', ...FAST]);
  assert.equal((await shard('1/2')).code, 0);
  assert.deepEqual(Object.keys(folder.contents('out')), ['a.prnn', 'deep/a.prnn']);
  assert.equal((await shard('2/2')).code, 0, 'no file is written twice');
  assert.equal(Object.keys(folder.contents('out')).length, 4);
});

test('--delete-source deletes a source only after its output was read back', async (context) => {
  const folder = photos(context);
  folder.put('in/b.prnn', Buffer.from('in the way'));
  const run = await folder.run(['compress', '-r', 'in', '--effort', '1', '--delete-source']);
  assert.equal(run.code, 6, run.stderr);
  assert.match(run.stderr, /verified; source deleted; restores the file byte for byte\n/);
  assert.deepEqual(
    Object.keys(folder.contents('in')).filter((name) => name.endsWith('.png')),
    ['b.png'],
  );

  folder.put('in/a.png', drawing(0));
  const skipped = await folder.run(['compress', 'in/a.png', '--skip-existing', '--delete-source', '--effort', '1']);
  assert.match(skipped.stderr, /up to date/);
  assert.equal(existsSync(folder.at('in/a.png')), false);
  const back = await folder.run(['decompress', 'in/a.prnn', '--delete-source']);
  assert.equal(back.code, 0, back.stderr);
  assert.equal(existsSync(folder.at('in/a.prnn')), false);
  assert.deepEqual((await readImage(readFileSync(folder.at('in/a.png')))).raster, drawing(0));
});

test('rejects a file that may exceed --memory, and compresses the others', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', drawing(1));
  folder.put('b.pam', Buffer.from('P7\nWIDTH 20000\nHEIGHT 4000\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n'));
  const run = await folder.run(['compress', 'a.png', 'b.pam', '--threads', '1', '--memory', '600', ...FAST]);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /^pixrnn: b\.pam: it may need \d+ MiB of memory, more than the limit of 600\. .*--memory/m);
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn', 'b.pam']);
});

test('rejects contradictory options with exit code 2', async (context) => {
  const folder = photos(context);
  mkdirSync(folder.at('empty'));
  for (const [args, message] of [
    [['in', '-r', '-o', 'x.prnn'], /--output names one file/],
    [['in/a.png', '-o', 'x.prnn', '--out-dir', 'y'], /--output and --out-dir/],
    [['in/a.png', '--skip-existing', '--force'], /--skip-existing .* --force/],
    [['-', '-o', 'x.prnn', '--skip-existing'], /does not work with standard input/],
    [['in', '-r', '--delete-source', '--no-verify'], /--no-verify/],
    [['in', '-r', '--delete-source', '--shard', '1/2'], /--shard/],
    [['in', '-r', '--shard', '3/2'], /--shard must be/],
    [['in', '-r', '--jobs', '0'], /--jobs must be/],
    [['in', '-r', '--memory', '9', '--threads', '2'], /--memory 9 is less than 2 threads need\. Use at least \d+/],
    [['empty', '-r'], /no supported files found in empty\./],
  ] as const) {
    const run = await folder.run(['compress', ...args]);
    assert.equal(run.code, 2, args.join(' '));
    assert.match(run.stderr, message);
  }
});

test('--json prints the run as events', async (context) => {
  const folder = photos(context);
  mkdirSync(folder.at('in/x.png'));
  const events = jsonEvents((await folder.run(['compress', '-r', 'in', '--jobs', '1', '--json', ...FAST])).stdout);
  assert.deepEqual(
    events.map(({ event }) => event).filter((event) => event !== 'progress'),
    ['start', ...['file', 'file', 'file', 'file'], 'error', 'summary'],
  );
  const [start, summary] = [events[0]!, events.at(-1)!];
  assert.deepEqual([start['files'], start['secondsExpected']], [5, null]);
  assert.deepEqual([summary['done'], summary['skipped'], summary['failed']], [4, 0, 1]);
  const bytes = events.map(({ event, bytes }) => (event === 'file' ? (bytes as number) : 0));
  assert.equal(
    summary['bytes'],
    bytes.reduce((sum, count) => sum + count, 0),
  );
  assert.equal((summary['failures'] as { file: string }[])[0]?.file, 'in/x.png');
});
