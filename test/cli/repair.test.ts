import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { readProtected } from '#pixrnn/parity/parity.js';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonEvents, jsonLines } from './pixrnn.js';

const changed = (bytes: Uint8Array, from: number, to: number): Uint8Array =>
  bytes.map((byte, i) => (i >= from && i < to ? byte ^ 0x55 : byte));

test('compress --parity, and what the other commands do with a damaged file', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 2000, height: 8 }));
  const made = await folder.run(['compress', '-e', '1', '--json', '--parity', '10', 'a.png']);
  assert.equal(made.code, 0, made.stderr);
  const bytes = readFileSync(folder.at('a.prnn'));
  const { fileBytes, blockBytes, blocks, packets } = readProtected(bytes)!.geometry;
  const parityBytes = bytes.length - fileBytes;
  assert.equal(jsonLines(made.stdout)[0]!['parityBytes'], parityBytes);
  const info = await folder.run(['info', 'a.prnn']);
  const parityRow = `  parity +${parityBytes.toLocaleString('en')} bytes: ${packets} blocks for ${blocks}, each of ${blockBytes} bytes`;
  assert.match(info.stdout.toString(), new RegExp(`\n${parityRow}\n`));

  const sound = await folder.run(['repair', 'a.prnn']);
  assert.deepEqual([sound.code, sound.stderr], [0, 'a.prnn  nothing to repair; structure valid, not decoded\n']);
  assert.deepEqual(folder.list(), ['a.png', 'a.prnn']);

  const source = readFileSync(folder.at('a.png'));
  folder.put('a.prnn', changed(bytes, 0, blockBytes + 1));
  const damage = `2 of ${blocks} blocks \\(bytes 0 to ${2 * blockBytes - 1}\\)`;
  const verify = await folder.run(['verify', 'a.prnn']);
  assert.equal(verify.code, 4);
  const advice =
    'Its parity restores it; the structure of the result is valid\\. Write a sound copy with `pixrnn repair`\\.';
  assert.match(verify.stderr, new RegExp(`^pixrnn: a\\.prnn: the \\.prnn file is damaged: ${damage}\\. ${advice}\n$`));
  const damaged = await folder.run(['info', 'a.prnn']);
  assert.match(damaged.stdout.toString(), new RegExp(`\n  damaged +${damage}; restored in memory\n`));

  rmSync(folder.at('a.png'));
  const restored = await folder.run(['decompress', 'a.prnn']);
  assert.equal(restored.code, 0, restored.stderr);
  const warning = `pixrnn: a\\.prnn: damaged: ${damage}, restored from its parity\\. Write a sound copy with \`pixrnn repair\`\\.`;
  assert.match(restored.stderr, new RegExp(`^${warning}\na\\.prnn -> a\\.png  .*the file itself, SHA-256 matches\n$`));
  assert.deepEqual(readFileSync(folder.at('a.png')), source);

  const repaired = await folder.run(['repair', '--full', 'a.prnn']);
  assert.equal(repaired.code, 0, repaired.stderr);
  assert.match(
    repaired.stderr,
    new RegExp(`^a\\.prnn -> a\\.repaired\\.prnn  .* bytes, repaired ${damage}; decoded, checksum matches\n$`),
  );
  assert.deepEqual(readFileSync(folder.at('a.repaired.prnn')), bytes);
  assert.deepEqual(readFileSync(folder.at('a.prnn')), Buffer.from(changed(bytes, 0, blockBytes + 1)), 'it is kept');
});

