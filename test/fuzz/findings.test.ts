import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { inThread } from '../../fixtures/in-thread.js';

const FOLDER = new URL('../../../fixtures/fuzz/', import.meta.url);

/** What must hold for the input of each finding, by the name of its file. */
const FINDINGS: Record<string, (input: Uint8Array) => Promise<void>> = {
  // A JPEG file that cannot be parsed was stored whatever its size; decompress then refused it for its pixels.
  'jpeg-size-above-limit.jpg': async (bytes) => {
    const pool = await inThread();
    await assert.rejects(compressJpeg({ bytes, extension: '.jpg' }, { pool }), {
      name: 'PixrnnError',
      code: 'limit',
      message: /65535 x 65535/,
    });
  },
};

test('every finding of the fuzzer has a test', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(FINDINGS).sort());
});

for (const [name, check] of Object.entries(FINDINGS)) {
  test(`finding: ${name}`, () => check(Uint8Array.from(readFileSync(new URL(name, FOLDER)))));
}
