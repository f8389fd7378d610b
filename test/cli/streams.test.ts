import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { slashed } from '#pixrnn/node/path-text.js';
import { noise } from '../../fixtures/draw.js';
import { Folder } from './pixrnn.js';

const SCRIPT = join(import.meta.dirname, '../../../bin/pixrnn.js');

/** Runs a command whose standard output is closed from the start. */
function runUnread(folder: Folder, args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { cwd: folder.path });
  child.stdout.destroy();
  const stderr: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stderr: Buffer.concat(stderr).toString() }));
  });
}

test('a closed pipe ends a command silently, as SIGPIPE would', { timeout: 60_000 }, async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', noise({ width: 16, height: 16 }));
  for (const args of [['compress', 'a.png', '-o', '-', '--effort', '1', '--no-verify'], ['models']]) {
    const { code, stderr } = await runUnread(folder, args);
    assert.deepEqual([code, stderr], [141, ''], args.join(' '));
  }
});

test('every message prints "-" as "-"', async (context: TestContext) => {
  const folder = new Folder(context);
  folder.put('a.png', noise({ width: 8, height: 8 }));
  const model = await folder.run(['compress', 'a.png', '--model', '-']);
  assert.match(model.stderr, /^pixrnn: model - not found: /);
  const plan = await folder.run(['compress', 'a.png', '--out-dir', '-', '--dry-run']);
  assert.match(slashed(plan.stdout.toString()), /^a\.png -> -\/a\.prnn /);
});