test('repair writes nothing that exists or that it cannot restore', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 60, height: 40 }));
  await folder.run(['compress', '-e', '1', '-q', '--parity', '5', 'a.png']);
  await folder.run(['compress', '-e', '1', '-q', 'a.png', '-o', 'plain.prnn']);
  const bytes = readFileSync(folder.at('a.prnn'));
  const bad = changed(bytes, 100, 101);
  folder.put('a.prnn', bad);
  folder.put('b.prnn', bad);
  const run = (...args: string[]) => folder.run(['repair', ...args]);

  const onto = await run('-f', 'a.prnn', '-o', 'a.prnn');
  assert.deepEqual([onto.code, /the output a\.prnn is the input file/.test(onto.stderr)], [2, true]);
  const existing = await run('a.prnn', '-o', 'b.prnn');
  assert.deepEqual([existing.code, /b\.prnn already exists\. Use --force/.test(existing.stderr)], [6, true]);
  assert.equal((await run('-f', 'a.prnn', '-o', 'b.prnn')).code, 0);
  assert.deepEqual(readFileSync(folder.at('b.prnn')), bytes);

  const plan = await run('--dry-run', 'a.prnn', 'b.prnn');
  assert.match(plan.stdout.toString(), /^a\.prnn -> a\.repaired\.prnn .*\nskip: b\.prnn -> /);
  const before = folder.list();
  const lost = await run('--json', 'a.prnn', 'plain.prnn').then(async () => {
    folder.put('a.prnn', changed(bytes, 60, bytes.length - 400));
    rmSync(folder.at('a.repaired.prnn'));
    return run('--json', 'a.prnn');
  });
  assert.equal(lost.code, 4);
  assert.match(
    lost.stderr,
    /^pixrnn: a\.prnn: the \.prnn file is damaged: .*Its parity is not enough: .*--salvage\.\n$/,
  );
  const error = jsonEvents(lost.stdout).find(({ event }) => event === 'error');
  assert.equal((error?.['error'] as { code: string }).code, 'file-corrupt');
  assert.deepEqual(folder.list(), before, 'nothing is written');

  const plain = await run('plain.prnn');
  assert.deepEqual([plain.code, /nothing to repair, and it has no parity; /.test(plain.stderr)], [0, true]);
  folder.put('plain.prnn', changed(readFileSync(folder.at('plain.prnn')), 40, 41));
  const without = await run('plain.prnn');
  assert.deepEqual([without.code, /tile 1 of 1 .*--salvage\.\n$/.test(without.stderr)], [4, true], without.stderr);
  const both = await run('b.prnn', '-o', 'c.prnn', '--out-dir', 'd');
  assert.deepEqual([both.code, /cannot be combined/.test(both.stderr)], [2, true]);
});

test('repair of streams, directories and destroyed parity', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', blobs({ width: 60, height: 40 }));
  await folder.run(['compress', '-e', '1', '-q', '--parity', '5', 'a.png']);
  const bytes = readFileSync(folder.at('a.prnn'));
  const { fileBytes } = readProtected(bytes)!.geometry;
  for (const input of [bytes, changed(bytes, 0, 30)]) {
    const run = await folder.run(['repair', '-q', '-'], { input });
    assert.deepEqual([run.code, run.stdout], [0, bytes], 'a sound file, too, goes to standard output');
  }
  folder.put('a.prnn', changed(bytes, 0, 30));
  const run = await folder.run(['repair', '-r', '.', '--out-dir', 'sound']);
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(readFileSync(folder.at('sound/a.prnn')), bytes);

  folder.put('a.prnn', changed(bytes, fileBytes, bytes.length));
  const cut = await folder.run(['repair', 'a.prnn']);
  assert.equal(cut.code, 0, cut.stderr);
  assert.match(cut.stderr, /removed [\d,]+ bytes after its end: destroyed parity, or foreign bytes; structure valid/);
  assert.deepEqual(readFileSync(folder.at('a.repaired.prnn')), bytes.subarray(0, fileBytes));
  for (const parity of ['0', '51', '2.5', 'x']) {
    const wrong = await folder.run(['compress', '--parity', parity, 'a.png', '-o', 'b.prnn']);
    assert.deepEqual([wrong.code, wrong.stderr], [2, 'pixrnn: --parity must be an integer from 1 to 50.\n']);
  }
});
