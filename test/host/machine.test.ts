import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkMachine, faultOf } from '#pixrnn/host/machine.js';

const PROGRAM = join(import.meta.dirname, '../../../bin/pixrnn.js');
/** V8 without SSE 4.1 has no WebAssembly SIMD. */
const WITHOUT_SIMD = '--no-enable-sse4-1';

test('this machine is supported', () => {
  checkMachine();
  assert.equal(faultOf({ isLittleEndian: true, hasWasmSimd: true }), null);
});

test('a big-endian machine is rejected, with or without SIMD', () => {
  for (const hasWasmSimd of [true, false]) {
    assert.match(
      faultOf({ isLittleEndian: false, hasWasmSimd }) ?? '',
      /^big-endian processors are not supported\. \w/,
    );
  }
});

test('an engine without SIMD is rejected before any work', { skip: process.arch !== 'x64' && 'not x64' }, () => {
  for (const args of [['compress', 'missing.png'], ['info', 'missing.prnn'], ['models']]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [WITHOUT_SIMD, PROGRAM, ...args], {
      encoding: 'utf8',
    });
    assert.match(stderr, /^pixrnn: this JavaScript engine has no WebAssembly SIMD on this processor\. .*\n$/);
    assert.deepEqual([status, stdout], [1, '']);
  }
});

test('help and version need no supported machine', () => {
  for (const option of ['--help', '--version']) {
    const { status, stdout } = spawnSync(process.execPath, [WITHOUT_SIMD, PROGRAM, option], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.notEqual(stdout, '');
  }
});
