import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { test } from 'node:test';
import { removeLeftovers, temporaryName } from '#pixrnn/batch/leftovers.js';
import { Folder } from '../cli/pixrnn.js';
import { IS_WINDOWS } from '../platform.js';

test('removes temporary files whose process on this host has ended', (context) => {
  const folder = new Folder(context);
  const own = basename(temporaryName(folder.path));
  assert.notEqual(own, basename(temporaryName(folder.path)));
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const of = (pid: number, host = own.split('-')[1]): string => `.pixrnn-${host}-${pid}-0123456789ab.tmp`;
  const kept = [
    of(process.ppid),
    ...(IS_WINDOWS ? [] : [of(1)]),
    of(dead, 'ffffffff'),
    '.pixrnn-other.tmp',
    'a.prnn',
    `${of(dead)}.prnn`,
  ];
  const gone = [of(dead), own];
  for (const name of [...kept, ...gone]) folder.put(name, Buffer.from('half'));
  assert.deepEqual(removeLeftovers(folder.path).sort(), gone.sort());
  assert.deepEqual(folder.list(), kept.sort());
  assert.deepEqual(removeLeftovers(folder.at('none')), []);
});
