import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PaletteCoder, compilePaletteCoder } from '#pixrnn/engine/palette-coder.js';

/** Instructions that could make machines compute different bits. */
const FORBIDDEN = [/\(import\b/, /\brelaxed_/, /\bshared\b|\batomic\./];

test('the palette coder imports nothing, has no relaxed instruction and no shared memory', async () => {
  assert.deepEqual(WebAssembly.Module.imports(await compilePaletteCoder()), []);
  const text = readFileSync(new URL('../../../dist/palette.wat', import.meta.url), 'utf8');
  assert.ok(text.includes('f32x4.mul'), 'palette.wat is not the text of the palette coder');
  for (const pattern of FORBIDDEN) assert.doesNotMatch(text, pattern);
});

test('memory follows the size of the tile: little for an icon, less than 128 MiB for the largest tile', async () => {
  const coder = await PaletteCoder.create(await compilePaletteCoder());
  coder.encode({ width: 16, height: 16, channels: 4, depth: 8, samples: new Uint8Array(1024) }, 1024);
  assert.ok(coder.memoryBytes <= 2 ** 20, `${coder.memoryBytes} bytes`);
  const samples = new Uint16Array(2 ** 22);
  coder.encode({ width: 1024, height: 1024, channels: 4, depth: 16, samples }, 2 ** 23);
  assert.ok(coder.memoryBytes <= 2 ** 27, `${coder.memoryBytes} bytes`);
});
