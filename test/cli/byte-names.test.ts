import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flat } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { Folder, jsonLines } from './pixrnn.js';

const SCRIPT = join(import.meta.dirname, '../../../bin/pixrnn.js');

test('handles file names that are not UTF-8', { timeout: 60_000 }, async (context) => {
  if (process.platform !== 'linux') {
    context.skip('file names are bytes on Linux only');
    return;
  }
  const folder = new Folder(context);
  const bytes = (name: string): Buffer => Buffer.from(name, 'latin1');
  const path = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder.path}/`), bytes(name)]);
  const names = (directory: string): string[] =>
    readdirSync(path(directory), { encoding: 'buffer' })
      .map((name) => name.toString('latin1'))
      .sort();
  try {
    mkdirSync(path('in/\xe9'), { recursive: true });
    for (const [i, name] of ['in/\xff.png', 'in/plain.png', 'in/\xe9/Gr\xf6\xdfe.png'].entries()) {
      writeFileSync(path(name), pngOf(flat({ width: 8, height: 8 + i })));
    }
    const run = await folder.run(['compress', '-r', 'in', '--out-dir', 'out', '--effort', '1']);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /^\$'in\/\\xff\.png' -> \$'out\/\\xff\.prnn' /m);
    assert.deepEqual([names('out'), names('out/\xe9')], [['plain.prnn', '\xe9', '\xff.prnn'], ['Gr\xf6\xdfe.prnn']]);
    const verified = await folder.run(['verify', '-r', 'out', '--against', 'in']);
    assert.equal(verified.code, 0, verified.stderr);
    const back = await folder.run(['decompress', '-rq', 'out', '--out-dir', 'back']);
    assert.equal(back.code, 0, back.stderr);
    assert.deepEqual([names('back'), names('back/\xe9')], [names('in'), names('in/\xe9')]);

    // As an argument: a shell passes bytes on.
    const command = `'${process.execPath}' '${SCRIPT}' compress --json in/\xff.png -o new\xfe.prnn`;
    writeFileSync(folder.at('command.sh'), bytes(command));
    const named = spawnSync('sh', ['command.sh'], { cwd: folder.path });
    assert.equal(named.status, 0, named.stderr.toString());
    const [line] = jsonLines(named.stdout);
    assert.deepEqual([line?.['file'], line?.['output']], ['in/\udcff.png', 'new\udcfe.prnn']);
    assert.ok(names('.').includes('new\xfe.prnn'));
  } finally {
    execFileSync('rm', ['-rf', folder.path]);
  }
});
