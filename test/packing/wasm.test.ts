import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PackingCoder } from '#pixrnn/packing/packing-coder.js';

/** Instructions that could make machines compute different bits. */
const FORBIDDEN = [/\(import\b/, /\brelaxed_/, /\bshared\b|\batomic\./];

test('the packing module imports nothing, has no relaxed instruction and no shared memory', () => {
  const text = readFileSync(new URL('../../../dist/packing.wat', import.meta.url), 'utf8');
  assert.ok(text.includes('f32x4.mul'), 'packing.wat is not the text of the packing module');
  for (const pattern of FORBIDDEN) assert.doesNotMatch(text, pattern);
});

test('memory is that of data, stream and description, and at most 32 MiB', async () => {
  const coder = await PackingCoder.create();
  coder.prepare(new Uint8Array(2 ** 24), 2 ** 23, 2 ** 22);
  const own = coder.wasm.memory.buffer.byteLength - 2 ** 24 - 2 ** 23 - 2 ** 22;
  assert.ok(own <= 2 ** 25, `${own} bytes`);
});
