import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeZlib, rebuildZlib } from '#pixrnn/packing/zlib-stream.js';
import { filteredBytes } from './samples.js';

/** A stream of `filteredBytes(4000, 9)` that a released encoder made, and its description; both in base64. */
interface Golden {
  readonly encoder: string;
  readonly stream: string;
  readonly description: string;
}

const golden = JSON.parse(readFileSync('fixtures/packing.json', 'utf8')) as readonly Golden[];
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

for (const { encoder, stream, description } of golden) {
  test(`the description of a stream by ${encoder} does not change`, async () => {
    const raw = filteredBytes(4000, 9);
    assert.deepEqual(await rebuildZlib(bytesOf(description), raw, 2 ** 20), bytesOf(stream));
    assert.deepEqual(await describeZlib(bytesOf(stream), raw), bytesOf(description));
  });
}
