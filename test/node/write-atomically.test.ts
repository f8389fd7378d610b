import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { isHeldOpen, untilFree, writeAtomically } from '#pixrnn/node/write-atomically.js';
import { Folder } from '../cli/pixrnn.js';
import { IS_WINDOWS } from '../platform.js';

const held = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: held`), { code });

/** An action that fails some times, as while a virus scanner reads the file. */
function failing(times: number, code = 'EBUSY') {
  const action = (): number => {
    if (++action.calls <= times) throw held(code);
    return action.calls;
  };
  action.calls = 0;
  return action;
}

test('on Windows, an action is repeated while another program holds the file open', async () => {
  for (const code of ['EBUSY', 'EPERM', 'EACCES']) {
    assert.equal(await untilFree(failing(3, code), { platform: 'win32' }), 4);
  }
  const forever = failing(Infinity);
  const patience = { total: 60, longest: 20 };
  await assert.rejects(untilFree(forever, { platform: 'win32', patience }), { code: 'EBUSY' });
  assert.ok(forever.calls > 3, String(forever.calls));
});

test('other errors, and those of other systems, are thrown at once', async () => {
  for (const [code, platform] of [
    ['ENOSPC', 'win32'],
    ['EBUSY', 'linux'],
    ['EPERM', 'darwin'],
  ] as const) {
    const action = failing(1, code);
    await assert.rejects(untilFree(action, { platform }), { code });
    assert.deepEqual([action.calls, isHeldOpen(held(code), platform)], [1, false]);
  }
});

test('a file that cannot be placed leaves nothing', async (context) => {
  const folder = new Folder(context);
  const place = (): void => renameSync(folder.at('t'), folder.at('none/a'));
  await assert.rejects(writeAtomically(folder.at('t'), 'new', { place }), { code: 'ENOENT' });
  assert.deepEqual(folder.list(), []);
  await writeAtomically(folder.at('t'), 'new', { place: () => renameSync(folder.at('t'), folder.at('a')) });
  assert.deepEqual([folder.list(), readFileSync(folder.at('a'), 'utf8')], [['a'], 'new']);
});

test(
  'replaces a file once another process closes it',
  { skip: !IS_WINDOWS && 'only Windows locks open files' },
  async (context) => {
    const folder = new Folder(context);
    folder.put('a', Buffer.from('old'));
    const script = `require('fs').openSync('a', 'r+'); console.log('open'); setTimeout(() => {}, 1500)`;
    const holder = spawn(process.execPath, ['-e', script], { cwd: folder.path });
    const ended = new Promise((resolve) => holder.on('close', resolve));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await writeAtomically(folder.at('t'), 'new', { place: () => renameSync(folder.at('t'), folder.at('a')) });
    assert.equal(readFileSync(folder.at('a'), 'utf8'), 'new');
    await ended;
  },
);
