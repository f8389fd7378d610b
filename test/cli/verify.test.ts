import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk, pngOf } from '../../fixtures/png.js';
import { RGB, sampleContainer } from '../codec/samples.js';
import { Folder, jsonEvents } from './pixrnn.js';

const image = blobs({ width: 40, height: 24 });
const TITLE = { before: [chunk('tEXt', 'Title\0A drawing')] };

/** Writes images to `in` and their compressed files to `out`. */
async function compressed(context: TestContext, ...more: string[]): Promise<Folder> {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  folder.put('in/a.png', pngOf(image, TITLE));
  folder.put('in/deep/b.png', blobs({ width: 17, height: 9 }, 2));
  const run = await folder.run(['compress', '-rq', 'in', '--out-dir', 'out', '--effort', '1', '--no-verify', ...more]);
  assert.equal(run.code, 0, run.stderr);
  return folder;
}

/** Returns a well-formed file whose digest is not that of its samples. */
function withOtherDigest(bytes: Buffer): Uint8Array {
  const container = decodeContainer(bytes);
  return encodeContainer({ ...container, digest: Uint8Array.from(container.digest, (byte) => byte ^ 1) });
}

test('verify checks the structure, --full the samples; neither writes', async (context) => {
  const folder = await compressed(context);
  const before = folder.contents('.');
  const verify = (...args: string[]) => folder.run(['verify', '-r', 'out', '--jobs', '1', ...args]);
  const structure = await verify();
  assert.deepEqual([structure.code, structure.stdout.length], [0, 0], structure.stderr);
  assert.match(structure.stderr, /^out\/a\.prnn {2}40 x 24 RGB {2}[\d,]+ bytes; structure valid, not decoded\n/);
  assert.match(structure.stderr, /\n2 files: 2 verified; /);
  assert.match((await verify('--full')).stderr, /^out\/a\.prnn .*; restores the file itself, SHA-256 matches\n/);
  assert.deepEqual(folder.contents('.'), before);

  const bytes = readFileSync(folder.at('out/a.prnn'));
  folder.put('out/a.prnn', withOtherDigest(bytes));
  assert.equal((await verify()).code, 0, 'the structure is valid');
  const full = await verify('--full', '--json');
  assert.equal(full.code, 4, full.stderr);
  assert.match(full.stderr, /^pixrnn: out\/a\.prnn: it does not decode to the image/);
  const events = jsonEvents(full.stdout).filter(({ event }) => event !== 'progress');
  assert.deepEqual(
    events.map(({ event }) => event),
    ['start', 'error', 'file', 'summary'],
  );
  assert.deepEqual([events[2]?.['checked'], events[3]?.['failed']], ['samples', 1]);

  folder.put('out/a.prnn', bytes.subarray(0, -1));
  assert.equal((await verify()).code, 4);
});

test('--against compares samples and metadata with the originals, where a file restores no more', async (context) => {
  const folder = await compressed(context, '--pixels');
  assert.match((await folder.run(['verify', '--full', 'out/a.prnn'])).stderr, /; decoded, checksum matches\n$/);
  const against = (...args: string[]) => folder.run(['verify', '--jobs', '1', ...args]);
  const right = await against('-r', 'out', '--against', 'in');
  assert.equal(right.code, 0, right.stderr);
  assert.match(
    right.stderr,
    /^out\/a\.prnn .*; identical to in\/a\.png\nout\/deep\/b\.prnn .*; identical to in\/deep\/b\.png\n/,
  );
  assert.equal((await against('out/a.prnn', '--against', 'in/a.png', '-q')).code, 0);

  folder.put('in/a.png', pngOf(image));
  const other = await against('out/a.prnn', '--against', 'in/a.png');
  assert.equal(other.code, 4);
  assert.match(other.stderr, /it does not match in\/a\.png: its metadata differs\./);
  const changed = { ...image, samples: image.samples.map((sample, i) => (i === 5 ? sample ^ 1 : sample)) };
  folder.put('in/a.png', pngOf(changed, TITLE));
  assert.match((await against('out/a.prnn', '--against', 'in')).stderr, /its samples differ\./);

  folder.put('in/a.bmp', Buffer.from('another'));
  const two = await against('out/a.prnn', '--against', 'in');
  assert.deepEqual([two.code, /several files .*: a\.bmp and a\.png\./.test(two.stderr)], [3, true], two.stderr);
  rmSync(folder.at('in/deep'), { recursive: true });
  const none = await against('-r', 'out', '--against', 'in');
  assert.match(none.stderr, /out\/deep\/b\.prnn: no original found in in\/deep\./);
  assert.equal((await against('-r', 'out', '--against', 'in/a.bmp')).code, 2);
  assert.equal((await against('out/a.prnn', '--against', 'nowhere')).code, 2);
});

test('--against a folder reports originals without a .prnn file', async (context) => {
  const folder = await compressed(context);
  folder.put('in/deep/new.png', image);
  folder.put('in/photo.avif', Buffer.from('not compressed by default'));
  folder.put('in/notes.txt', Buffer.from('no image'));
  const against = (...args: string[]) => folder.run(['verify', ...args, '--against', 'in']);
  const run = await against('-r', 'out');
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /^pixrnn: in\/deep\/new\.png: no \.prnn file found for this original\. Compress it\.$/m);
  assert.match(run.stderr, /\n2 files: 2 verified, 1 original without an output; /);
  assert.doesNotMatch(run.stderr, /photo\.jpg|notes\.txt/);

  const events = jsonEvents((await against('-r', 'out', '--json')).stdout);
  const errors = events.filter(({ event }) => event === 'error').map(({ file }) => file);
  const summary = events.at(-1);
  assert.deepEqual(
    [errors, summary?.['withoutResult'], summary?.['failed'], summary?.['done']],
    [['in/deep/new.png'], 1, 0, 2],
  );
  assert.match((await against('-r', 'out', '--allow-lossy-source')).stderr, /, 2 originals without an output; /);

  assert.equal((await against('out/a.prnn')).code, 0, 'named files need not be all compressed files');
});

test('--max-seconds rejects files before they are decoded; info prints the estimate', async (context) => {
  const folder = new Folder(context);
  folder.put('bomb.prnn', encodeContainer(sampleContainer({ ...RGB, width: 10_000, height: 10_000 }, () => 1)));
  const info = await folder.run(['info', 'bomb.prnn']);
  assert.match(info.stdout.toString(), /\n {2}decoding {4}about 42 min of CPU time\n/);
  for (const args of [['verify', '--full'], ['decompress'], ['decompress', '-o', 'x.png'], ['info', '--bits']]) {
    const run = await folder.run([...args, '--max-seconds', '60', 'bomb.prnn']);
    assert.equal(run.code, 3, run.stderr);
    const line =
      /^pixrnn: bomb\.prnn: decoding it needs about 2500 s of CPU time, more than the limit of 60\. If you trust the file, raise --max-seconds\.\n$/;
    assert.match(run.stderr, line);
  }
  const thumbnail = await folder.run(['thumbnail', 'bomb.prnn']);
  assert.deepEqual([thumbnail.code, /needs too long for a thumbnail/.test(thumbnail.stderr)], [3, true]);
  const wrong = await folder.run(['verify', '--max-seconds', '0', 'bomb.prnn']);
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'pixrnn: --max-seconds must be a number > 0.\n']);
  assert.deepEqual(folder.list(), ['bomb.prnn']);
});
