import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { decodeWithPngjs } from './pngjs.js';

/** PngSuite and other odd files, where this machine has them. */
const FOLDER = process.env['PIXRNN_PNG_FILES'] ?? '../shared/data/formats';

/** Null for the odd file that sharp reads and pngjs does not. */
function tryPngjs(png: Buffer, channels: 1 | 3): Uint8Array | null {
  try {
    return decodeWithPngjs(png, channels);
  } catch {
    return null;
  }
}

test('every file there is reads exactly or is refused', { skip: !existsSync(FOLDER) }, async (context) => {
  for (const folder of readdirSync(FOLDER)) {
    for (const name of readdirSync(join(FOLDER, folder)).filter((file) => file.endsWith('.png'))) {
      await context.test(`${folder}/${name}`, async () => {
        const png = readFileSync(join(FOLDER, folder, name));
        const read = await readImage(png).catch((error: unknown) => {
          assert.ok(error instanceof PixrnnError, String(error));
          return null;
        });
        if (read === null) return;
        const { raster, metadata } = read;
        const expected = tryPngjs(png, raster.channels);
        if (expected !== null) assert.deepEqual(raster.samples, expected);
        const written = await writePng(raster, metadata);
        assert.deepEqual((await readImage(written)).raster, raster);
        assert.deepEqual(metadataOf(written), metadataOf(png));
      });
    }
  }
});

/** All but header and image, with the place of the image. */
function metadataOf(png: Buffer): unknown {
  const { chunks, trailing } = readChunks(png);
  const list = chunks.filter(({ type }) => type !== 'IHDR').map(({ type, data }) => [type, Buffer.from(data)]);
  const image = list.findIndex(([type]) => type === 'IDAT');
  return [list.slice(0, image), list.slice(image).filter(([type]) => type !== 'IDAT'), Buffer.from(trailing)];
}
