import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { equalBytes } from '#pixrnn/bytes.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { type Container, decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { restoreSource } from '#pixrnn/codec/restore-source.js';
import { sourceFile } from '#pixrnn/codec/source-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';
import { chunk } from '../../fixtures/png.js';
import { pakoPng } from '../recipe/pako-png.js';
import { checkedParts, withNewChecks } from './samples.js';

// Files that restore their source by a recipe.

const SOURCE = pakoPng(blobs({ width: 12, height: 9 }), { before: [chunk('tEXt', 'Title\0a drawing')], parts: 2 });

let pool: EnginePool;
let bytes: Uint8Array;
let container: Container;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
  const image = await readImage(SOURCE);
  const source = sourceFile('a.png', SOURCE, image, {});
  const options = { metadata: image.metadata, source, exactness: 'exact', effort: 1, pool } as const;
  ({ bytes } = await compressRaster(image.raster, options));
  container = decodeContainer(bytes);
  assert.ok(container.restoration);
});
after(() => pool.close());

/** Returns the code of the error, or null if the file restores its source. Another file or another error fails the test. */
async function outcome(file: Uint8Array, what: string): Promise<ErrorCode | null> {
  try {
    const opened = await decompressToRaster(file, { pool, maxPixels: 1e5 });
    const source = await restoreSource(opened.container, opened.raster);
    assert.ok(source && equalBytes(source, SOURCE), what);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}

test('the source comes back', async () => {
  assert.equal(await outcome(bytes, 'the whole'), null);
});

test(
  'detects every change of a file that restores its source, and every truncation',
  { timeout: 120_000 },
  async () => {
    const parts = checkedParts(container);
    const seen = new Set<ErrorCode | null>();
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i]! ^= i % 2 === 0 ? 0x01 : 0x80;
      assert.notEqual(await outcome(damaged, `byte ${i}`), null, `byte ${i}`);
    }
    // Up to the tile, whose damage other tests cover.
    for (let i = 0; i < parts.at(-1)!.start; i += 2) {
      for (const flip of [0x01, 0x80]) {
        const damaged = bytes.slice();
        damaged[i]! ^= flip;
        const what = `byte ${i} ^ ${flip} with new checks`;
        seen.add(await outcome(withNewChecks(damaged, parts), what));
      }
    }
    assert.ok(seen.has(null), 'another extension: the bytes are the same');
    for (const code of ['file-corrupt', 'hash-mismatch'] as const) assert.ok(seen.has(code), code);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(await outcome(bytes.slice(0, length), `${length} bytes`), 'file-truncated');
    }
  },
);

test('rejects a recipe that restores another file', async () => {
  const { restoration } = container;
  assert.ok(restoration);
  const digest = restoration.digest.map((byte, i) => (i === 31 ? byte ^ 1 : byte));
  const other = encodeContainer({ ...container, restoration: { ...restoration, digest } });
  assert.equal(await outcome(other, 'another digest'), 'hash-mismatch');
  for (const recipe of [new Uint8Array(0), Uint8Array.of(1, 2, 3), restoration.recipe.subarray(1)]) {
    const file = encodeContainer({ ...container, restoration: { ...restoration, recipe } });
    assert.equal(await outcome(file, 'another recipe'), 'file-corrupt');
  }
});
