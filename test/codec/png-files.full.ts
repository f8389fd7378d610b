import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { type ReadImage, readImage } from '#pixrnn/image/read-image.js';
import { sameSamples } from '#pixrnn/samples.js';
import { needsData, SHARED_DATA } from '../needs.js';

// Every kind of PNG file through the whole codec; test/image compares the read samples with another decoder.

const FILES = join(SHARED_DATA, 'formats');
/** Larger images are slow; smaller ones of every kind exist. */
const MAX_PIXELS = 20_000;
/** Bytes that a .prnn file may exceed its PNG by. */
const ALLOWANCE = 100;

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Reads an image file; null if it is not a supported image. */
async function read(path: string): Promise<ReadImage | null> {
  try {
    return await readImage(readFileSync(path));
  } catch (error) {
    if (error instanceof PixrnnError) return null;
    throw error;
  }
}

test(
  'restores every small PNG in a file that is hardly ever larger',
  { timeout: 300_000, skip: needsData('formats') },
  async (context) => {
    const names = readdirSync(FILES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'));
    const kinds = new Map<string, number>();
    let [files, smaller] = [0, 0];
    for (const name of names) {
      const image = await read(join(FILES, name));
      if (!image || image.raster.width * image.raster.height > MAX_PIXELS) continue;
      const { raster, metadata, source } = image;
      const options = { metadata, pngStream: source.png ?? undefined, effort: 1, pool, verify: false } as const;
      const { bytes, representations } = await compressRaster(raster, options);
      const decoded = await decompressToRaster(bytes, { pool });
      assert.deepEqual({ ...decoded.raster, samples: null }, { ...raster, samples: null }, name);
      assert.ok(sameSamples(decoded.raster.samples, raster.samples), name);
      assert.deepEqual(
        decoded.container.metadata,
        metadata.map((payload) => Uint8Array.from(payload)),
        name,
      );
      const png = readFileSync(join(FILES, name)).length;
      assert.ok(bytes.length <= png + ALLOWANCE, `${name}: ${bytes.length} bytes, the PNG has ${png}`);
      files++;
      if (bytes.length < png) smaller++;
      for (const [kind, count] of Object.entries({ ...representations }))
        kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
    const stored = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
    context.diagnostic(`${files} files, ${smaller} of them smaller than the PNG; parts: ${stored}`);
    assert.ok(files > 150);
  },
);
