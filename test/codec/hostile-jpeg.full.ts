import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzJpegFiles } from './jpeg-mutations.js';

/** Number of files; PIXRNN_FUZZ_FILES=100000 needs some twenty minutes of CPU time. */
const COUNT = Number(process.env.PIXRNN_FUZZ_FILES ?? 1500);

test(`${COUNT} mutated files of JPEG coefficients restore their source or are refused`, async (context) => {
  const { restored, refused, slowestMs } = await fuzzJpegFiles(COUNT, 2);
  context.diagnostic(JSON.stringify({ restored, refused, slowestMs }));
  assert.ok((refused['hash-mismatch'] ?? 0) > COUNT / 5, 'many mutations reach the payload');
  assert.ok((refused['file-corrupt'] ?? 0) > COUNT / 8, 'many mutations reach the container or the record');
  assert.ok(slowestMs < 10_000, `the slowest file needs ${slowestMs} ms`);
});
