/*
 * The single-file program, in an empty directory: the bytes are those of the program in the package.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { blobs } from '../../fixtures/draw.js';
import { readSources } from '../../fixtures/golden.js';
import { pngOf } from '../../fixtures/png.js';

const ROOT = join(import.meta.dirname, '../../..');
/** What Node.js must contain, so that a program can be put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const skip = !readFileSync(process.execPath).includes(FUSE) && 'this Node.js has no single executable applications';

describe('the single-file program', { skip }, () => {
  let folder: string;
  let program: string;

  before(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build-binary.js')], { stdio: 'ignore' });
    folder = mkdtempSync(join(tmpdir(), 'pixrnn binary '));
    const name = process.platform === 'win32' ? 'pixrnn.exe' : 'pixrnn';
    program = join(folder, name);
    copyFileSync(join(ROOT, 'build/binary', name), program);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Runs the program in its folder. */
  const run = (...args: string[]) => spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  const read = (name: string): Buffer => readFileSync(join(folder, name));

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(run('--version').stdout, `${version}\n`);
  });

  it('writes the same bytes as the package, and restores the source', () => {
    const jpeg = readSources().find(({ extension }) => extension === '.jpg')!;
    writeFileSync(join(folder, 'a.jpg'), Buffer.from(jpeg.data, 'base64'));
    writeFileSync(join(folder, 'b.png'), pngOf(blobs({ width: 40, height: 30 })));
    for (const [name, effort] of [
      ['a.jpg', '3'],
      ['b.png', '1'],
      ['b.png', '3'],
    ] as const) {
      const compressed = run('compress', name, '-e', effort, '-o', 'own.prnn', '--force');
      assert.equal(compressed.status, 0, compressed.stderr);
      const args = ['compress', name, '-e', effort, '-o', 'package.prnn', '--force'];
      execFileSync(process.execPath, [join(ROOT, 'bin/pixrnn.js'), ...args], { cwd: folder, stdio: 'ignore' });
      assert.deepEqual(read('own.prnn'), read('package.prnn'));
      const restored = run('decompress', 'own.prnn', '-o', `restored${name}`, '--force');
      assert.equal(restored.status, 0, restored.stderr);
      assert.deepEqual(read(`restored${name}`), read(name));
    }
  });

  it('writes a report', () => {
    const { status, stderr } = run('report', 'b.png', '--csv', 'r.csv');
    assert.equal(status, 0, stderr);
    assert.match(read('r.csv').toString(), /b\.png/);
  });

  it('names what it does not contain', () => {
    const { status, stderr } = run('decompress', 'own.prnn', '-o', 'b.webp');
    assert.match(stderr, /need the package sharp, which is not installed\. Run `npm install sharp`/);
    assert.equal(status, 3);
    assert.match(run('train', '.').stderr, /^pixrnn: the single-file program does not contain training\./);
  });
});
