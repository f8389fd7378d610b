import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { isNullDevice } from '#pixrnn/cli/null-device.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonLines } from './pixrnn.js';

test('-o /dev/null compresses any number of files and writes nothing', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 20, height: 12 }));
  folder.put('b.png', blobs({ width: 12, height: 20 }));
  symlinkSync(devNull, folder.at('link'));
  const before = lstatSync(devNull);
  const names = folder.list();
  const devices = readdirSync(dirname(devNull)).sort();
  for (const output of [devNull, 'link']) {
    for (const more of [[], ['--force'], ['--json']]) {
      const run = await folder.run(['compress', 'a.png', 'b.png', '-e1', '-o', output, ...more]);
      assert.equal(run.code, 0, run.stderr);
      const text = more.includes('--json') ? run.stdout.toString() : run.stderr;
      assert.match(text, more.includes('--json') ? /"verified":true/ : /a\.png -> .* verified; /);
    }
  }
  assert.deepEqual(folder.list(), names);

  assert.equal((await folder.run(['compress', 'a.png', 'b.png', '-qe1'])).code, 0);
  for (const more of [[], ['--format', 'webp'], ['--format', 'raw']]) {
    const run = await folder.run(['decompress', 'a.prnn', 'b.prnn', '-o', devNull, '--json', ...more]);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(jsonLines(run.stdout).length, 2);
  }
  for (const [args, option] of [
    [['compress', 'a.png', '--rm'], '--delete-source'],
    [['decompress', 'a.prnn', '--skip-existing'], '--skip-existing'],
  ] as const) {
    const run = await folder.run([...args, '-o', devNull]);
    assert.equal(run.code, 2, run.stderr);
    assert.match(run.stderr, new RegExp(`${option} needs an output file, and ${devNull} keeps nothing`));
  }
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn', 'b.png', 'b.prnn', 'link']);

  const after = lstatSync(devNull);
  assert.deepEqual([after.ino, after.rdev, after.mode], [before.ino, before.rdev, before.mode], 'the same device');
  assert.deepEqual(readdirSync(dirname(devNull)).sort(), devices, 'no temporary file next to it');
});

const skip = !existsSync('/dev/full') && 'this system has no /dev/full';

test('writes to no other device', { skip }, async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 20, height: 12 }));
  const { code, stderr } = await folder.run(['compress', 'a.png', '-e1', '-o', '/dev/full', '--force']);
  assert.equal(code, 6);
  assert.match(stderr, /not a regular file/);
});

test('the null device of Windows has its name in every directory', () => {
  for (const path of ['NUL', 'nul:', '\\\\.\\nul', 'C:\\photos\\Nul', 'photos/nul']) {
    assert.equal(isNullDevice(path, 'win32'), true, path);
  }
  for (const path of ['null', 'annul', 'nul.png', 'nul/a.png', '/dev/null']) {
    assert.equal(isNullDevice(path, 'win32'), false, path);
  }
  assert.equal(isNullDevice('nul', 'linux'), false);
});
