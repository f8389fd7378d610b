import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryName } from '#pixrnn/batch/leftovers.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { Folder } from './pixrnn.js';

const COMMAND = ['compress', '-r', 'in', '--effort', '1', '--no-verify', '--jobs', '2', '--out-dir'];

/** Writes PNG and JPEG files to `in`, and the outputs of an undisturbed run to `right`. */
async function images(context: TestContext): Promise<Folder> {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  for (let i = 0; i < 16; i++) {
    const name = `in/${i % 3 ? '' : 'deep/'}${i}`;
    if (i % 4 === 1) folder.put(`${name}.jpg`, Buffer.from(await cameraFile(48 + i, 40, i)));
    else folder.put(`${name}.png`, blobs({ width: 48 + i, height: 40 }, i));
  }
  assert.equal((await folder.run([...COMMAND, 'right', '-q'])).code, 0);
  return folder;
}

/** Returns the files of a folder without temporary ones. */
function results(folder: Folder, below: string): [string, Buffer][] {
  return Object.entries(folder.contents(below)).filter(([name]) => !name.endsWith('.tmp'));
}

test(
  'a run that is killed and restarted gives the same files as an undisturbed one',
  { timeout: 120_000 },
  async (context) => {
    const folder = await images(context);
    const right = folder.contents('right');
    mkdirSync(folder.at('out'));
    let kills = 0;
    for (const wait of [0, 40, 90, 20]) {
      const run = await folder.spawn([...COMMAND, 'out', '--skip-existing'], {
        killWith: 'SIGKILL',
        killAt: 'bits/dim', // kills the run after another file is finished
        wait,
      });
      if (run.signal === 'SIGKILL') kills++;
      for (const [name, bytes] of results(folder, 'out')) assert.deepEqual(bytes, right[name], `${name}, half`);
    }
    assert.ok(kills >= 3, `${kills} of 4 runs were killed before their end`);

    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    folder.put(`out/${basename(temporaryName('')).replace(String(process.pid), String(dead))}`, Buffer.from('half'));
    folder.put('out/1.prnn', right['1.prnn']!.subarray(0, 50));
    const last = await folder.run([...COMMAND, 'out', '--skip-existing']);
    assert.equal(last.code, 0, last.stderr);
    assert.match(last.stderr, /\n16 files: \d+ compressed, \d+ skipped; /);
    assert.deepEqual(folder.contents('out'), right);
  },
);

test('decompressing that is killed leaves only whole source files', { timeout: 120_000 }, async (context) => {
  const folder = await images(context);
  const sources = folder.contents('in');
  mkdirSync(folder.at('back'));
  const command = ['decompress', '-r', 'right', '--jobs', '2', '--out-dir', 'back', '--skip-existing'];
  let kills = 0;
  for (const wait of [0, 10, 30]) {
    const run = await folder.spawn(command, { killWith: 'SIGKILL', killAt: 'SHA-256 matches', wait });
    if (run.signal === 'SIGKILL') kills++;
    for (const [name, bytes] of results(folder, 'back')) assert.deepEqual(bytes, sources[name], `${name}, half`);
  }
  assert.ok(kills >= 2, `${kills} of 3 runs were killed before their end`);
  assert.equal((await folder.run(command)).code, 0);
  assert.deepEqual(folder.contents('back'), sources);
});

test(
  'Ctrl-C keeps finished files, removes temporary ones, and prints how to continue',
  { timeout: 60_000 },
  async (context) => {
    const folder = await images(context);
    const right = folder.contents('right');
    const { code, stderr } = await folder.spawn([...COMMAND, 'out'], {
      killWith: 'SIGINT',
      killAt: ' -> out/',
      wait: 30,
    });
    assert.equal(code, 130);
    const [, done] = /\npixrnn: interrupted: (\d+) of 16 files are done\. .*--skip-existing.*\n$/.exec(stderr) ?? [];
    const files = Object.entries(folder.contents('out'));
    assert.ok(files.length >= Number(done) && Number(done) >= 1, stderr);
    for (const [name, bytes] of files) assert.deepEqual(bytes, right[name], name);
  },
);

test(
  'a full disk: names the files that do not fit, and leaves nothing of them',
  { timeout: 60_000 },
  async (context) => {
    const folder = new Folder(context);
    mkdirSync(folder.at('full'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=72k', 'tmpfs', folder.at('full')], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`a small file system cannot be mounted here: ${(error as Error).message}`);
      return;
    }
    const names = ['a.png', 'b.png', 'c.png', 'small.png'];
    for (const [seed, name] of names.entries()) {
      const side = name === 'small.png' ? 9 : 96;
      folder.put(name, noise({ width: side, height: side }, seed + 1));
    }
    try {
      const args = ['compress', ...names, '--out-dir', 'full', '--no-verify', '--jobs', '1', '--effort', '1'];
      const run = await folder.run(args);
      assert.equal(run.code, 6, run.stderr);
      assert.deepEqual(Object.keys(folder.contents('full')), ['a.prnn', 'b.prnn', 'small.prnn']);
      assert.match(run.stderr, /\n4 files: 3 compressed, 1 failed; /);
      assert.match(run.stderr, /^pixrnn: c\.png: full\/c\.prnn cannot be written \(ENOSPC/m);
    } finally {
      execFileSync('umount', [folder.at('full')]);
    }
  },
);

test('prints the expected time of a long run before it starts', { timeout: 60_000 }, async (context) => {
  const folder = new Folder(context);
  for (const name of ['a.png', 'b.png']) folder.put(name, noise({ width: 1600, height: 1600 }));
  const args = ['compress', 'a.png', 'b.png', '--threads', '1'];
  const { code, stderr } = await folder.spawn(args, { killWith: 'SIGTERM', killAt: ': about' });
  assert.equal(code, 143, stderr);
  assert.match(stderr, /^2 files, 5\.1 megapixels: about \d+ (min|h)/);
  assert.deepEqual(folder.list(), ['a.png', 'b.png']);
});

test('an interrupt leaves no file', async (context) => {
  const folder = new Folder(context);
  const names = Array.from({ length: 100 }, (_, i) => `${i}.png`);
  for (const name of names) folder.put(name, noise({ width: 48, height: 48 }));
  for (const [killWith, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const run = await folder.spawn(['compress', '--force', ...names], { killWith });
    assert.deepEqual([run.code, run.signal], [code, null]);
    assert.deepEqual(
      folder.list().filter((name) => !/^\d+\.(png|prnn)$/.test(name)),
      [],
    );
  }
});
