import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { flat } from '../../fixtures/draw.js';
import { Folder } from './pixrnn.js';
import { needsProgram } from '../needs.js';

const image = flat({ width: 8, height: 8 });

const skip = needsProgram('touch', '--version');

test('an output is never older than its source, not by a nanosecond', { skip }, async (context) => {
  const folder = new Folder(context);
  const fractions = ['.123456789', '.000000001', '.999999999', '.000001000', '.5', ''];
  const names = fractions.map((fraction, i) => {
    folder.put(`${i}.png`, image);
    execFileSync('touch', ['-d', `2024-01-02 03:04:05${fraction}`, folder.at(`${i}.png`)]);
    return `${i}.png`;
  });
  const mtime = (name: string): bigint => statSync(folder.at(name), { bigint: true }).mtimeNs;
  assert.equal((await folder.run(['compress', '-q', ...names])).code, 0);
  for (const [i, fraction] of fractions.entries()) {
    const later = mtime(`${i}.prnn`) - mtime(`${i}.png`);
    assert.ok(later >= 0n && later <= 2_000n, `${fraction}: ${later} ns`);
  }
  assert.equal((await folder.run(['decompress', '-q', '0.prnn', '-o', 'back.png'])).code, 0);
  assert.ok(mtime('back.png') >= mtime('0.prnn'));
});

test('an output has the owner of its source if root runs pixrnn', async (context) => {
  if (process.getuid?.() !== 0) {
    context.skip('only root can give files away');
    return;
  }
  const folder = new Folder(context);
  folder.put('a.png', image);
  chownSync(folder.at('a.png'), 12345, 54321);
  chmodSync(folder.at('a.png'), 0o640);
  assert.equal((await folder.run(['compress', '-q', 'a.png'])).code, 0);
  const { uid, gid, mode } = statSync(folder.at('a.prnn'));
  assert.deepEqual([uid, gid, mode & 0o777], [12345, 54321, 0o640]);
});
