import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzJpegFiles } from './jpeg-mutations.js';

test('mutated files of JPEG coefficients restore their source or are refused', async (context) => {
  const { restored, refused, slowestMs } = await fuzzJpegFiles(400, 1);
  context.diagnostic(JSON.stringify({ restored, refused, slowestMs }));
  for (const code of ['hash-mismatch', 'file-corrupt'] as const) assert.ok((refused[code] ?? 0) > 50, code);
});
