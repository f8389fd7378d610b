import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { flat } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { Folder } from './pixrnn.js';
import { makeFifo, needsFifos } from '../platform.js';

const SCRIPT = join(import.meta.dirname, '../../../bin/pixrnn.js');

function withFifo(context: TestContext): Folder {
  const folder = new Folder(context);
  makeFifo(folder.at('pipe.png'));
  return folder;
}

/** Waits until a process has its own handler of SIGHUP, as Linux knows; elsewhere a while. */
async function handlesSignals(pid: number): Promise<void> {
  for (let wait = 0; wait < 30_000; wait += 50) {
    await setTimeout(50);
    try {
      const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      if ((BigInt(`0x${caught}`) & 1n) === 1n) return;
    } catch {
      if (wait >= 1500) return; // there is no /proc
    }
  }
}

test('a FIFO without a writer does not block signals', { timeout: 60_000, skip: needsFifos }, async (context) => {
  const folder = withFifo(context);
  const commands = [
    ['compress', 'pipe.png'],
    ['info', 'pipe.png'],
    ['compress', 'a.png', '--model', 'pipe.png'],
  ];
  for (const [i, [signal, expected]] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }).entries()) {
    const child = spawn(process.execPath, [SCRIPT, ...commands[i]!], { cwd: folder.path, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await handlesSignals(child.pid!);
    await setTimeout(500); // it reaches the FIFO
    child.kill(signal as NodeJS.Signals);
    const killTimer = globalThis.setTimeout(() => child.kill('SIGKILL'), 20_000);
    assert.equal(await ended, expected, signal);
    clearTimeout(killTimer);
  }
  assert.deepEqual(folder.list(), ['pipe.png']);
});

test('reads a FIFO to its end', { timeout: 60_000, skip: needsFifos }, async (context) => {
  const folder = withFifo(context);
  const image = flat({ width: 40, height: 20 });
  folder.put('a.png', image);
  const [run] = await Promise.all([
    folder.run(['compress', '-q', 'pipe.png']),
    writeFile(folder.at('pipe.png'), pngOf(image)),
  ]);
  assert.equal(run.code, 0, run.stderr);
  assert.equal((await folder.run(['verify', 'pipe.prnn', '--against', 'a.png'])).code, 0);
});
