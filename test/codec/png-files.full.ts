import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { restoreSource } from '#pixrnn/codec/restore-source.js';
import { sourceFile } from '#pixrnn/codec/source-file.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { type ReadImage, readImage } from '#pixrnn/image/read-image.js';
import { sameSamples } from '#pixrnn/samples.js';
import { needsData, SHARED_DATA } from '../needs.js';

// Every kind of PNG file through the whole codec; test/image compares the read samples with another decoder.

const FILES = join(SHARED_DATA, 'formats');
/** Larger images are slow; smaller ones of every kind exist. */
const MAX_PIXELS = 5000;
/** Bytes that a .prnn file may exceed its PNG by: those of a stored source. */
const ALLOWANCE = 8;

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Reads an image; null if it is not a supported one. */
async function read(png: Uint8Array): Promise<ReadImage | null> {
  try {
    return await readImage(png);
  } catch (error) {
    if (error instanceof PixrnnError) return null;
    throw error;
  }
}

test(
  'restores every small PNG, some with their bytes, in a file that is hardly ever larger',
  { timeout: 300_000, skip: needsData('formats') },
  async (context) => {
    const names = readdirSync(FILES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'));
    const kinds = new Map<string, number>();
    let [files, smaller, exact] = [0, 0, 0];
    for (const name of names) {
      const png = readFileSync(join(FILES, name));
      const image = await read(png);
      if (!image || image.raster.width * image.raster.height > MAX_PIXELS) continue;
      const { raster, metadata } = image;
      const options = { metadata, source: sourceFile(name, png, image, {}), effort: 1, pool, verify: false } as const;
      const { bytes, restores, representations } = await compressRaster(raster, options);
      const decoded = await decompressToRaster(bytes, { pool });
      if (restores === 'file') {
        const restored = await restoreSource(decoded.container, decoded.raster);
        assert.ok(restored && png.equals(restored), name);
        exact++;
      }
      assert.deepEqual({ ...decoded.raster, samples: null }, { ...raster, samples: null }, name);
      assert.ok(sameSamples(decoded.raster.samples, raster.samples), name);
      assert.deepEqual(
        decoded.container.metadata,
        metadata.map((payload) => Uint8Array.from(payload)),
        name,
      );
      assert.ok(bytes.length <= png.length + ALLOWANCE, `${name}: ${bytes.length} bytes, the PNG has ${png.length}`);
      files++;
      if (bytes.length < png.length) smaller++;
      for (const [kind, count] of Object.entries({ ...representations }))
        kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
    const stored = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
    context.diagnostic(`${files} files, ${smaller} smaller than the PNG, ${exact} restore it; parts: ${stored}`);
    assert.ok(files > 150);
  },
);
