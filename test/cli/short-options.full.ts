import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '#pixrnn/cli/commands.js';
import { parseCommandLine } from '#pixrnn/cli/main.js';
import { PhaseTimes, phaseText } from '#pixrnn/cli/phase-times.js';
import { blobs, flat } from '../../fixtures/draw.js';
import { Folder, jsonLines } from './pixrnn.js';

const image = blobs({ width: 32, height: 24 });

test('short options follow zstd and cjxl: alone, joined, and with a number attached', () => {
  const args = (...argv: string[]): Record<string, unknown> => parseCommandLine(argv).args;
  for (const argv of [
    ['-e', '1', '-t', '2', '-f', '-v', '--rm'],
    ['-e1', '-t2', '-fv', '--rm'],
    ['-fve1', '-t', '2', '--rm'],
    ['--effort', '1', '--threads', '2', '--force', '--verbose', '--delete-source'],
  ]) {
    const { effort, threads, force, verbose, 'delete-source': deletes } = args('compress', 'a.png', ...argv);
    assert.deepEqual([effort, threads, force, verbose, deletes], [1, 2, true, true, true], argv.join(' '));
  }
  assert.equal(args('decompress', 'a.prnn', '-t3')['threads'], 3);
  for (const argv of [['-f1'], ['-x1'], ['-e'], ['-tx']]) {
    assert.throws(() => args('compress', 'a.png', ...argv), { code: 'usage' }, argv.join(' '));
  }
});

test('a short option means the same in every command', () => {
  const meanings = new Map<string, Set<string>>();
  for (const { options } of COMMANDS) {
    for (const [name, { alias }] of Object.entries(options)) {
      for (const letter of [alias].flat().filter((given) => typeof given === 'string' && given.length === 1)) {
        meanings.set(letter as string, (meanings.get(letter as string) ?? new Set()).add(name));
      }
    }
  }
  assert.deepEqual([...meanings].map(([letter, names]) => [letter, ...names]).sort(), [
    ['e', 'effort'],
    ['f', 'force'],
    ['o', 'output', 'out'],
    ['q', 'quiet'],
    ['r', 'recursive'],
    ['t', 'threads'],
    ['v', 'verbose'],
  ]);
});

test('--verbose prints details of each file, and no command accepts --verbose and --quiet together', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', image);
  const compressed = await folder.run(['compress', 'a.png', '-v', '-e1', '-t1']);
  assert.equal(compressed.code, 0, compressed.stderr);
  assert.match(
    compressed.stderr,
    new RegExp(
      [
        '^a\\.png -> a\\.prnn .*',
        ' {2}image {5}32 x 24 RGB, 8 bits per sample',
        ' {2}stored {4}1 tile: 1 by a model',
        ' {2}model {5}photo-rgb-small, effort 1',
        ' {2}bytes {5}[\\d,]+ samples, 0 metadata, \\d+ recipe, \\d+ container',
        ' {2}restores {2}the file itself \\(SHA-256 [0-9a-f]{64}\\)',
        ' {2}time {6}\\d+\\.\\d\\d s coding, \\d+\\.\\d\\d s verifying, \\d+\\.\\d\\d s total',
        ' {2}threads {3}1\\n$',
      ].join('\\n'),
    ),
  );
  const decompressed = await folder.run(['decompress', 'a.prnn', '-fv']);
  assert.match(decompressed.stderr, /\n {2}model +photo-rgb-small, effort 1\n {2}time +\d+\.\d\d s decoding, /);
  const verified = await folder.run(['verify', 'a.prnn', '-v']);
  assert.match(
    verified.stderr,
    /; structure valid, not decoded\n {2}image +32 x 24 RGB, 8 bits per sample\n {2}stored +1 by a model\n/,
  );
  const quiet = await folder.run(['compress', 'a.png', '-f']);
  assert.doesNotMatch(quiet.stderr, /\n {2}image/);
  for (const args of [
    ['compress', 'a.png', '-fqv'],
    ['verify', 'a.prnn', '-qv'],
  ]) {
    const { code, stderr } = await folder.run(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--verbose and --quiet cannot be combined/);
  }
});

test('the time of a phase ends with the last report before the next phase', () => {
  let seconds = 10;
  const times = new PhaseTimes(['coding', 'verifying'], () => 1000 * seconds);
  seconds = 12;
  times.update(50, 100);
  seconds = 13;
  times.update(51, 100);
  seconds = 15;
  assert.equal(phaseText(['coding', 'verifying'], times.stop()), '2.00 s coding, 3.00 s verifying');
});

test('info and report recurse into directories', async (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  mkdirSync(folder.at('none'));
  folder.put('in/a.png', flat({ width: 8, height: 8 }));
  folder.put('in/deep/b.png', flat({ width: 9, height: 8 }));
  folder.put('in/notes.txt', Buffer.from('no image'));
  assert.equal((await folder.run(['compress', '-rq', 'in', '-e1'])).code, 0);
  const files = async (...args: string[]): Promise<unknown[]> => {
    const { code, stdout, stderr } = await folder.run([...args, '--json']);
    assert.equal(code, 0, stderr);
    return jsonLines(stdout).flatMap(({ file }) => file ?? []);
  };
  assert.deepEqual(await files('info', '-r', 'in'), ['in/a.prnn', 'in/deep/b.prnn']);
  assert.deepEqual(await files('report', '-r', 'in', '-e1'), ['in/a.png', 'in/deep/b.png']);
  for (const command of ['info', 'report']) {
    const refused = await folder.run([command, 'in']);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /^pixrnn: in: it is a directory\. Use --recursive, or name the files in it\.\n$/);
    const empty = await folder.run([command, '-r', 'none']);
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /no supported files found in none\./);
  }
});
