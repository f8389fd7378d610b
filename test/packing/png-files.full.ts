import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { concatBytes } from '#pixrnn/bytes.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { SHARED_DATA, needsData } from '../needs.js';
import { assertDescribed } from './samples.js';

/** One file of so many is tested: each needs two seconds of CPU time. */
const ONE_OF = 6;

/** Returns the zlib stream of a PNG file. */
function streamOf(file: string): Uint8Array {
  const { chunks } = readChunks(new Uint8Array(readFileSync(file)));
  return concatBytes(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
}

for (const set of ['kodak', 'cid22', 'gb82', 'mcmaster']) {
  test(`streams of ${set} cost at most 3 % of the file`, { skip: needsData(set) }, async () => {
    const folder = join(SHARED_DATA, set);
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.png')) : [];
    assert.ok(files.length > 0);
    for (const name of files.filter((_, i) => i % ONE_OF === 0)) {
      const stream = streamOf(join(folder, name));
      const description = await assertDescribed(stream, new Uint8Array(inflateSync(stream)));
      assert.ok(description.length <= 0.03 * stream.length, `${name}: ${description.length} of ${stream.length} bytes`);
    }
  });
}
